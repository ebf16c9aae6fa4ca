// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

import dev.cumulane.pipeline.Concurrency;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.RunId;
import dev.cumulane.run.SourceEvent;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The rules of a run's turn in its group. */
public final class Turns {
    private static final int KEY = 16;

    private Turns() {}

    /**
     * A run's turn, as the run knows it.
     *
     * @param group the group
     * @param fence the grant's number; 0 before the grant
     * @param refused whether the group takes no more runs
     * @param by the newer run that takes its place, if one does
     */
    public record Turn(String group, long fence, boolean refused, Optional<RunId> by) {
        static Turn asked(String group) {
            return new Turn(group, 0, false, Optional.empty());
        }

        Turn granted(long number) {
            return new Turn(group, number, refused, by);
        }

        Turn refusal() {
            return new Turn(group, fence, true, by);
        }

        Turn supersededBy(RunId newer) {
            return new Turn(group, fence, refused, Optional.of(newer));
        }

        /** Whether the run is to end for it. */
        boolean isLost() {
            return refused || by.isPresent();
        }

        /** Whether the run never had it. */
        boolean isMissing() {
            return fence == 0;
        }
    }

    static void ask(Step step) {
        RunProgress run = step.run();
        run.plan()
                .plan()
                .concurrency()
                .ifPresent(which -> step.emit(new RunEvent.TurnAsked(
                        key(which, run.source()), step.at().plus(which.waiting()))));
    }

    static void hear(Step step, Signal.ToRun signal) {
        Optional<Turn> turn = step.run().head().turn();
        if (turn.isEmpty() || step.run().isEnding()) {
            return;
        }
        if (signal instanceof Signal.TurnGranted granted && turn.get().isMissing()) {
            step.emit(new RunEvent.TurnGranted(turn.get().group(), granted.fence()));
        } else if (signal instanceof Signal.TurnLost lost && lost.by().isPresent()) {
            step.emit(new RunEvent.RunSuperseded(lost.by().get()));
        } else if (signal instanceof Signal.TurnLost && turn.get().isMissing()) {
            step.emit(new RunEvent.TurnRefused(turn.get().group()));
        }
    }

    /** What a run that waits for its turn asks for. */
    static Optional<Command> command(RunProgress run) {
        return run.head().turn().filter(turn -> run.waitsForTurn()).map(turn -> {
            Concurrency which = run.plan().plan().concurrency().orElseThrow();
            Terms terms = Terms.of(which, run.head().startedAt().orElseThrow());
            return new Command.AskTurn(turn.group(), terms);
        });
    }

    /** The group's name in the journal: its own, and where it has several, that of the one that a source event belongs to. */
    static String key(Concurrency which, SourceEvent source) {
        if (which.scope() == Concurrency.Scope.ALL) {
            return which.group();
        }
        String line = source instanceof SourceEvent.ChangeProposed proposed
                ? "change " + proposed.change()
                : source.commit().ref().isEmpty()
                        ? "commit " + source.commit().id()
                        : "ref " + source.commit().ref();
        byte[] text = (source.commit().repository() + "\n" + line).getBytes(StandardCharsets.UTF_8);
        return which.group() + "." + Digest.of(text).hex().substring(0, KEY);
    }

    /** Why a run that lost its turn ends, for people. */
    static String why(Turn turn) {
        return turn.by()
                .map(newer -> "run " + newer + ", which is newer, took its place in group '" + turn.group() + "'")
                .orElse("group '" + turn.group() + "' takes no more runs");
    }
}
