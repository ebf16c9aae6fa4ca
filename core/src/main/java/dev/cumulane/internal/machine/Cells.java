// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

import dev.cumulane.internal.order.ValueText;
import dev.cumulane.pipeline.Stage;
import dev.cumulane.pipeline.ValueKind;
import dev.cumulane.run.Cause;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.StageValue;
import dev.cumulane.run.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The rules by which a stage runs for each item of a list. The machine knows how many items there are; what they are it knows of a list in the run's record only, and
 * needs it for nothing but taking over a cell's past success.
 */
public final class Cells {
    private static final StageValue EMPTY = new StageValue.Inline(ValueKind.LIST, "");

    /** How long it may take to read a list. */
    private static final Duration LONGEST_COUNTING = Duration.ofHours(1);

    private Cells() {}

    /** What it changes that a list is read; empty for other events. That a stage has fanned out changes more than the stage. */
    static Optional<Change> fold(RunProgress run, RunEvent event, Instant at) {
        if (event instanceof RunEvent.ItemsSought sought) {
            int stage = run.known(sought.stage());
            return Change.of(stage, run.slot(stage).begun(at).in(Phase.COUNTING, at.plus(LONGEST_COUNTING)));
        }
        return Optional.empty();
    }

    /** The list that a stage runs for. */
    public static StageValue list(RunProgress run, Stage.FanOut whole) {
        return run.slot(whole.items().stage())
                .flatMap(StageSlot::verdict)
                .map(verdict -> verdict.values().get(whole.items().name()))
                .orElse(EMPTY);
    }

    static void open(Step step, int stage, Stage.FanOut whole) {
        Optional<List<String>> items = known(list(step.run(), whole));
        if (items.isPresent()) {
            spread(step, stage, items.get().size());
        } else {
            step.emit(stage, new RunEvent.ItemsSought(step.name(stage)));
        }
    }

    /** The items of a list, if it is in the run's record. */
    static Optional<List<String>> known(StageValue list) {
        return list instanceof StageValue.Inline inline
                ? Optional.of(ValueText.items(inline.text()))
                : Optional.empty();
    }

    /** What a cell runs for; empty for other stages, and if the run's record does not say. */
    public static Optional<String> item(RunProgress run, int cell) {
        int group = run.plan().groupOf(cell);
        return group >= 0 && run.stage(group) instanceof Stage.FanOut whole
                ? known(list(run, whole)).map(items -> items.get(run.plan().place(cell)))
                : Optional.empty();
    }

    static void count(Step step, int stage, Optional<Signal.ToStage> signal) {
        Signal.Counted counted = (Signal.Counted) signal.orElseThrow();
        if (counted.items().isPresent()) {
            spread(step, stage, counted.items().get());
        } else {
            step.finish(stage, Verdict.of(Cause.INPUT_CORRUPT, counted.detail()));
        }
    }

    private static void spread(Step step, int stage, int items) {
        int most = ((Stage.FanOut) step.run().stage(stage)).atMost();
        if (items > most) {
            step.finish(
                    stage,
                    Verdict.of(Cause.TOO_MANY_ITEMS, "the list has " + items + " items; it runs for at most " + most));
        } else {
            step.emit(stage, new RunEvent.FannedOut(step.name(stage), items));
        }
    }

    static void giveUp(Step step, int stage, Optional<Signal.ToStage> signal) {
        step.finish(stage, Verdict.of(Cause.INTERNAL, "the list could not be read within " + LONGEST_COUNTING));
    }
}
