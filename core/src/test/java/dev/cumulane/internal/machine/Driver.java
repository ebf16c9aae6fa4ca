// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.internal.codec.Codec;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.Stage;
import dev.cumulane.pipeline.ValueKind;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Commit;
import dev.cumulane.run.Lineage;
import dev.cumulane.run.Produced;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.RunId;
import dev.cumulane.run.SourceEvent;
import dev.cumulane.run.StageValue;
import dev.cumulane.run.TrustLevel;
import dev.cumulane.run.Verdict;
import dev.cumulane.run.Vote;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Drives the machine through one run, by hand: what services, people and time would say. */
final class Driver {
    static final Instant BEGINNING = Instant.parse("2026-01-05T09:00:00Z");
    private static final SourceEvent PUSH = new SourceEvent.Pushed(
            Commit.commit("https://example.com/app.git", "0".repeat(40)).at("refs/heads/main"),
            "ada",
            TrustLevel.TRUSTED);

    /** A row of the table that was taken, and where it led. */
    record Taken(Phase from, Cue cue, Phase to) {}

    /** A signal, and what the clock said. */
    record Told(Signal.ToRun signal, Instant at) {}

    private RunPlan plan;
    private RunProgress run;
    private final List<Told> told = new ArrayList<>();
    private final List<Transition> records = new ArrayList<>();
    private final Set<Taken> taken = new LinkedHashSet<>();
    private Instant now = BEGINNING;
    private Transition last = new Transition(BEGINNING, List.of(), List.of(), false);

    private Driver(Pipeline pipeline) {
        this.plan = RunPlan.of(pipeline.plan());
        this.run = RunProgress.before(plan);
    }

    /** A run that has begun, and opened what it could. */
    static Driver begun(Pipeline pipeline) {
        return begun(pipeline, PUSH, defaults(pipeline));
    }

    static Driver begun(Pipeline pipeline, SourceEvent source, SortedMap<String, String> parameters) {
        Driver driver = waiting(pipeline, source, parameters);
        driver.tell(new Signal.TurnGranted(1));
        return driver;
    }

    /** A run that has begun, and waits for its turn if its pipeline has a group. */
    static Driver waiting(Pipeline pipeline) {
        return waiting(pipeline, PUSH, defaults(pipeline));
    }

    private static SortedMap<String, String> defaults(Pipeline pipeline) {
        SortedMap<String, String> defaults = new TreeMap<>();
        pipeline.plan()
                .parameters()
                .forEach(parameter -> parameter.fallback().ifPresent(value -> defaults.put(parameter.name(), value)));
        return defaults;
    }

    private static Driver waiting(Pipeline pipeline, SourceEvent source, SortedMap<String, String> parameters) {
        Driver driver = new Driver(pipeline);
        RunId id = new RunId(pipeline.name() + "-0123456789abcdef");
        driver.tell(new Signal.Begin(id, driver.plan.fingerprint(), source, Optional.empty(), parameters));
        return driver;
    }

    /** How a run of a plan begins, or does not since somebody cancelled it before. */
    static Signal.Begin begin(RunPlan plan, Optional<Signal.CancelRequested> cancelled) {
        RunId id = new RunId(plan.plan().pipeline() + "-0123456789abcdef");
        return new Signal.Begin(id, plan.fingerprint(), PUSH, Optional.empty(), new TreeMap<>(), cancelled);
    }

    /** From here on, what this run did not succeed in is run again by another one; that one is driven now. */
    void repeatFailed() {
        TakenOver takenOver = TakenOver.successes(run);
        Digest list = Digest.of(Codec.bytes(takenOver));
        RunEvent.RunStarted started = run.head().started().orElseThrow();
        plan = plan.taking(takenOver);
        run = RunProgress.before(plan);
        records.clear();
        told.clear();
        tell(new Signal.Begin(
                new RunId(started.run().value() + ".2"),
                plan.fingerprint(),
                started.source(),
                Optional.of(new Lineage.Repetition(started.run(), Lineage.Kind.FAILED, "grace", Optional.of(list)))));
        tell(new Signal.TurnGranted(2));
    }

    RunProgress run() {
        return run;
    }

    Instant now() {
        return now;
    }

