// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.endtoend;

import dev.cumulane.source.Repositories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The team's repository. Its build writes into a file outside of it, so that a build that took effect twice shows.
 *
 * @param directory the repository
 * @param ledger a line for each build that ran: the commit
 * @param gate while this file is there, builds do not end
 */
public record ShopRepository(Path directory, Path ledger, Path gate) {
    public static ShopRepository in(Path directory) throws IOException {
        Path own = Files.createDirectories(directory).toRealPath();
        Path repository = Repositories.create(own.resolve("acme/shop"));
        Path ledger = Files.createFile(own.resolve("ledger.txt"));
        Path gate = own.resolve("gate");
        Files.writeString(
                repository.resolve("build.sh"),
                "git rev-parse HEAD >>'" + ledger + "'\nwhile [ -e '" + gate
                        + "' ]; do sleep 0.05; done\ncat README >shop.jar\ngit rev-parse HEAD >>shop.jar\n");
        Repositories.git(repository, "add", "build.sh");
        Repositories.git(repository, "commit", "--quiet", "--message", "Build it");
        return new ShopRepository(repository, ledger, gate);
    }

    /** Commits; gives the commit's id. */
    public synchronized String commit(String message) {
        Repositories.git(directory, "commit", "--quiet", "--allow-empty", "--message", message);
        return Repositories.git(directory, "rev-parse", "HEAD");
    }

    /** How often a commit was built. */
    public long built(String commit) throws IOException {
        List<String> lines = Files.readAllLines(ledger);
        return lines.stream().filter(commit::equals).count();
    }
}
