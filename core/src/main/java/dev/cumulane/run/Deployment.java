// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.run;

import java.time.Instant;

/**
 * A finished deployment, as its environment remembers it. A rollback is one, too: of the last good release.
 *
 * @param run the run that deployed
 * @param stage its deploy stage
 * @param kind whether it brought a release or gave the last good one back
 * @param release what was deployed
 * @param cause how it ended
 * @param detail one line for people; may be empty
 * @param by who asked for the run, or pushed what it is for
 * @param at when it ended
 */
public record Deployment(
        RunId run, String stage, Kind kind, Release release, Cause cause, String detail, String by, Instant at) {
    /** What a deployment is for. */
    public enum Kind {
        /** It brings a release. */
        RELEASE,
        /** It gives all the traffic back to the last good release. */
        ROLLBACK
    }

    /**
     * How it ended.
     *
     * @return the outcome
     */
    public Outcome outcome() {
        return cause.outcome();
    }

    /**
     * This deployment's release given back to its environment by another one that did not succeed.
     *
     * @param other the one that failed
     * @return the rollback
     */
    public Deployment givenBackBy(Deployment other) {
        String why = other.run() + " did not succeed: " + other.detail();
        return new Deployment(
                other.run(), other.stage(), Kind.ROLLBACK, release, Cause.COMPLETED, why, other.by(), other.at());
    }
}
