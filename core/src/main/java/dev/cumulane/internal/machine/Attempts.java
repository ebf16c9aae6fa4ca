// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

import dev.cumulane.pipeline.Digest;
import dev.cumulane.pipeline.Limits;
import dev.cumulane.pipeline.Retry;
import dev.cumulane.pipeline.Stage;
import dev.cumulane.run.Cause;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The rules of work: attempts of builds, tests and functions. */
public final class Attempts {
    /** How long a service may leave work unaccepted. */
    private static final Duration LONGEST_QUEUE = Duration.ofHours(1);

    private Attempts() {}

    /** What an event of an attempt changes; empty for other events. */
    static Optional<Change> fold(RunProgress run, RunEvent event, Instant at) {
        if (event instanceof RunEvent.StageScheduled scheduled) {
            int stage = run.known(scheduled.stage());
            StageSlot.Work work = new StageSlot.Work(Optional.empty(), Optional.empty());
            StageSlot next = run.slot(stage).begun(at).with(scheduled.attempt(), work);
            return Change.of(stage, next.in(Phase.SCHEDULED, at.plus(LONGEST_QUEUE)));
        }
        if (event instanceof RunEvent.WorkStarted started) {
            int stage = run.known(started.stage());
            StageSlot slot = run.slot(stage);
            Optional<StageSlot.Stop> stopping = slot.work().orElseThrow().stopping();
            StageSlot next = slot.with(started.attempt(), new StageSlot.Work(Optional.of(started.service()), stopping));
            return Change.of(
                    stage,
                    slot.phase() == Phase.STOPPING
                            ? next.in(Phase.STOPPING)
                            : next.in(Phase.WORKING, at.plus(limits(run, stage).within())));
        }
        if (event instanceof RunEvent.StopRequested stop) {
            int stage = run.known(stop.stage());
            StageSlot.Work work = new StageSlot.Work(
                    run.slot(stage).work().orElseThrow().service(), Optional.of(new StageSlot.Stop(stop.why(), at)));
            return Change.of(stage, run.slot(stage).with(stop.attempt(), work).in(Phase.STOPPING));
        }
        if (event instanceof RunEvent.RetryDelayed delayed) {
            int stage = run.known(delayed.stage());
            return Change.of(stage, run.slot(stage).in(Phase.RESTING, delayed.at()));
        }
        if (event instanceof RunEvent.AttemptFinished finished) {
            // What follows in the same record says the rest.
            int stage = run.known(finished.stage());
            return Change.of(stage, run.slot(stage));
        }
        return Optional.empty();
    }

    static void accept(Step step, int stage, Optional<Signal.ToStage> signal) {
        Signal.WorkAccepted accepted = (Signal.WorkAccepted) signal.orElseThrow();
        StageSlot slot = step.run().slot(stage);
        boolean isKnown = slot.work().flatMap(StageSlot.Work::service).isPresent();
        if (accepted.attempt() == slot.attempt() && !isKnown) {
            step.emit(stage, new RunEvent.WorkStarted(step.name(stage), accepted.attempt(), accepted.service()));
        }
    }

    static void refuse(Step step, int stage, Optional<Signal.ToStage> signal) {
        Signal.WorkRefused refused = (Signal.WorkRefused) signal.orElseThrow();
        if (refused.attempt() == step.run().slot(stage).attempt()) {
            endAttempt(step, stage, Verdict.of(Cause.REFUSED, refused.detail()));
        }
    }

    static void finishAttempt(Step step, int stage, Optional<Signal.ToStage> signal) {
        Signal.WorkFinished finished = (Signal.WorkFinished) signal.orElseThrow();
        StageSlot slot = step.run().slot(stage);
        if (finished.attempt() != slot.attempt()) {
            return;
        }
        Optional<Cause> stopping = slot.work().flatMap(StageSlot.Work::stopping).map(StageSlot.Stop::why);
        if (slot.skip().isPresent() && finished.verdict().cause() != Cause.COMPLETED) {
            step.finish(stage, slot.skip().get().verdict());
            return;
        }
        // Work that left no result after it was told to stop has ended for the reason for which it was stopped. Work
        // that left one has ended as it says.
        boolean wasStopped = stopping.isPresent() && finished.verdict().cause() == Cause.LOST_WORKER;
        endAttempt(
                step,
                stage,
                wasStopped ? Verdict.of(stopping.get(), stopped(step, stage, stopping.get())) : finished.verdict());
    }

