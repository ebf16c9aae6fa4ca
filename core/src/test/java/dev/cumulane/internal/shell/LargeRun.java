// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.shell;

import dev.cumulane.cloud.Journal;
import dev.cumulane.cloud.StreamId;
import dev.cumulane.internal.codec.Codec;
import dev.cumulane.internal.codec.Coding;
import dev.cumulane.internal.machine.Command;
import dev.cumulane.internal.machine.RunPlan;
import dev.cumulane.internal.machine.RunProgress;
import dev.cumulane.internal.machine.Signal;
import dev.cumulane.internal.machine.Transition;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.pipeline.Plan;
import dev.cumulane.run.Commit;
import dev.cumulane.run.Produced;
import dev.cumulane.run.RunId;
import dev.cumulane.run.SourceEvent;
import dev.cumulane.run.TrustLevel;
import dev.cumulane.run.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * One run from its beginning to its end, as a warm engine carries it: the bytes of each signal are read, decided on and recorded. Every stage is accepted and succeeds, and every
 * timer rings.
 */
final class LargeRun {
    private static final RunId ID = new RunId("growth-0123456789abcdef");

    private final RunPlan plan;
    private final Plans plans;
    private final ObjectsInMemory store = new ObjectsInMemory();
    private final CountingJournal journal = new CountingJournal();
    private final RunCell cell;
    private final Deque<byte[]> signals = new ArrayDeque<>();
    private Instant now = Instant.parse("2026-01-05T09:00:00Z");

    private LargeRun(Plan plan) {
        this.plans = new Plans(store, Coding.JSON);
        this.plan = plans.get(plans.keep(plan));
        this.cell = cell(journal);
    }

    static LargeRun of(Plan plan) {
        return new LargeRun(plan);
    }

    private RunCell cell(Journal at) {
        return new RunCell(ID, at, Coding.JSON, plans, new Writer());
    }

    CountingJournal journal() {
        return journal;
    }

    ObjectsInMemory store() {
        return store;
    }

    /** The state's bytes. */
    byte[] state() {
        return Codec.bytes(cell.progress().orElseThrow().memo());
    }

    /** Everything that happens. */
    LargeRun carry() {
        SourceEvent source = new SourceEvent.Pushed(
                Commit.commit("https://example.com/app.git", "0".repeat(40)).at("refs/heads/main"),
                "ada",
                TrustLevel.TRUSTED);
        send(new Signal.Begin(ID, plan.fingerprint(), source, Optional.empty()));
        while (!signals.isEmpty()) {
            now = now.plusMillis(1);
            handle((Signal.ToRun) Codec.signal(signals.remove()));
        }
        if (!cell.progress().orElseThrow().hasEnded()) {
            throw new AssertionError("the run has not ended");
        }
        return this;
    }

    private void handle(Signal.ToRun signal) {
        boolean more = decide(signal);
        while (more) {
            more = decide(new Signal.Continue());
        }
    }

    private boolean decide(Signal.ToRun signal) {
        RunCell.Applied applied = cell.apply(signal, now);
        if (applied.step() != RunCell.Step.RECORDED) {
            return false;
        }
        Transition transition = applied.transition().orElseThrow();
        transition.commands().forEach(this::answer);
        return transition.more();
    }

    private void answer(Command command) {
        if (command instanceof Command.StartWork start) {
            byte[] jar = start.stage().getBytes(StandardCharsets.UTF_8);
            send(new Signal.WorkAccepted(start.stage(), start.attempt(), "service:" + start.stage()));
            send(new Signal.WorkFinished(
                    start.stage(),
                    start.attempt(),
                    Verdict.success(new Produced("jar", Digest.of(jar), 100_000 + jar.length))));
        } else if (command instanceof Command.WakeAt) {
            send(new Signal.Woken());
        }
    }

    private void send(Signal signal) {
        signals.add(Codec.bytes(signal));
    }

    /** What a cold engine reads: the newest snapshot and the records behind it. */
    RunProgress read() {
        return cell(journal).progress().orElseThrow();
    }

    /** What all records fold to. */
    RunProgress replay() {
        journal.loseSnapshot();
        return read();
    }

    /** The sizes of all records, the smallest first. */
    List<Integer> recordSizes() {
        return journal.records().stream()
                .map(entry -> entry.bytes().length)
                .sorted()
                .toList();
    }

    /** The bytes of all records. */
    long recordBytes() {
        return journal.records().stream()
                .mapToLong(entry -> entry.bytes().length)
                .sum();
    }

    /** The bytes of all snapshots, wherever they are; the store holds the plan as well. */
    long snapshotBytes() {
        return journal.snapshotBytes() + store.bytes() - plan.plan().bytes().length;
    }

    byte[] newestSnapshot() {
        return new Snapshots(journal, store)
                .newest(StreamId.of(ID))
                .orElseThrow()
                .bytes();
    }
}
