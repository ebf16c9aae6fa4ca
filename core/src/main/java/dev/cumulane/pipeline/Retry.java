// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How often a stage is tried again, and after what.
 *
 * @param times further attempts after the first, 0 to {@value #MOST}
 * @param after what is worth another attempt, in the order of the enum
 * @param pause how long to wait before the next
 */
public record Retry(int times, List<On> after, Pause pause) {
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
     * How long to wait between attempts. Each wait is twice the one before, up to the longest, less up to half of it by chance, so that many that failed together do not
     * come back together.
     *
     * @param first before the second attempt; zero for no waiting at all
     * @param longest before any
     */
    public record Pause(Duration first, Duration longest) {
        private static final Pause NONE = new Pause(Duration.ZERO, Duration.ZERO);

        /** Refuses negative times, and more than a day. */
        public Pause {
            if (first.isNegative() || longest.compareTo(first) < 0 || longest.compareTo(Duration.ofDays(1)) > 0) {
                throw new IllegalArgumentException(
                        "waiting " + first + " and at most " + longest
                                + " between attempts is not possible: from zero to one day, the longest not shorter than the first");
            }
        }

        /**
         * The whole wait before an attempt.
         *
         * @param attempt 2 for the second
         * @return the time, of which up to half is taken off by chance
         */
        public Duration before(int attempt) {
            Duration time = first;
            for (int i = 2; i < attempt && time.compareTo(longest) < 0; i++) {
                time = time.multipliedBy(2);
            }
            return time.compareTo(longest) < 0 ? time : longest;
        }
    }

    /**
     * No second attempt.
     *
     * @return the policy
     */
    public static Retry never() {
        return new Retry(0, List.of(), Pause.NONE);
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
        return new Retry(times, List.of(), Pause.NONE);
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

    /**
     * Waits before the second attempt, twice as long before the third and so on, but never longer than a day.
     *
     * @param first before the second attempt
     * @return the policy
     */
    public Retry waiting(Duration first) {
        return waiting(first, Duration.ofDays(1));
    }

    /**
     * Waits before the second attempt, and twice as long before each further.
     *
     * @param first before the second attempt
     * @param longest before any; at most a day
     * @return the policy
     */
    public Retry waiting(Duration first, Duration longest) {
        return new Retry(times, after, new Pause(first, longest));
    }

    private Retry also(On one) {
        List<On> more = new ArrayList<>(after);
        more.add(one);
        return new Retry(times, more, pause);
    }
}
