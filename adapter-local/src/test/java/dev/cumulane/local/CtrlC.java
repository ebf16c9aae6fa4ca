// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Ctrl-C for another process. What a shell without job control starts in the background is deaf to SIGINT, and so are its children, JVMs among them; there SIGTERM, which
 * a JVM takes in the same way, stands in for it.
 */
final class CtrlC {
    private static final String IGNORED = "SigIgn:";
    private static final int SIGINT = 2;
    private static final int SIGTERM = 15;

    private CtrlC() {}

    /**
     * Interrupts a program.
     *
     * @return the exit code of a JVM that ends of it
     */
    static int press(Process program) throws IOException, InterruptedException {
        int signal = isDeaf(program) ? SIGTERM : SIGINT;
        int code = new ProcessBuilder("kill", "-" + signal, Long.toString(program.pid()))
                .start()
                .waitFor();
        if (code != 0) {
            throw new AssertionError("kill -" + signal + " " + program.pid() + " ended with " + code);
        }
        return 128 + signal;
    }

    /** False where there is no such file: then we do not know better. */
    private static boolean isDeaf(Process program) throws IOException {
        Path status = Path.of("/proc", Long.toString(program.pid()), "status");
        return Files.exists(status)
                && Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith(IGNORED))
                        .map(line -> Long.parseUnsignedLong(
                                line.substring(IGNORED.length()).strip(), 16))
                        .anyMatch(mask -> (mask >>> (SIGINT - 1) & 1) == 1);
    }
}
