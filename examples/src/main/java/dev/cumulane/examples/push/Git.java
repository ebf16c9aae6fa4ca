// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.examples.push;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cumulane.cloud.CloudException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs {@code git} as Ada, whatever the user configured for commits of their own: hooks of theirs, signing, line ends. */
final class Git {
    private static final Map<String, String> ADA = Map.of(
            "GIT_AUTHOR_NAME", "Ada Example",
            "GIT_AUTHOR_EMAIL", "ada@example.com",
            "GIT_COMMITTER_NAME", "Ada Example",
            "GIT_COMMITTER_EMAIL", "ada@example.com",
            "GIT_CONFIG_NOSYSTEM", "1",
            "GIT_CONFIG_GLOBAL", "/dev/null",
            "GIT_TERMINAL_PROMPT", "0",
            "LC_ALL", "C");

    private Git() {}

    /**
     * Runs it to its end.
     *
     * @param in where
     * @param words its arguments
     * @return all that it said, its complaints and what hooks said among it
     * @throws CloudException permanent, if {@code git} is missing or fails
     */
    static String git(Path in, String... words) {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(words));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(in.toFile()).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
        builder.environment().putAll(ADA);
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
            int exit = process.onExit().join().exitValue();
            if (exit != 0) {
                throw CloudException.permanent("git", "git " + words[0] + " exited with " + exit + ": " + output);
            }
            return output;
        } catch (IOException e) {
            throw CloudException.permanent("git", "cannot run git, which the examples need: " + e.getMessage(), e);
        }
    }
}
