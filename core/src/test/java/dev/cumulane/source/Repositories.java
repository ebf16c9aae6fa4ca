// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Real repositories for tests. */
public final class Repositories {
    private Repositories() {}

    /** A repository with one commit on {@code main}. */
    public static Path create(Path directory) throws IOException {
        Files.createDirectories(directory);
        git(directory, "init", "--quiet", "--initial-branch=main");
        Files.writeString(directory.resolve("README"), "A shop.\n");
        git(directory, "add", "README");
        git(directory, "commit", "--quiet", "--message", "Open the shop");
        return directory;
    }

    /** Calls git as a user without a configuration. */
    public static String git(Path directory, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                "git",
                "-C",
                directory.toString(),
                "-c",
                "user.name=ada",
                "-c",
                "user.email=ada@example.com",
                "-c",
                "commit.gpgsign=false"));
        command.addAll(List.of(arguments));
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(out).isZero();
            return out;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
