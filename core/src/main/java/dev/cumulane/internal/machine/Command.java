// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.RunEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Something to be done. Each follows from the state alone, so that it can be found again after a crash and done again. */
public sealed interface Command {
    /** Find out how many items a stage's list has. */
    record CountItems(String stage) implements Command {}

    /** Look for a past success. */
    record Recall(String stage, Digest key) implements Command {}

    /** Keep a success for later runs. */
    record Remember(String stage, Digest key) implements Command {}

    /** Start an attempt's work. */
    record StartWork(String stage, int attempt) implements Command {}

    /** See to it that an attempt never starts, or stops. */
    record StopWork(String stage, int attempt, Optional<String> service, Cause why) implements Command {}

    /** Ask for an environment's lock. */
    record AskEnvironment(String stage, String environment) implements Command {}

    /** Give an environment's lock back. */
    record ReleaseEnvironment(String stage, String environment) implements Command {}

    /** Ask for the run's turn in its group. */
    record AskTurn(String group, Terms terms) implements Command {}

    /** Do a step of a deployment. */
    record BeginStep(String stage, int index, RunEvent.Step step, int percent, long fence, Optional<String> version)
            implements Command {}

    /** Find out what became of a step of a deployment that has passed its limit. */
    record LookAtStep(BeginStep step) implements Command {}

    /**
     * Look at an alarm now and then, while a deployment holds.
     *
     * @param index the step before the hold
     * @param until the end of the hold
     * @param holds how long it takes in all
     * @param every the time between two looks
     */
    record WatchAlarm(
            String stage, int index, String environment, String alarm, Instant until, Duration holds, Duration every)
            implements Command {}

    /** Signal {@link Signal.Woken} at an instant. */
    record WakeAt(Instant at) implements Command {}

    /** The run has ended: give its turn in its group up, if it asked for one, and then take it off the open ones. */
    record Conclude(Outcome outcome, Optional<String> group) implements Command {}
}
