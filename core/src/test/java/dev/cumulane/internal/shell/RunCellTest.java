// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.shell;

import static dev.cumulane.pipeline.Work.container;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Journal;
import dev.cumulane.cloud.SignalEnvelope;
import dev.cumulane.cloud.StreamId;
import dev.cumulane.cloud.contract.Twisted;
import dev.cumulane.internal.codec.Codec;
import dev.cumulane.internal.codec.Coding;
import dev.cumulane.internal.machine.Signal;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.run.Commit;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.RunId;
import dev.cumulane.run.SourceEvent;
import dev.cumulane.run.TrustLevel;
import dev.cumulane.run.Verdict;
import dev.cumulane.testing.SimulatedCloud;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One run in two processes: what one of them wrote, the other reads, and neither takes the other's record for its own. */
class RunCellTest {
    private static final int STAGES = 150;
    private static final Pipeline WIDE = Pipeline.define("wide", p -> {
        for (int i = 0; i < STAGES; i++) {
            p.build("s-" + i, container("alpine").runs("true"));
        }
    });
    private static final RunId RUN = new RunId("wide-0k3v9q2m7xw4b1ce");
    private static final StreamId STREAM = StreamId.of(RUN);

    private final SimulatedCloud cloud = SimulatedCloud.of(WIDE);
    private final Journal journal = cloud.journal();
    private final Plans plans = new Plans(cloud.artifacts(), Coding.JSON);
    private final RunCell here = cell(journal);
    private final RunCell there = cell(journal);

    @BeforeEach
    void begin() {
        plans.keep(WIDE.plan());
        Commit head = new Commit("https://example.com/wide.git", "refs/heads/main", "4f1c2ab0".repeat(5));
        SourceEvent push = new SourceEvent.Pushed(head, "ada", TrustLevel.TRUSTED);
        apply(here, new Signal.Begin(RUN, WIDE.plan().fingerprint(), push, Optional.empty()));
    }

    @Test
    void moreRecordsOfOthersThanOnePageAreAllRead() {
        thereFinishesAllButOne();
        assertThat(there.sequence()).isGreaterThan(200);

        here.refresh();

        assertThat(here.sequence()).isEqualTo(there.sequence()).isEqualTo(records());
        assertThat(state(here)).isEqualTo(state(there));
        assertThat(apply(here, finished(STAGES - 1)).step()).isEqualTo(RunCell.Step.RECORDED);
        assertThat(here.progress().orElseThrow().hasEnded()).isTrue();
    }

    @Test
    void aReadThatFailsAtItsSecondPageLeavesNothingHalfFolded() {
        boolean[] fails = {true};
        RunCell cell = cell(Twisted.of(Journal.class, journal, "read/3", (right, given) -> {
            if ((long) given[1] > 200 && fails[0]) {
                fails[0] = false;
                throw CloudException.retryable("journal", "no answer", new IOException("reset"));
            }
            return right.read((StreamId) given[0], (long) given[1], (int) given[2]);
        }));
        assertThat(cell.progress()).isPresent();
        thereFinishesAllButOne();

        assertThatExceptionOfType(CloudException.class).isThrownBy(cell::refresh);
        cell.refresh();

        assertThat(state(cell)).isEqualTo(state(there));
        assertThat(cell.sequence()).isEqualTo(records());
        assertThat(apply(cell, finished(STAGES - 1)).step()).isEqualTo(RunCell.Step.RECORDED);
        assertThat(cell.progress().orElseThrow().hasEnded()).isTrue();
    }

    /** As a simulated life found it: a list was counted by a state that did not have it yet. */
    @Test
    void whatWasDecidedIsNotDoneByAnOlderState() {
        apply(there, accepted(0));
        boolean[] stale = {true};
        RunCell cell = cell(Twisted.of(Journal.class, journal, "read/3", (right, given) -> {
            List<Journal.Entry> found = right.read((StreamId) given[0], (long) given[1], (int) given[2]);
            return stale[0] ? found.subList(0, Math.min(found.size(), (long) given[1] > 1 ? 0 : 1)) : found;
        }));
        assertThat(cell.progress()).isPresent();
        assertThat(cell.sequence()).isEqualTo(1);

        assertThatExceptionOfType(CloudException.class)
                .isThrownBy(() -> cell.progress(2))
                .matches(CloudException::retryable)
                .withMessageContaining("up to record 1 and has had 2");
        stale[0] = false;

        assertThat(cell.progress(2)).isPresent();
        assertThat(state(cell)).isEqualTo(state(there));
    }

