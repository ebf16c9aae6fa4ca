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
        until(what, DEADLINE, condition);
    }

    /**
     * Waits until something is so that takes its time.
     *
     * @param what what must come, for the message
     * @param atMost how long it may take
     * @param condition whether it is so
     * @throws Exception what the condition threw, or an {@link AssertionError} when the time is up
     */
    public static void until(String what, Duration atMost, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("did not come within " + atMost.toSeconds() + " s: " + what);
            }
            LockSupport.parkNanos(5_000_000);
        }
    }
}
