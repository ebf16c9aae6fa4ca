// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.people;

import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.RunId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Asks one person for one vote.
 *
 * @param run the run
 * @param stage the approval
 * @param person the name by which the approval knows the person
 * @param subject what is to be decided: a vote on anything else does not count
 * @param until when the approval expires, in whole seconds
 */
public record Invitation(RunId run, String stage, String person, Digest subject, Instant until) {
    /** Cuts the time to seconds. */
    public Invitation {
        until = until.truncatedTo(ChronoUnit.SECONDS);
    }
}