    @Test
    void aSnapshotIsTakenWhereItsRecordIsThere() {
        apply(there, accepted(0));
        long sequence = there.sequence();
        journal.putSnapshot(STREAM, new Journal.Snapshot(sequence, state(there)));
        apply(there, finished(0));
        long[] read = {0};
        RunCell cold = cell(Twisted.of(Journal.class, journal, "read/3", (right, given) -> {
            List<Journal.Entry> found = right.read((StreamId) given[0], (long) given[1], (int) given[2]);
            read[0] +=
                    found.stream().filter(entry -> entry.sequence() < sequence).count();
            return found;
        }));

        assertThat(cold.progress()).isPresent();
        assertThat(read[0]).as("records before the snapshot that were read").isZero();
        assertThat(state(cold)).isEqualTo(state(there));
        assertThat(cold.sequence()).isEqualTo(records());
    }

    @Test
    void aSnapshotOfARecordThatIsNotThereAndOneThatIsNoneAreLeftAside() {
        byte[] truth = state(here);
        RunCell other = cell(journal);
        apply(other, accepted(0));
        journal.putSnapshot(STREAM, new Journal.Snapshot(records() + 1, state(other)));
        RunCell cold = cell(journal);
        apply(here, accepted(0));

        assertThat(state(cold)).isEqualTo(state(here)).isNotEqualTo(truth);
        assertThat(cold.sequence()).isEqualTo(records());
        for (String none : List.of("", "null", "{}", "no")) {
            journal.putSnapshot(STREAM, new Journal.Snapshot(1, none.getBytes(UTF_8)));
            assertThat(state(cell(journal))).isEqualTo(state(here));
        }
    }

    @Test
    void whoIsOutrunOnceReadsAndDecidesAgain() {
        apply(there, accepted(0));

        assertThat(apply(here, accepted(1)).step()).isEqualTo(RunCell.Step.RECORDED);

        there.refresh();
        assertThat(state(here)).isEqualTo(state(there));
        assertThat(records()).isEqualTo(3);
    }

    @Test
    void whoIsOutrunByTheSameNewsSaysNothingTwice() {
        apply(there, accepted(0));

        assertThat(apply(here, accepted(0)).step()).isEqualTo(RunCell.Step.NOTHING_NEW);

        assertThat(records()).isEqualTo(2);
    }

    @Test
    void whoIsOutrunTwiceHandsTheSignalBackAndKnowsTheTruthAfterwards() {
        RunCell slow = cell(outrun(2));

        assertThat(apply(slow, accepted(0)).step()).isEqualTo(RunCell.Step.OUTRUN);

        assertThat(slow.loaded()).isEmpty();
        there.refresh();
        assertThat(state(slow)).isEqualTo(state(there));
        assertThat(apply(slow, accepted(0)).step()).isEqualTo(RunCell.Step.RECORDED);
    }

    @Test
    void anAppendWhoseAnswerWasLostIsNotTakenForAConflict() {
        boolean[] lost = {true};
        RunCell cell = cell(Twisted.of(Journal.class, journal, "append/3", (right, given) -> {
            Object answer = right.append((StreamId) given[0], (long) given[1], (byte[]) given[2]);
            if (lost[0]) {
                lost[0] = false;
                throw CloudException.retryable("journal", "no answer", new IOException("reset"));
            }
            return answer;
        }));

        assertThat(apply(cell, accepted(0)).step()).isEqualTo(RunCell.Step.RECORDED);
        assertThat(records()).isEqualTo(2);
    }