    /** The records so far. */
    List<Transition> records() {
        return records;
    }

    List<RunEvent> events() {
        return records.stream().flatMap(record -> record.events().stream()).toList();
    }

    /** All that this run was told, in order. */
    List<Told> told() {
        return List.copyOf(told);
    }

    Set<Taken> taken() {
        return taken;
    }

    /** What the last signal led to; its last record, if there were several. */
    Transition last() {
        return last;
    }

    /** A signal, and what follows at once; the events that it led to. */
    List<RunEvent> tell(Signal.ToRun signal) {
        int before = records.size();
        step(signal);
        while (last.more()) {
            step(new Signal.Continue());
        }
        return records.subList(before, records.size()).stream()
                .flatMap(record -> record.events().stream())
                .toList();
    }

    private void step(Signal.ToRun signal) {
        told.add(new Told(signal, now));
        last = Machine.step(run, signal, now, (row, to) -> taken.add(new Taken(row.from(), row.cue(), to)));
        if (!last.events().isEmpty()) {
            records.add(last);
        }
    }

    void clockSays(Instant instant) {
        now = instant;
    }

    List<RunEvent> pass(Duration time) {
        now = now.plus(time);
        return tell(new Signal.Woken());
    }

    StageSlot slot(String stage) {
        return run.slot(stage).orElseThrow();
    }

    Phase phase(String stage) {
        return slot(stage).phase();
    }

    Verdict verdict(String stage) {
        return slot(stage).verdict().orElseThrow();
    }

    Cause cause(String stage) {
        return verdict(stage).cause();
    }

    void accept(String... stages) {
        for (String stage : stages) {
            if (phase(stage) == Phase.RECALLING) {
                recall(stage, Optional.empty());
            }
            tell(new Signal.WorkAccepted(stage, slot(stage).attempt(), "service-" + stage));
        }
    }

    /** There is a past success of a stage, or none. */
    List<RunEvent> recall(String stage, Optional<TakenOver.Taken> past) {
        return tell(new Signal.Recalled(stage, slot(stage).reuse().orElseThrow(), past));
    }

    /** An attempt succeeds and leaves what its stage declares. */
    void succeed(String... stages) {
        for (String stage : stages) {
            if (phase(stage) == Phase.SCHEDULED || phase(stage) == Phase.RECALLING) {
                accept(stage);
            }
            end(
                    stage,
                    new Verdict(
                            Cause.COMPLETED,
                            "",
                            List.of(artifacts(stage)),
                            Optional.empty(),
                            Optional.empty(),
                            values(stage)));
        }
    }

    /** An attempt succeeds and hands this list on; a long one is stored. */
    void list(String stage, String value, String... items) {
        accept(stage);
        String text = String.join("\n", items);
        StageValue list = text.length() <= StageValue.Inline.LARGEST_INLINE
                ? new StageValue.Inline(ValueKind.LIST, text)
                : new StageValue.Stored(ValueKind.LIST, Digest.of(text.getBytes()), text.length());
        SortedMap<String, StageValue> values = values(stage);
        values.put(value, list);
        end(
                stage,
                new Verdict(
                        Cause.COMPLETED, "", List.of(artifacts(stage)), Optional.empty(), Optional.empty(), values));
    }

    /** The items of a stage's stored list have been counted. */
    List<RunEvent> count(String stage, int items) {
        return tell(new Signal.Counted(stage, Optional.of(items), ""));
    }

    private SortedMap<String, StageValue> values(String name) {
        SortedMap<String, StageValue> values = new TreeMap<>();
        run.stage(run.number(name))
                .outputs()
                .forEach((value, kind) -> values.put(
                        value,
                        switch (kind) {
                            case TEXT -> new StageValue.Inline(kind, "the \"" + value + "\"\n\u00e9");
                            case NUMBER -> new StageValue.Inline(kind, "87.5");
                            case FLAG -> new StageValue.Inline(kind, "true");
                            case LIST -> new StageValue.Stored(kind, Digest.of(value.getBytes()), 2000);
                        }));
        return values;
    }

