// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local;

import dev.cumulane.local.cli.Terminal;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.source.Repositories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/**
 * Somebody who types commands of a program, with a repository of one commit and a state directory.
 *
 * @param repository the repository
 * @param state the state directory
 * @param cloud the program's own cloud
 */
record Typist(Path repository, Path state, Supplier<LocalCloud> cloud) {
    static Typist in(Path directory) throws IOException {
        Path repository = Repositories.create(directory.resolve("shop")).toRealPath();
        return new Typist(repository, directory.resolve("state"), () -> LocalCloud.at(directory.resolve("unused")));
    }

    /** The same, with a program whose cloud has more. */
    Typist with(Supplier<LocalCloud> other) {
        return new Typist(repository, state, other);
    }

    /** The same, with another state directory. */
    Typist at(Path other) {
        return new Typist(repository, other, cloud);
    }

    /** Types a command of a program with this pipeline, and waits for its exit code. */
    int type(Supplier<Pipeline> pipeline, Terminal on, String... words) {
        List<String> all = new ArrayList<>(List.of("--state", state.toString()));
        all.addAll(List.of(words));
        return Cumulane.run(
                on.console(), all.toArray(String[]::new), cloud, () -> List.of(pipeline.get()), engine -> engine);
    }

    void commit(String file, String content) throws IOException {
        Files.writeString(repository.resolve(file), content);
        Repositories.git(repository, "add", file);
        Repositories.git(repository, "commit", "--quiet", "--message", "Change " + file);
    }

    /** On a thread of its own: the common pool may have but one. */
    static Future<Integer> inBackground(Callable<Integer> command) {
        FutureTask<Integer> task = new FutureTask<>(command);
        new Thread(task, "command").start();
        return task;
    }
}
