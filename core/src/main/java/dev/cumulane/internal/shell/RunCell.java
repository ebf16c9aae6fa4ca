// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.shell;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Journal;
import dev.cumulane.cloud.StreamId;
import dev.cumulane.internal.codec.Codec;
import dev.cumulane.internal.codec.Coding;
import dev.cumulane.internal.codec.NewerFormException;
import dev.cumulane.internal.json.MalformedJsonException;
import dev.cumulane.internal.machine.Machine;
import dev.cumulane.internal.machine.RunPlan;
import dev.cumulane.internal.machine.RunProgress;
import dev.cumulane.internal.machine.Signal;
import dev.cumulane.internal.machine.Transition;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.RunId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One run in this process: its state and the number of its last record. Guarded by its own monitor, which the caller holds. */
final class RunCell {
    /** What became of a signal. */
    enum Step {
        /** Recorded. */
        RECORDED,
        /** It said nothing new. */
        NOTHING_NEW,
        /** Others wrote first, twice. */
        OUTRUN,
        /** There is no such run. */
        UNKNOWN_RUN
    }

    /**
     * What became of a signal.
     *
     * @param step which
     * @param transition what was recorded, if anything was
     */
    record Applied(Step step, Optional<Transition> transition) {}

    private final RunId run;
    private final StreamId stream;
    private final Journal journal;
    private final Coding coding;
    private final Plans plans;
    private final Writer writer;
    private final Snapshots snapshots;
    private final SnapshotPace pace = new SnapshotPace();
    private @Nullable RunProgress progress;
    private long sequence;
    private boolean upToDate;
    /** The wake-up that this process sent last. */
    private Instant wake = Instant.MIN;

    RunCell(RunId run, Journal journal, Coding coding, Plans plans, Writer writer) {
        this.run = run;
        this.stream = StreamId.of(run);
        this.journal = journal;
        this.coding = coding;
        this.plans = plans;
        this.writer = writer;
        this.snapshots = new Snapshots(journal, plans.store());
    }

    /** The run's state, read if it is not here; empty if the run does not exist. */
    Optional<RunProgress> progress() {
        if (progress == null) {
            load();
        }
        return Optional.ofNullable(progress);
    }

    /**
     * The run's state, as new as a record that was here already: what was decided then cannot be done by what was known before it.
     *
     * @throws CloudException retryable, if the journal does not show that record yet
     */
    Optional<RunProgress> progress(long atLeast) {
        progress();
        if (sequence < atLeast) {
            refresh();
        }
        if (sequence < atLeast) {
            throw CloudException.retryable(
                    "journal", "run " + run + " is shown up to record " + sequence + " and has had " + atLeast);
        }
        return loaded();
    }

    /** The run's state, if it is here. */
    Optional<RunProgress> loaded() {
        return Optional.ofNullable(progress);
    }

    RunId run() {
        return run;
    }

    long sequence() {
        return sequence;
    }

    /** Reads what others may have written since; nothing follows the end of a run. */
    void refresh() {
        RunProgress current = progress;
        if (current == null) {
            load();
        } else if (!current.hasEnded()) {
            boolean read = false;
            try {
                sequence = Stream.read(journal, stream, sequence + 1, entry -> fold(current, entry));
                upToDate = true;
                read = true;
            } finally {
                // What was folded before the read failed must not be folded again.
                if (!read) {
                    forget();
                }
            }
        }
    }

    /**
     * Whether others have recorded something since this was read, which is read then. What says nothing new to a state of yesterday may be what today's waits for; nobody
     * else would bring it again.
     */
    boolean isBehind() {
        if (upToDate) {
            return false;
        }
        long before = sequence;
        refresh();
        return sequence > before;
    }

    /** From now on others may record something. */
    void leave() {
        upToDate = false;
    }

    /** A wake-up was sent for this instant. */
    void wakes(Instant at) {
        wake = at;
    }

    /** Whether a wake-up is on its way that comes no later than this. */
    boolean isWokenBy(Instant at, Instant now) {
        return wake.isAfter(now) && !wake.isAfter(at);
    }

    void forget() {
        progress = null;
        sequence = 0;
        pace.reset();
    }

