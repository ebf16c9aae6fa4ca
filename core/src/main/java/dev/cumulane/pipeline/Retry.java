// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

import java.util.ArrayList;
import java.util.List;

/**
 * How often a stage is tried again, and after what.
 *
 * @param times further attempts after the first, 0 to {@value #MOST}
 * @param after what is worth another attempt, in the order of the enum
 */
public record Retry(int times, List<On> after) {
    /** The most further attempts. */
    public static final int MOST = 10;

    /** What an attempt can end with that is worth another. */
    public enum On {
        /** The worker ended and left no result. */
        LOST_WORKER,
        /** The work said no. */
        FAILURE,
        /** The time limit passed. */
        TIMEOUT,
        /** Something else than the work failed: a checkout, an input, the service's refusal. */
        ERROR
    }

    /** Sorts what it retries after and refuses a count outside the limits. */
    public Retry {
        if (times < 0 || times > MOST) {
            throw new IllegalArgumentException("a stage can be retried 0 to " + MOST + " times, not " + times);
        }
        after = after.stream().distinct().sorted().toList();
    }

    /**
     * No second attempt.
     *
     * @return the policy
     */
    public static Retry never() {
        return new Retry(0, List.of());
    }

    /**
     * One further attempt; say after what.
     *
     * @return the policy
     */
    public static Retry once() {
        return times(1);
    }

    /**
     * Two further attempts; say after what.
     *
     * @return the policy
     */
    public static Retry twice() {
        return times(2);
    }

    /**
     * Further attempts; say after what.
     *
     * @param times how many, 1 to {@value #MOST}
     * @return the policy
     */
    public static Retry times(int times) {
        if (times < 1) {
            throw new IllegalArgumentException("a stage can be retried 1 to " + MOST + " times, not " + times);
        }
        return new Retry(times, List.of());
    }

    /**
     * Also after a lost worker.
     *
     * @return the policy
     */
    public Retry onLostWorker() {
        return also(On.LOST_WORKER);
    }

    /**
     * Also after a failure of the work itself.
     *
     * @return the policy
     */
    public Retry onFailure() {
        return also(On.FAILURE);
    }

    /**
     * Also after the time limit passed.
     *
     * @return the policy
     */
    public Retry onTimeout() {
        return also(On.TIMEOUT);
    }

    /**
     * Also after an error that is not the work's.
     *
     * @return the policy
     */
    public Retry onError() {
        return also(On.ERROR);
    }

    private Retry also(On one) {
        List<On> more = new ArrayList<>(after);
        more.add(one);
        return new Retry(times, more);
    }
}
