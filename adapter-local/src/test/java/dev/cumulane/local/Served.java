// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local;

import dev.cumulane.cloud.contract.Awaiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A program's {@code serve} as a process of its own. */
final class Served {
    private static final Pattern ADDRESS = Pattern.compile("serves (http://127\\.0\\.0\\.1:[0-9]+); ");

    private final Process process;
    private final Path log;
    private final String address;

    private Served(Process process, Path log, String address) {
        this.process = process;
        this.log = log;
        this.address = address;
    }

    /**
     * Starts it in a directory, at any port that is free, and waits until it listens.
     *
     * @param program has the main method
     */
    static Served start(Path directory, Class<?> program) throws Exception {
        return start(directory, program, Map.of("CUMULANE_SECRET_HOOK", ServedProgram.SECRET));
    }

    /** The same, with these variables. */
    static Served start(Path directory, Class<?> program, Map<String, String> variables) throws Exception {
        Path log = Files.createTempFile(directory, "serve", ".log");
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        program.getName(),
                        "serve",
                        "--port",
                        "0"))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(variables);
        Process process = builder.start();
        try {
            Awaiting.until("serve listens", () -> {
                if (!process.isAlive()) {
                    throw new AssertionError("serve ended with " + process.exitValue() + ": " + Files.readString(log));
                }
                return ADDRESS.matcher(Files.readString(log)).find();
            });
        } catch (Exception | AssertionError e) {
            process.destroyForcibly();
            throw e;
        }
        Matcher matcher = ADDRESS.matcher(Files.readString(log));
        if (!matcher.find()) {
            throw new AssertionError("the log has changed: " + Files.readString(log));
        }
        return new Served(process, log, matcher.group(1));
    }

    /** Where it listens, such as {@code http://127.0.0.1:4711}. */
    String address() {
        return address;
    }

    /** What it printed. */
    String output() throws IOException {
        return Files.readString(log);
    }

    /** {@code kill -9}. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** {@code kill}; gives the exit code. */
    int terminate() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            throw new AssertionError("serve did not end");
        }
        return process.exitValue();
    }
}
