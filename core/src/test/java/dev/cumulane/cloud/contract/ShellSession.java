// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud.contract;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * A build's container, for a service that is a fake: a session of processes, whose first is {@code /bin/sh} with a script, in an empty directory and with no variables but those it is
 * given. What it prints goes into a file, with secrets masked. One thread at a time.
 */
public final class ShellSession {
    private static final int PRINTED_WITHIN_MILLIS = 1000;

    private final Process process;
    private final Thread printer;

    private ShellSession(Process process, Thread printer) {
        this.process = process;
        this.printer = printer;
    }

    /**
     * Begins a script.
     *
     * @param script what {@code /bin/sh} runs
     * @param variables its environment
     * @param masked what the log does not show
     * @param directory of this build alone; its {@code workspace} is the script's
     * @return the session
     */
    public static ShellSession begin(
            String script, Map<String, String> variables, Collection<String> masked, Path directory) {
        try {
            Path workspace = Files.createDirectories(directory.resolve("workspace"));
            Path file = Files.writeString(directory.resolve("script.sh"), script);
            ProcessBuilder builder = new ProcessBuilder("setsid", "/bin/sh", file.toString())
                    .directory(workspace.toFile())
                    .redirectErrorStream(true)
                    .redirectInput(Path.of("/dev/null").toFile());
            builder.environment().keySet().retainAll(List.of("PATH"));
            builder.environment().put("HOME", directory.toString());
            builder.environment().putAll(variables);
            Process started = builder.start();
            Thread printer = new Thread(() -> print(started, List.copyOf(masked), log(directory)), "build-log");
            printer.setDaemon(true);
            printer.start();
            return new ShellSession(started, printer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Where a build's output is.
     *
     * @param directory the build's
     * @return the file
     */
    public static Path log(Path directory) {
        return directory.resolve("log.txt");
    }

    /**
     * The script's process.
     *
     * @return the process
     */
    public Process process() {
        return process;
    }

    /** Ends whatever still runs of it: its container is gone. */
    public void end() {
        try {
            new ProcessBuilder("/bin/sh", "-c", "kill -s KILL -- -" + process.pid() + " 2>/dev/null")
                    .start()
                    .waitFor();
            // What outlives the build may hold its output open; its lines are nobody's.
            printer.join(PRINTED_WITHIN_MILLIS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void print(Process started, List<String> masked, Path file) {
        try (BufferedReader lines = started.inputReader();
                BufferedWriter log = Files.newBufferedWriter(file)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                for (String secret : masked) {
                    line = line.replace(secret, "***");
                }
                log.write(line);
                log.newLine();
                log.flush();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