    /** Decides and records. A signal that loses twice against other writers is handed back. */
    Applied apply(Signal.ToRun signal, Instant now) {
        for (int tries = 0; tries < 2; tries++) {
            RunProgress current = progress()
                    .orElseGet(() -> signal instanceof Signal.Begin begin
                            ? RunProgress.before(plans.of(begin.plan(), begin.lineage()))
                            : null);
            if (current == null) {
                return new Applied(Step.UNKNOWN_RUN, Optional.empty());
            }
            progress = current;
            Applied applied = applyOnce(current, signal, now);
            boolean behind = applied.step() == Step.NOTHING_NEW && isBehind();
            if (applied.step() != Step.OUTRUN && !behind) {
                return applied;
            }
        }
        return new Applied(Step.OUTRUN, Optional.empty());
    }

    private Applied applyOnce(RunProgress current, Signal.ToRun signal, Instant now) {
        boolean recorded = false;
        try {
            Transition transition = Machine.step(current, signal, now);
            if (transition.events().isEmpty()) {
                recorded = true;
                return new Applied(Step.NOTHING_NEW, Optional.of(transition));
            }
            byte[] record = coding.record(writer.next(), transition.at(), transition.events());
            recorded = Stream.append(journal, stream, sequence + 1, record);
            if (!recorded) {
                return new Applied(Step.OUTRUN, Optional.empty());
            }
            sequence++;
            pace.recorded(record.length);
            keepSnapshot(current);
            return new Applied(Step.RECORDED, Optional.of(transition));
        } finally {
            // The step has changed the state already; if its record is not known to be there, only the journal knows
            // the truth.
            if (!recorded) {
                forget();
            }
        }
    }

    private void keepSnapshot(RunProgress current) {
        if (!pace.isDue(sequence)) {
            return;
        }
        byte[] state = coding.bytes(current.memo());
        pace.snapshot(state.length);
        snapshots.keep(stream, sequence, state);
    }

    private void load() {
        upToDate = true;
        if (loadFromSnapshot()) {
            return;
        }
        RunProgress[] read = new RunProgress[1];
        sequence = Stream.read(journal, stream, 1, entry -> {
            RunProgress before = read[0];
            read[0] = fold(before != null ? before : RunProgress.before(planOf(entry)), entry);
        });
        progress = read[0];
    }

    private boolean loadFromSnapshot() {
        Optional<Journal.Snapshot> snapshot = snapshots.newest(stream);
        if (snapshot.isEmpty()) {
            return false;
        }
        List<Journal.Entry> last = journal.read(stream, snapshot.get().sequence(), 1);
        if (last.isEmpty()) {
            return false;
        }
        // A later version may know more than this one finds in its snapshot; its record says so.
        record(last.get(0));
        RunProgress.Memo memo;
        try {
            memo = coding.runMemo(snapshot.get().bytes());
        } catch (MalformedJsonException e) {
            // A snapshot only saves reading: the records say the same.
            return false;
        }
        RunEvent.RunStarted started = memo.head().started().orElseThrow();
        RunProgress read = RunProgress.of(plans.of(started.plan(), started.lineage()), memo);
        pace.snapshot(snapshot.get().bytes().length);
        sequence = Stream.read(journal, stream, snapshot.get().sequence() + 1, entry -> fold(read, entry));
        progress = read;
        return true;
    }

    private RunPlan planOf(Journal.Entry first) {
        for (RunEvent event : record(first).events()) {
            if (event instanceof RunEvent.RunStarted started) {
                return plans.of(started.plan(), started.lineage());
            }
        }
        throw CloudException.permanent("journal", "record 1 of run " + run + " does not say that it started");
    }

    private RunProgress fold(RunProgress into, Journal.Entry entry) {
        Codec.RunRecord record = record(entry);
        try {
            for (RunEvent event : record.events()) {
                into.fold(event, record.at());
            }
        } catch (RuntimeException e) {
            // Folding touches nothing but memory: whatever it throws, the records are to blame.
            forget();
            throw CloudException.permanent(
                    "journal",
                    "record " + entry.sequence() + " of run " + run + " cannot follow the ones before it: "
                            + e.getMessage(),
                    e);
        }
        pace.recorded(entry.bytes().length);
        return into;
    }

    private Codec.RunRecord record(Journal.Entry entry) {
        try {
            return coding.runRecord(entry.bytes());
        } catch (MalformedJsonException | NewerFormException e) {
            throw CloudException.permanent(
                    "journal",
                    "record " + entry.sequence() + " of run " + run + " cannot be read by this version: "
                            + e.getMessage(),
                    e);
        }
    }
}
