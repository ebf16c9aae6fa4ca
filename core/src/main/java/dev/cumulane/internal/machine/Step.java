// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

import dev.cumulane.run.RunEvent;
import dev.cumulane.run.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/** One step of the machine while it is being decided: what the rules that the {@link Table} names decide with. */
final class Step {
    private final RunProgress run;
    private final Instant at;
    private final List<RunEvent> events = new ArrayList<>();
    private final SortedSet<Integer> touched = new TreeSet<>();
    private final BiConsumer<Table.Row, Phase> taken;
    private int weight;

    Step(RunProgress run, Instant at, BiConsumer<Table.Row, Phase> taken) {
        this.run = run;
        this.at = at;
        this.taken = taken;
    }

    RunProgress run() {
        return run;
    }

    Instant at() {
        return at;
    }

    List<RunEvent> events() {
        return events;
    }

    SortedSet<Integer> touched() {
        return touched;
    }

    /** Whether another stage's opening still fits into the record. */
    boolean hasRoom() {
        return weight + Weight.OPENING <= Weight.MOST;
    }

    /** Applies the table's row, if there is one. */
    void apply(int stage, Cue cue, Optional<Signal.ToStage> signal) {
        Optional<Table.Row> row = Table.row(run.slot(stage).phase(), cue);
        int before = events.size();
        row.ifPresent(one -> one.rule().apply(this, stage, signal));
        if (events.size() > before) {
            taken.accept(row.orElseThrow(), run.slot(stage).phase());
        }
    }

    void emit(RunEvent event) {
        run.fold(event, at);
        events.add(event);
        weight += Weight.of(event);
    }

    void emit(int stage, RunEvent event) {
        touched.add(stage);
        emit(event);
    }

    String name(int stage) {
        return run.name(stage);
    }

    static void endCancelled(Step step, int stage, Optional<Signal.ToStage> signal) {
        step.finish(stage, Verdict.of(step.run().ending(stage), step.run().whyEnding(stage)));
    }

    void finish(int stage, Verdict verdict) {
        emit(stage, new RunEvent.StageFinished(name(stage), run.slot(stage).attempt(), verdict));
    }
}