    @Test
    void anAppendThatTheClientSentTwiceIsNotTakenForAConflict() {
        RunCell cell = cell(Twisted.of(Journal.class, journal, "append/3", (right, given) -> {
            right.append((StreamId) given[0], (long) given[1], (byte[]) given[2]);
            return right.append((StreamId) given[0], (long) given[1], (byte[]) given[2]);
        }));

        assertThat(apply(cell, accepted(0)).step()).isEqualTo(RunCell.Step.RECORDED);
        assertThat(records()).isEqualTo(2);
    }

    @Test
    void aSignalThatIsOutrunTwiceGoesIntoTheInboxAndIsDrainedFromThere() {
        Runs runs = runs(outrun(2));
        List<SignalEnvelope> sent = new ArrayList<>();
        cloud.signals().deliverTo(sent::add);

        runs.signal(RUN, accepted(0));
        cloud.advance(Duration.ofMillis(299));
        assertThat(sent).isEmpty();
        assertThat(journal.inbox(STREAM, 10)).hasSize(1);
        cloud.advance(Duration.ofMillis(1));
        assertThat(sent).singleElement().satisfies(drain -> {
            assertThat(drain.stream()).isEqualTo(STREAM);
            assertThat(Codec.signal(drain.bytes())).isEqualTo(new Signal.Drain());
        });
        assertThat(started("s-0")).isFalse();

        runs.drain(RUN);

        assertThat(started("s-0")).isTrue();
        assertThat(journal.inbox(STREAM, 10)).isEmpty();
    }

    @Test
    void anInboxThatIsOutrunAgainKeepsItsSignalAndAsksForAnotherDrain() {
        Runs runs = runs(outrun(4));
        List<SignalEnvelope> sent = new ArrayList<>();
        cloud.signals().deliverTo(sent::add);
        runs.signal(RUN, accepted(0));
        cloud.settle();
        sent.clear();

        runs.drain(RUN);
        cloud.settle();

        assertThat(started("s-0")).isFalse();
        assertThat(journal.inbox(STREAM, 10)).hasSize(1);
        assertThat(sent)
                .hasSize(1)
                .allSatisfy(drain -> assertThat(Codec.signal(drain.bytes())).isEqualTo(new Signal.Drain()));
        runs.drain(RUN);
        assertThat(started("s-0")).isTrue();
    }

    private void thereFinishesAllButOne() {
        for (int i = 0; i < STAGES - 1; i++) {
            apply(there, accepted(i));
            apply(there, finished(i));
        }
    }

    private Runs runs(Journal through) {
        Cloud outrun = Twisted.of(Cloud.class, cloud, "journal/0", (right, given) -> through);
        Writer writer = new Writer();
        Locks locks = new Locks(outrun, Coding.JSON, writer, who -> Optional.empty());
        return new Runs(outrun, Coding.JSON, plans, writer, locks, run -> {});
    }

    /** A journal in which another process writes first, so many times: of stages from 1 on. */
    private Journal outrun(int times) {
        int[] stage = {1};
        return Twisted.of(Journal.class, journal, "append/3", (right, given) -> {
            if (stage[0] <= times) {
                apply(there, accepted(stage[0]++));
            }
            return right.append((StreamId) given[0], (long) given[1], (byte[]) given[2]);
        });
    }

    private RunCell cell(Journal through) {
        return new RunCell(RUN, through, Coding.JSON, plans, new Writer());
    }

    private RunCell.Applied apply(RunCell cell, Signal.ToRun signal) {
        return cell.apply(signal, cloud.clock().instant());
    }

    private static Signal.ToRun accepted(int stage) {
        return new Signal.WorkAccepted("s-" + stage, 1, "service-" + stage);
    }

    private static Signal.ToRun finished(int stage) {
        return new Signal.WorkFinished("s-" + stage, 1, Verdict.success());
    }

    private static byte[] state(RunCell cell) {
        return Codec.bytes(cell.progress().orElseThrow().memo());
    }

    private boolean started(String stage) {
        return journal.read(STREAM, 1, 1000).stream()
                .flatMap(entry -> Codec.runRecord(entry.bytes()).events().stream())
                .anyMatch(event -> event instanceof RunEvent.WorkStarted work
                        && work.stage().equals(stage));
    }

    private long records() {
        return journal.read(STREAM, 1, 1000).size();
    }
}
