// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

import dev.cumulane.run.RunId;

/**
 * Who has a lock or waits for it.
 *
 * @param run the run
 * @param stage its deploy stage, for an environment; empty for the run itself, in a group of runs
 */
public record Claimant(RunId run, String stage) {
    /** A run in its group. */
    public static Claimant of(RunId run) {
        return new Claimant(run, "");
    }

    /** Whether this is a run in its group: it asks once in its life. */
    public boolean isRun() {
        return stage.isEmpty();
    }
}
