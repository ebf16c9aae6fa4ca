// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

import java.time.Duration;
import java.util.Optional;

/**
 * How long a run may take.
 *
 * @param within how long from its beginning until what still goes on is stopped, if there is a limit; waiting for people counts
 * @param cleanUp how long stages that always run, or run on failure, may take together in a run that is cancelled or whose time is over, from when all else has stopped
 */
public record RunLimits(Optional<Duration> within, Duration cleanUp) {
    /** No limit for the run, an hour for cleaning up. */
    static final RunLimits USUAL = new RunLimits(Optional.empty(), Duration.ofHours(1));

    /** Refuses times of zero or less, and ones that nobody can wait for. */
    public RunLimits {
        within.ifPresent(time -> Limits.check("a run's time limit", time, Limits.LONGEST_APPROVAL));
        Limits.check("the time to clean up", cleanUp, Limits.LONGEST_HOLD);
    }
}
