// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

import dev.cumulane.run.Outcome;
import dev.cumulane.run.RunEvent;
import java.time.Instant;
import java.util.Optional;

/**
 * What a run remembers that is not about a stage. Immutable, as a {@link StageSlot} is.
 *
 * @param started how the run began
 * @param startedAt when
 * @param changedAt the time of the last record
 * @param turn its turn in its group, if it has one
 * @param cancelled who cancelled it, if somebody did
 * @param late which time limit was reached last, if one was
 * @param until when the next limit is reached, if there is one
 * @param outcome how it ended, once it has
 */
public record RunHead(
        Optional<RunEvent.RunStarted> started,
        Optional<Instant> startedAt,
        Instant changedAt,
        Optional<Turns.Turn> turn,
        Optional<RunEvent.CancellationRequested> cancelled,
        Optional<RunEvent.Limited> late,
        Optional<Instant> until,
        Optional<Outcome> outcome) {
    static final RunHead NONE = new RunHead(
            Optional.empty(),
            Optional.empty(),
            Instant.EPOCH,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    RunHead at(Instant now) {
        return new RunHead(started, startedAt, now, turn, cancelled, late, until, outcome);
    }

    RunHead begun(RunEvent.RunStarted event, Optional<Instant> limit) {
        return new RunHead(
                Optional.of(event), Optional.of(changedAt), changedAt, turn, cancelled, late, limit, outcome);
    }

    RunHead turn(Turns.Turn next, Optional<Instant> limit) {
        return new RunHead(started, startedAt, changedAt, Optional.of(next), cancelled, late, limit, outcome);
    }

    RunHead cancelled(RunEvent.CancellationRequested event) {
        return new RunHead(started, startedAt, changedAt, turn, Optional.of(event), late, Optional.empty(), outcome);
    }

    RunHead late(RunEvent.Limited limited) {
        return new RunHead(
                started, startedAt, changedAt, turn, cancelled, Optional.of(limited), Optional.empty(), outcome);
    }

    RunHead until(Instant limit) {
        return new RunHead(started, startedAt, changedAt, turn, cancelled, late, Optional.of(limit), outcome);
    }

    RunHead ended(Outcome how) {
        return new RunHead(started, startedAt, changedAt, turn, cancelled, late, Optional.empty(), Optional.of(how));
    }
}
