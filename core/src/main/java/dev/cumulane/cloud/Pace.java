// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * How often and how long to look at something in a cloud that changes. For {@linkplain Installer installers}, on their thread.
 *
 * @param pause between two looks
 * @param patience in all
 */
public record Pace(Duration pause, Duration patience) {
    /** Every four seconds, for an hour: an installation takes some minutes. */
    public static final Pace USUAL = new Pace(Duration.ofSeconds(4), Duration.ofHours(1));

    private static final int MOST_FAILURES = 10;

    /**
     * Begins to wait.
     *
     * @param service which service changes it, for messages
     * @param what what changes, for messages
     * @return the wait
     */
    public Waiting begin(String service, String what) {
        return new Waiting(service, what, System.nanoTime());
    }

    /** One wait. */
    public final class Waiting {
        private final String service;
        private final String what;
        private final long began;
        private int failures;

        private Waiting(String service, String what, long began) {
            this.service = service;
            this.what = what;
            this.began = began;
        }

        /**
         * A look that may fail now and then: nothing is lost by looking again.
         *
         * @param look looks
         * @param <T> what it sees
         * @return what it saw
         * @throws CloudException if it fails for good, or too often
         */
        public <T> T patiently(Supplier<T> look) {
            while (true) {
                try {
                    return look.get();
                } catch (CloudException e) {
                    failures++;
                    if (!e.retryable() || failures > MOST_FAILURES) {
                        throw e;
                    }
                    pause();
                }
            }
        }

        /**
         * Waits until the next look is due.
         *
         * @throws CloudException if it takes too long, or the thread is interrupted
         */
        public void pause() {
            if (System.nanoTime() - began > patience.toNanos()) {
                throw CloudException.retryable(
                        service,
                        what + " still changes after " + patience
                                + "; it goes on by itself, call this again to follow it");
            }
            LockSupport.parkNanos(pause.toNanos());
            if (Thread.interrupted()) {
                Thread.currentThread().interrupt();
                throw CloudException.retryable(service, "interrupted while " + what + " was changing");
            }
        }
    }
}
