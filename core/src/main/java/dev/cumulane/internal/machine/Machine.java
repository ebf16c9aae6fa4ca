// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

import dev.cumulane.pipeline.Stage;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.RunEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Decides what follows from a signal. No I/O, no clock, no randomness, no thread: equal inputs give equal outputs.
 *
 * <p>A step folds what it decides into the state that it was given, so that one thing can follow from another without a copy of the state. A caller whose append of
 * the events fails discards that state and reads the run again.
 */
public final class Machine {
    /** How many stages one record opens or ends at most; the rest follows in further steps, and a record stays well below the journal's limit. */
    static final int MOST_OPENED = 200;

    private Machine() {}

    /**
     * One step.
     *
     * @param run the state; changed by what is decided
     * @param signal what the outside says
     * @param now the time; a time before the last record counts as that record's
     * @return what is to be recorded and done
     */
    public static Transition step(RunProgress run, Signal.ToRun signal, Instant now) {
        return step(run, signal, now, (row, to) -> {});
    }

    /** The same; tells of each row of the table that was taken, and the phase that it led to. */
    static Transition step(RunProgress run, Signal.ToRun signal, Instant now, BiConsumer<Table.Row, Phase> taken) {
        Instant at = now.isBefore(run.head().changedAt()) ? run.head().changedAt() : now;
        Optional<Instant> woken = run.nextDeadline();
        Step step = new Step(run, at, taken);
        boolean more = false;
        if (signal instanceof Signal.Begin begin && !run.hasBegun()) {
            step.emit(new RunEvent.RunStarted(
                    begin.run(),
                    run.plan().plan().pipeline(),
                    begin.plan(),
                    begin.source(),
                    begin.lineage(),
                    begin.parameters(),
                    begin.unwanted()));
            Turns.ask(step);
        }
        if (run.hasBegun() && !run.hasEnded()) {
            if (signal instanceof Signal.Begin begin && begin.cancelled().isPresent() && !run.isEnding()) {
                Signal.CancelRequested cancel = begin.cancelled().get();
                step.emit(new RunEvent.CancellationRequested(cancel.by(), cancel.reason()));
            } else if (signal instanceof Signal.CancelRequested cancel && !run.isEnding()) {
                step.emit(new RunEvent.CancellationRequested(cancel.by(), cancel.reason()));
            } else if (signal instanceof Signal.TurnGranted || signal instanceof Signal.TurnLost) {
                Turns.hear(step, signal);
            } else if (signal instanceof Signal.ToStage toStage) {
                int stage = run.number(toStage.stage());
                if (stage >= 0) {
                    step.apply(stage, cue(toStage), Optional.of(toStage));
                }
            }
            run.limitReached(at).ifPresent(limit -> step.emit(new RunEvent.TimeLimitReached(limit)));
            more = advance(run, step, at);
            if (run.unfinished() == 0) {
                step.emit(new RunEvent.RunFinished(outcome(run)));
            }
        }
        return new Transition(at, List.copyOf(step.events()), commands(run, step, woken), more);
    }

    /** Does what can be done without a further signal; true if there is more than one record may hold. */
    private static boolean advance(RunProgress run, Step step, Instant at) {
        for (int budget = MOST_OPENED; ; budget--) {
            int stage;
            Cue cue;
            if (run.nextToStop() >= 0) {
                stage = run.nextToStop();
                cue = Cue.CANCEL;
            } else if (run.nextDue(at) >= 0) {
                stage = run.nextDue(at);
                cue = Cue.DUE;
            } else if (run.nextReady() >= 0) {
                stage = run.nextReady();
                cue = Cue.OPEN;
            } else {
                return false;
            }
            if (budget == 0 || !step.hasRoom()) {
                return true;
            }
            StageSlot before = run.slot(stage);
            step.apply(stage, cue, Optional.empty());
            if (run.slot(stage).equals(before)) {
                throw new IllegalStateException(
                        "no progress: stage " + run.name(stage) + " in " + before.phase() + " at " + cue);
            }
        }
    }

    private static Cue cue(Signal.ToStage signal) {
        if (signal instanceof Signal.Recalled) {
            return Cue.RECALLED;
        }
        if (signal instanceof Signal.Counted) {
            return Cue.COUNTED;
        }
        if (signal instanceof Signal.WorkAccepted) {
            return Cue.ACCEPTED;
        }
        if (signal instanceof Signal.WorkRefused) {
            return Cue.REFUSED;
        }
        if (signal instanceof Signal.WorkFinished) {
            return Cue.RESULT;
        }
        if (signal instanceof Signal.VoteCast) {
            return Cue.VOTE;
        }
        if (signal instanceof Signal.SkipAsked) {
            return Cue.SKIP;
        }
        if (signal instanceof Signal.Granted) {
            return Cue.GRANTED;
        }
        if (signal instanceof Signal.AlarmRang) {
            return Cue.ALARM;
        }
        return signal instanceof Signal.StepLost ? Cue.STEP_LOST : Cue.STEP_OVER;
    }

