// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

import dev.cumulane.pipeline.Policy;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.Verdict;

/** How a group stands: what can be derived from the ends of its members. */
final class Gathering {
    private final Policy policy;
    private final int members;
    private int succeeded;
    private int leftOut;
    private int ended;

    Gathering(Policy policy, int members) {
        this.policy = policy;
        this.members = members;
    }

    void add(Verdict verdict) {
        ended++;
        if (verdict.outcome() == Outcome.SUCCESS) {
            succeeded++;
        } else if (verdict.cause().letsOthersGoOn()) {
            leftOut++;
        }
    }

    /** How many succeeded, as the policy counts: a member that was left out is none of those that must not fail. */
    private int counted() {
        return policy.atLeast().isPresent() ? succeeded : succeeded + leftOut;
    }

    private int needed() {
        return policy.atLeast().orElse(members);
    }

    /** Whether enough have succeeded. */
    boolean hasSucceeded() {
        return counted() >= needed();
    }

    /** Whether not enough can succeed any more. */
    boolean hasFailed() {
        return counted() + members - ended < needed();
    }

    /** Whether it can end: it succeeds at once, and fails when all that is wrong is known. */
    boolean canEnd() {
        return hasSucceeded() || ended == members;
    }

    /** Whether members that still go on are to be stopped. */
    boolean stopsTheRest() {
        return policy.stopsTheRest() && (hasSucceeded() || hasFailed());
    }

    /** Why they are stopped, for people. */
    String why(String group) {
        return hasSucceeded()
                ? "enough others of '" + group + "' had succeeded"
                : "'" + group + "' could not succeed any more";
    }

    Verdict verdict() {
        // Only a fan-out has nothing to gather.
        if (members == 0 && hasSucceeded()) {
            return Verdict.of(Cause.COMPLETED, "the list has no items");
        }
        String detail =
                succeeded + " of " + members + " succeeded" + (leftOut == 0 ? "" : ", " + leftOut + " were left out");
        return hasSucceeded()
                ? Verdict.of(Cause.COMPLETED, detail)
                : Verdict.of(Cause.TOO_FEW_SUCCEEDED, detail + "; " + needed() + " had to");
    }
}
