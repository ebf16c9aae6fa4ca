// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.blueprint;

import dev.cumulane.cloud.CloudException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * How often and how long to look at something that changes.
 *
 * @param pause between two looks
 * @param patience in all
 */
record Pace(Duration pause, Duration patience) {
    /** Every four seconds, for an hour: a stack of this size takes three minutes. */
    static final Pace USUAL = new Pace(Duration.ofSeconds(4), Duration.ofHours(1));

    private static final int MOST_FAILURES = 10;

    Waiting begin(String what) {
        return new Waiting(what, System.nanoTime());
    }

    /** One wait. */
    final class Waiting {
        private final String what;
        private final long began;
        private int failures;

        private Waiting(String what, long began) {
            this.what = what;
            this.began = began;
        }

        /** A look that may fail now and then: nothing is lost by looking again. */
        <T> T patiently(Supplier<T> look) {
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

        void pause() {
            if (System.nanoTime() - began > patience.toNanos()) {
                throw CloudException.retryable(
                        "CloudFormation",
                        what + " still changes after " + patience
                                + "; it goes on by itself, call this again to follow it");
            }
            LockSupport.parkNanos(pause.toNanos());
            if (Thread.interrupted()) {
                Thread.currentThread().interrupt();
                throw CloudException.retryable("CloudFormation", "interrupted while " + what + " was changing");
            }
        }
    }
}