    private Produced[] artifacts(String name) {
        Stage stage = run.stage(run.number(name));
        List<String> names = List.of();
        if (stage instanceof Stage.Build build) {
            names = build.commands().writes().stream().map(file -> file.name()).toList();
        } else if (stage instanceof Stage.Function function) {
            names = function.code().writes().stream().map(file -> file.name()).toList();
        }
        return names.stream()
                .map(artifact -> new Produced(artifact, Digest.of(artifact.getBytes()), 1000))
                .toArray(Produced[]::new);
    }

    List<RunEvent> end(String stage, Verdict verdict) {
        return tell(new Signal.WorkFinished(stage, slot(stage).attempt(), verdict));
    }

    List<RunEvent> end(String stage, Cause cause) {
        return end(stage, Verdict.of(cause, cause.name().toLowerCase(java.util.Locale.ROOT)));
    }

    List<RunEvent> vote(String stage, String by, Vote.Decision decision) {
        return vote(stage, new Vote(by, decision, "", now));
    }

    List<RunEvent> vote(String stage, Vote vote) {
        Digest subject = slot(stage).ballot().map(StageSlot.Ballot::subject).orElse(Digest.of(new byte[0]));
        return tell(new Signal.VoteCast(stage, vote, subject));
    }

    List<RunEvent> approve(String stage, String by) {
        return vote(stage, by, Vote.Decision.APPROVE);
    }

    void grant(String stage, long fence) {
        tell(new Signal.Granted(stage, fence));
    }

    List<RunEvent> over(String stage, boolean succeeded) {
        return tell(new Signal.StepOver(
                stage,
                slot(stage).rollout().orElseThrow().index(),
                succeeded,
                succeeded ? "" : "the health check answered 500",
                Optional.of("tag-" + slot(stage).rollout().orElseThrow().index()),
                Optional.of("http://" + stage + ".example.com")));
    }

    /** The provider does not know of the current step's end, and perhaps not even of its beginning. */
    List<RunEvent> lose(String stage, boolean begun) {
        return tell(
                new Signal.StepLost(stage, slot(stage).rollout().orElseThrow().index(), begun));
    }

    /** All steps of a deployment, and the holds between them. */
    void deploy(String stage) {
        grant(stage, 1);
        while (phase(stage) != Phase.FINISHED) {
            if (phase(stage) == Phase.HOLDING) {
                pass(Duration.between(now, slot(stage).deadline().orElseThrow()));
            } else {
                over(stage, true);
            }
        }
    }

    List<RunEvent> skip(String stage, String by) {
        return tell(new Signal.SkipAsked(stage, by, "not today"));
    }

    List<RunEvent> cancel() {
        return tell(new Signal.CancelRequested("grace", "not today"));
    }

    /** The bytes of each record, as a journal would hold them. */
    List<byte[]> journal() {
        List<byte[]> journal = new ArrayList<>();
        for (Transition record : records) {
            journal.add(Codec.record("driver." + (journal.size() + 1), record.at(), record.events()));
        }
        return journal;
    }

    /** What a journal's records fold to. */
    static RunProgress replay(RunPlan plan, List<byte[]> journal) {
        RunProgress replayed = RunProgress.before(plan);
        for (byte[] bytes : journal) {
            Codec.RunRecord record = Codec.runRecord(bytes);
            record.events().forEach(event -> replayed.fold(event, record.at()));
        }
        return replayed;
    }

    RunPlan plan() {
        return plan;
    }

    /** Tells this run's story again, and before each signal reads the run from a snapshot as well, which must lead to the same. */
    void goesOnFromAnySnapshot() {
        RunProgress again = RunProgress.before(plan);
        for (Told one : told) {
            RunProgress read = RunProgress.of(plan, again.memo());
            Transition wanted = Machine.step(again, one.signal(), one.at());
            assertThat(Machine.step(read, one.signal(), one.at())).isEqualTo(wanted);
            assertThat(read.memo()).isEqualTo(again.memo());
            assertThat(Machine.pending(read)).isEqualTo(Machine.pending(again));
            assertThat(read.unfinished()).isEqualTo(again.unfinished());
        }
        assertThat(Codec.runMemo(Codec.bytes(again.memo()))).isEqualTo(run.memo());
        assertThat(replay(plan, journal()).memo()).isEqualTo(run.memo());
    }
}
