// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud.contract;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for what must come, with a deadline. */
public final class Awaiting {
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private Awaiting() {}

    /**
     * Waits until something is so.
     *
     * @param what what must come, for the message
     * @param condition whether it is so
     * @throws Exception what the condition threw, or an {@link AssertionError} after half a minute
     */
    public static void until(String what, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("did not come within " + DEADLINE.toSeconds() + " s: " + what);
            }
            LockSupport.parkNanos(5_000_000);
        }
    }
}