    /** FAILURE before TIMEOUT before ERROR: what the work said weighs more than what we could not find out. */
    private static Outcome outcome(RunProgress run) {
        Outcome worst = Outcome.SUCCESS;
        for (int stage = 0; stage < run.size(); stage++) {
            Outcome one = run.slot(stage).verdict().orElseThrow().outcome();
            if (run.plan().groupOf(stage) < 0 && weight(one) > weight(worst)) {
                worst = one;
            }
        }
        return worst;
    }

    private static int weight(Outcome outcome) {
        return switch (outcome) {
            case SUCCESS, SKIP -> 0;
            case ERROR -> 1;
            case TIMEOUT -> 2;
            case FAILURE -> 3;
            case CANCELLATION -> 4;
        };
    }

    private static List<Command> commands(RunProgress run, Step step, Optional<Instant> woken) {
        List<Command> commands = new ArrayList<>();
        if (step.events().isEmpty()) {
            return commands;
        }
        if (step.events().stream().anyMatch(RunEvent.TurnAsked.class::isInstance)) {
            Turns.command(run).ifPresent(commands::add);
        }
        for (int stage : step.touched()) {
            command(run, stage).ifPresent(commands::add);
        }
        run.nextDeadline()
                .filter(next -> !woken.equals(Optional.of(next)))
                .ifPresent(next -> commands.add(new Command.WakeAt(next)));
        conclude(run).ifPresent(commands::add);
        return commands;
    }

    /**
     * All that a run's state asks for: what was commanded and may never have been done.
     *
     * @param run the state
     * @return commands, each safe to repeat
     */
    public static List<Command> pending(RunProgress run) {
        List<Command> commands = new ArrayList<>();
        Turns.command(run).ifPresent(commands::add);
        for (int stage = 0; stage < run.size(); stage++) {
            command(run, stage).ifPresent(commands::add);
        }
        run.nextDeadline().ifPresent(next -> commands.add(new Command.WakeAt(next)));
        conclude(run).ifPresent(commands::add);
        return commands;
    }

    private static Optional<Command> conclude(RunProgress run) {
        return run.head()
                .outcome()
                .map(outcome -> new Command.Conclude(outcome, run.head().turn().map(Turns.Turn::group)));
    }

    /** What a stage's state asks for. */
    private static Optional<Command> command(RunProgress run, int stage) {
        StageSlot slot = run.slot(stage);
        String name = run.name(stage);
        return switch (slot.phase()) {
            case COUNTING -> Optional.of(new Command.CountItems(name));
            case RECALLING -> Optional.of(new Command.Recall(name, slot.reuse().orElseThrow()));
            case SCHEDULED -> Optional.of(new Command.StartWork(name, slot.attempt()));
            case STOPPING ->
                Optional.of(new Command.StopWork(
                        name,
                        slot.attempt(),
                        slot.work().flatMap(StageSlot.Work::service),
                        slot.work()
                                .flatMap(StageSlot.Work::stopping)
                                .orElseThrow()
                                .why()));
            case ASKING -> Optional.of(new Command.AskEnvironment(name, environment(run, stage)));
            case STEPPING -> Optional.of(step(name, slot));
            case OVERDUE -> Optional.of(new Command.LookAtStep(step(name, slot)));
            case FINISHED ->
                slot.rollout().isPresent()
                        ? Optional.of(new Command.ReleaseEnvironment(name, environment(run, stage)))
                        : slot.reuse()
                                .filter(key -> slot.succeeded() && slot.from().isEmpty())
                                .map(key -> new Command.Remember(name, key));
            case HOLDING -> Rollouts.watch(run, stage).map(Command.class::cast);
            case PENDING, FANNED_OUT, WORKING, RESTING, VOTING -> Optional.empty();
        };
    }

    private static Command.BeginStep step(String name, StageSlot slot) {
        StageSlot.Rolling is = slot.rollout().orElseThrow();
        return new Command.BeginStep(name, is.index(), is.step().orElseThrow(), is.percent(), is.fence(), is.version());
    }

    private static String environment(RunProgress run, int stage) {
        return ((Stage.Deploy) run.stage(stage)).delivery().environment().name();
    }
}
