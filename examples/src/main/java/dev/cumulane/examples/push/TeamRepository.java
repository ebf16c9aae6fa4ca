// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.examples.push;

import dev.cumulane.examples.greeting.SampleRepository;
import dev.cumulane.examples.greeting.SampleRepository.Version;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The team's repository, bare, with a hook that tells of each push, and Ada's clone of it.
 *
 * @param server the bare repository
 * @param desk the clone
 */
record TeamRepository(Path server, Path desk) {
    /** The name under which the forge knows it. */
    static final String FULL_NAME = "acme/greeting";

    private static final String MAIN = "refs/heads/main";

    /** The repository below this directory; nothing needs to be there yet. */
    static TeamRepository below(Path state) {
        Path root = state.toAbsolutePath().normalize();
        return new TeamRepository(root.resolve(FULL_NAME + ".git"), root.resolve("clone"));
    }

    /** Makes what is not there yet. The clone holds the greeting service; the server does not, before the first push. */
    void create() throws IOException {
        Files.createDirectories(server);
        Git.git(server, "init", "--quiet", "--bare", "--template=");
        if (!Files.exists(desk)) {
            SampleRepository sample = SampleRepository.at(desk.resolveSibling("sample"));
            sample.commit(Version.GREETING);
            Git.git(
                    server,
                    "clone",
                    "--quiet",
                    "--branch",
                    "main",
                    sample.directory().toString(),
                    desk.toString());
        }
    }

    /** From now on each push is told to this address, signed with the secret in that file. */
    void tell(URI hook, Path secret) throws IOException {
        String command = Stream.of(List.of("exec"), Jvm.command(PostReceive.class, hook.toString(), secret.toString()))
                .flatMap(List::stream)
                .map(TeamRepository::quoted)
                .collect(Collectors.joining(" "));
        Path file = Files.createDirectories(server.resolve("hooks")).resolve("post-receive");
        Files.writeString(file, "#!/bin/sh\n# Tells of a push as GitHub does.\n" + command + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Commits a change in Ada's clone; gives the commit's id. */
    String change() throws IOException {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        Files.writeString(desk.resolve("README.md"), "\nSeen to at " + now + ".\n", StandardOpenOption.APPEND);
        Git.git(desk, "commit", "--quiet", "--all", "--message", "Say when it was seen to");
        return Git.git(desk, "rev-parse", "HEAD");
    }

    /** Pushes; gives what Git and the hook said. */
    List<String> push() {
        return Git.git(desk, "push", server.toString(), "HEAD:" + MAIN).lines().toList();
    }

    /** The heads on the server, by branch. */
    Map<String, String> branches() {
        Map<String, String> heads = new TreeMap<>();
        Git.git(server, "for-each-ref", "--format=%(refname:short) %(objectname)", "refs/heads")
                .lines()
                .map(line -> line.split(" ", 2))
                .forEach(words -> heads.put(words[0], words[1]));
        return heads;
    }

    private static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }
}