    private static String stopped(Step step, int stage, Cause why) {
        if (why == Cause.REFUSED) {
            return "no service started it within " + LONGEST_QUEUE;
        }
        if (step.run().mustEnd(stage) && why == step.run().ending(stage)) {
            return "stopped, since " + step.run().whyEnding(stage);
        }
        // By now there may be another reason to stop it; this is the one for which it was stopped.
        return why == Cause.TIMED_OUT
                ? "stopped at its time limit of " + limits(step.run(), stage).within()
                : "stopped, since the run was to end";
    }

    private static void endAttempt(Step step, int stage, Verdict verdict) {
        int attempt = step.run().slot(stage).attempt();
        Retry retry = limits(step.run(), stage).retry();
        boolean again = attempt <= retry.times()
                && retry.after().contains(reason(verdict))
                && verdict.cause() != Cause.COMPLETED;
        if (again && !step.run().mustEnd(stage)) {
            step.emit(stage, new RunEvent.AttemptFinished(step.name(stage), attempt, verdict));
            Duration pause = pause(step, stage, retry.pause().before(attempt + 1));
            step.emit(
                    stage,
                    pause.isZero()
                            ? new RunEvent.StageScheduled(step.name(stage), attempt + 1)
                            : new RunEvent.RetryDelayed(
                                    step.name(stage), attempt + 1, step.at().plus(pause)));
        } else {
            step.finish(stage, verdict);
        }
    }

    /** The wait less up to half of it; by chance, but the same whenever it is asked for: chance has no place in the machine. */
    private static Duration pause(Step step, int stage, Duration whole) {
        String draw = step.run().run() + "/" + step.name(stage) + "/"
                + step.run().slot(stage).attempt();
        int chance = Digest.of(draw.getBytes(StandardCharsets.UTF_8)).hex().hashCode() & 0xffff;
        return whole.minus(whole.multipliedBy(chance).dividedBy(2 * 0x1_0000L));
    }

    static void again(Step step, int stage, Optional<Signal.ToStage> signal) {
        step.emit(
                stage,
                new RunEvent.StageScheduled(
                        step.name(stage), step.run().slot(stage).attempt() + 1));
    }

    private static Retry.On reason(Verdict verdict) {
        if (verdict.cause() == Cause.LOST_WORKER) {
            return Retry.On.LOST_WORKER;
        }
        return switch (verdict.outcome()) {
            case FAILURE -> Retry.On.FAILURE;
            case TIMEOUT -> Retry.On.TIMEOUT;
            default -> Retry.On.ERROR;
        };
    }

    private static Limits limits(RunProgress run, int stage) {
        Stage what = run.stage(stage);
        return limitsOf(what)
                .orElseThrow(() -> new IllegalStateException("stage '" + what.name() + "' has no attempts"));
    }

    /** The limits of a stage that has attempts. */
    public static Optional<Limits> limitsOf(Stage stage) {
        if (stage instanceof Stage.Build build) {
            return Optional.of(build.limits());
        }
        if (stage instanceof Stage.Test test) {
            return Optional.of(test.limits());
        }
        if (stage instanceof Stage.Child child) {
            return Optional.of(child.limits());
        }
        return stage instanceof Stage.Function function ? Optional.of(function.limits()) : Optional.empty();
    }

    static void stopUnstarted(Step step, int stage, Optional<Signal.ToStage> signal) {
        stop(step, stage, Cause.REFUSED);
    }

    static void stopLate(Step step, int stage, Optional<Signal.ToStage> signal) {
        stop(step, stage, Cause.TIMED_OUT);
    }

    static void stopCancelled(Step step, int stage, Optional<Signal.ToStage> signal) {
        stop(step, stage, step.run().ending(stage));
    }

    static void stop(Step step, int stage, Cause why) {
        step.emit(
                stage,
                new RunEvent.StopRequested(
                        step.name(stage), step.run().slot(stage).attempt(), why));
    }
}
