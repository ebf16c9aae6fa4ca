// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

import java.time.Duration;

/**
 * Which runs go on at the same time. Runs of one group take turns; a group is known by its name, to all pipelines of a cloud that name it.
 *
 * @param group the group's name
 * @param scope whether the group is one, or one for each branch
 * @param policy what becomes of a run whose group is taken
 * @param waiting how long a run waits for its turn before it ends as a TIMEOUT
 */
public record Concurrency(String group, Scope scope, Policy policy, Duration waiting) {
    /** The most runs that go on in a group, or wait for it. */
    public static final int MOST = 1_000;

    /** What a group is for. */
    public enum Scope {
        /** One group. */
        ALL,
        /** A group for each branch, tag and change request of each repository. */
        BRANCH
    }

    /** What becomes of a run whose group is taken. */
    public sealed interface Policy {
        /**
         * It waits, first come, first served; one too many is rejected at once.
         *
         * @param waiting how many wait at most
         */
        record Queue(int waiting) implements Policy {
            /** Refuses a bound outside the limits. */
            public Queue {
                checkCount("a group's queue", waiting);
            }
        }

        /** The newest run ends those that wait and cancels the one that goes on, and begins when that has really stopped. */
        record Supersede() implements Policy {}

        /**
         * Several go on at once; more wait, first come, first served.
         *
         * @param runs how many go on at most
         */
        record Parallel(int runs) implements Policy {
            /** Refuses a number outside the limits. */
            public Parallel {
                checkCount("a group's parallel runs", runs);
            }
        }

        /** It is rejected at once. */
        record Reject() implements Policy {}

        private static void checkCount(String what, int count) {
            if (count < 1 || count > MOST) {
                throw new IllegalArgumentException(what + " are 1 to " + MOST + ", not " + count);
            }
        }
    }

    /** Refuses a name that is not usable and a time that nobody can wait. */
    public Concurrency {
        Names.check("group", group);
        Limits.check("the time that a run waits for its turn", waiting, Limits.LONGEST_APPROVAL);
    }

    /**
     * Runs one after the other; up to 100 wait, each a day at most.
     *
     * @param name the group's name
     * @return the concurrency
     */
    public static Concurrency group(String name) {
        return new Concurrency(name, Scope.ALL, new Policy.Queue(100), Duration.ofDays(1));
    }

    /**
     * The same, with a group of its own for each branch, tag and change request.
     *
     * @return the concurrency
     */
    public Concurrency perBranch() {
        return new Concurrency(group, Scope.BRANCH, policy, waiting);
    }

    /**
     * One after the other, in the order in which they came. One too many is rejected at once.
     *
     * @param most how many wait at most, 1 to 1,000
     * @return the concurrency
     */
    public Concurrency queueing(int most) {
        return new Concurrency(group, scope, new Policy.Queue(most), waiting);
    }

    /**
     * The newest alone: it ends those that wait, cancels the one that goes on, and begins when that has really stopped.
     *
     * @return the concurrency
     */
    public Concurrency superseding() {
        return new Concurrency(group, scope, new Policy.Supersede(), waiting);
    }

    /**
     * Several at once; more wait.
     *
     * @param most how many at once, 1 to 1,000
     * @return the concurrency
     */
    public Concurrency parallel(int most) {
        return new Concurrency(group, scope, new Policy.Parallel(most), waiting);
    }

    /**
     * One alone: while it goes on, others are rejected at once.
     *
     * @return the concurrency
     */
    public Concurrency rejecting() {
        return new Concurrency(group, scope, new Policy.Reject(), waiting);
    }

    /**
     * Waits another time for its turn; a day unless said otherwise.
     *
     * @param time more than zero, at most 365 days
     * @return the concurrency
     */
    public Concurrency waitingAtMost(Duration time) {
        return new Concurrency(group, scope, policy, time);
    }
}
