// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

import java.util.Optional;

/**
 * How many stages of a group must succeed, and what becomes of the rest once that is certain.
 *
 * <p>Without a number, none may fail; a member that was left out by a condition of its own counts as one that succeeded.
 *
 * @param atLeast how many must succeed; empty for all
 * @param stopsTheRest whether members that still go on are stopped as soon as the group's end is certain
 */
public record Policy(Optional<Integer> atLeast, boolean stopsTheRest) {
    /** Refuses a negative number. */
    public Policy {
        atLeast.filter(number -> number < 0).ifPresent(number -> {
            throw new IllegalArgumentException("at least " + number + " of a group cannot succeed: choose 0 or more");
        });
    }

    /**
     * All must succeed. The others go on when one fails, so that all that is wrong is known.
     *
     * @return the policy
     */
    public static Policy all() {
        return new Policy(Optional.empty(), false);
    }

    /**
     * So many must succeed; what comes after goes on as soon as they have. The rest goes on, too.
     *
     * @param number 0 for a group that bears any failure, at most the number of its members
     * @return the policy
     */
    public static Policy atLeast(int number) {
        return new Policy(Optional.of(number), false);
    }

    /**
     * The same, and what still goes on is stopped as soon as the group's end is certain.
     *
     * @return the policy
     */
    public Policy stoppingTheRest() {
        return new Policy(atLeast, true);
    }

    /**
     * All must succeed, and the first failure stops the others.
     *
     * @return the policy
     */
    public static Policy failingFast() {
        return all().stoppingTheRest();
    }
}
