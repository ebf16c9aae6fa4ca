// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

/** What can happen to a stage. */
public enum Cue {
    /** All before it has ended. */
    OPEN,
    /** {@link Signal.Counted}. */
    COUNTED,
    /** {@link Signal.Recalled}. */
    RECALLED,
    /** {@link Signal.WorkAccepted}. */
    ACCEPTED,
    /** {@link Signal.WorkRefused}. */
    REFUSED,
    /** {@link Signal.WorkFinished}. */
    RESULT,
    /** {@link Signal.VoteCast}. */
    VOTE,
    /** {@link Signal.SkipAsked}. */
    SKIP,
    /** {@link Signal.Granted}. */
    GRANTED,
    /** {@link Signal.StepOver}. */
    STEP_OVER,
    /** {@link Signal.StepLost}. */
    STEP_LOST,
    /** {@link Signal.AlarmRang}. */
    ALARM,
    /** Its deadline has passed. */
    DUE,
    /** The run is cancelled and the stage is not one that always runs. */
    CANCEL
}
