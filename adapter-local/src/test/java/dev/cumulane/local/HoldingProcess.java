// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local;

import java.io.IOException;
import java.nio.file.Path;

/** A process of its own that takes the engine's lock, says {@code held}, and keeps it until its input ends. */
final class HoldingProcess {
    private HoldingProcess() {}

    /**
     * Runs it.
     *
     * @param arguments the state directory
     * @throws IOException if its input cannot be read
     */
    public static void main(String[] arguments) throws IOException {
        try (EngineLock lock = EngineLock.tryAcquire(Path.of(arguments[0])).orElseThrow()) {
            System.out.println("held");
            if (System.in.read() >= 0) {
                throw new IllegalStateException("asked something while holding " + lock.getClass());
            }
        }
    }
}
