// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import dev.cumulane.cloud.CloudException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** The git executable, called with a list of arguments and never through a shell. */
final class Git {
    private static final int MOST_OUTPUT = 16 * 1024 * 1024;

    private final String executable;
    private final Duration patience;

    Git(String executable, Duration patience) {
        this.executable = executable;
        this.patience = patience;
    }

    /** The one on the path, given a minute. */
    static Git onPath() {
        return new Git("git", Duration.ofMinutes(1));
    }

    /**
     * What a call printed.
     *
     * @param succeeded whether it ended with 0
     * @param out its standard output
     * @param err its standard error
     */
    record Answer(boolean succeeded, String out, String err) {
        /** The line of its errors that says most, for a message. */
        String complaint() {
            List<String> lines =
                    err.lines().map(Text::clean).filter(line -> !line.isBlank()).toList();
            return Text.cut(
                    lines.stream()
                            .filter(line -> line.startsWith("fatal:") || line.startsWith("error:"))
                            .findFirst()
                            .map(line -> line.substring(6).strip())
                            .orElse(lines.isEmpty() ? "git said no more" : lines.get(0)),
                    200);
        }
    }

    /** Calls git in a directory. */
    Answer in(Path directory, String... arguments) {
        List<String> words = new ArrayList<>(List.of("-C", directory.toString()));
        words.addAll(List.of(arguments));
        return call(words);
    }

    /** Calls git in no particular directory. */
    Answer anywhere(String... arguments) {
        return call(List.of(arguments));
    }

    private Answer call(List<String> arguments) {
        List<String> command =
                new ArrayList<>(List.of(executable, "-c", "protocol.ext.allow=never", "-c", "core.fsmonitor=false"));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        // A hook's variables would turn -C into nothing; a question would wait for an answer that cannot come.
        List.of("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX")
                .forEach(builder.environment().keySet()::remove);
        builder.environment().putAll(Map.of("GIT_TERMINAL_PROMPT", "0", "GIT_OPTIONAL_LOCKS", "0", "LC_ALL", "C"));
        try {
            Process process = builder.start();
            FutureTask<String> err = reading(process.getErrorStream());
            FutureTask<String> out = reading(process.getInputStream());
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                throw CloudException.retryable(
                        "git",
                        "git " + Text.clean(arguments.get(0)) + " did not answer within " + Text.duration(patience),
                        new IOException("no answer"));
            }
            return new Answer(process.exitValue() == 0, out.get(), err.get());
        } catch (IOException e) {
            throw CloudException.permanent(
                    "git", "could not run the git executable, which is needed on the PATH: " + e.getMessage(), e);
        } catch (ExecutionException e) {
            throw CloudException.retryable("git", "could not read what git printed: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CloudException.retryable("git", "interrupted while git was running", e);
        }
    }

    /** Reads on a thread of its own: git writes to both streams, and waits for whoever does not read. */
    private static FutureTask<String> reading(InputStream stream) {
        FutureTask<String> text = new FutureTask<>(() -> {
            try (stream) {
                return new String(stream.readNBytes(MOST_OUTPUT), StandardCharsets.UTF_8);
            }
        });
        Thread thread = new Thread(text, "cumulane-git-output");
        thread.setDaemon(true);
        thread.start();
        return text;
    }
}
