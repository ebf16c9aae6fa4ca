// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

import static dev.cumulane.pipeline.Approvers.anyOf;
import static dev.cumulane.pipeline.Work.container;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.cloud.Journal;
import dev.cumulane.internal.codec.Codec;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.pipeline.Output;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.ValueKind;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Commit;
import dev.cumulane.run.Lineage;
import dev.cumulane.run.Produced;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.RunId;
import dev.cumulane.run.SourceEvent;
import dev.cumulane.run.StageValue;
import dev.cumulane.run.TestSummary;
import dev.cumulane.run.TrustLevel;
import dev.cumulane.run.Verdict;
import dev.cumulane.run.Vote;
import dev.cumulane.run.VoteRefusal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A record is never heavier than it was taken for, so that none outgrows the journal. */
class WeightTest {
    private static final Instant NOW = Instant.parse("2026-01-05T09:00:00.123456789Z");
    private static final String STAGE = "a-stage-of-the-longest-name-there-can-be";
    private static final RunId RUN = new RunId("a-pipeline-of-the-longest-name-there-is-0123456789abcdef.99999");

    @ParameterizedTest
    @CsvSource({
        "32, 1",
        "31, 6",
        "0, 6",
        "10, 2",
        "34, 2",
        "92, 2",
        "127, 1",
        "128, 2",
        "2047, 2",
        "2048, 3",
        "28450, 3"
    })
    void a_character_weighs_as_many_bytes_as_json_needs_for_it(int character, int bytes) {
        String text = String.valueOf((char) character);
        assertThat(Weight.text(text)).isEqualTo(bytes);
        assertThat(Weight.text("a" + text + "b" + text)).isEqualTo(2 + 2 * bytes);
    }

    private static String heavy(int characters) {
        return "漢".repeat(characters);
    }

    private static Verdict verdict() {
        List<TestSummary.Failure> failures = IntStream.range(0, 20)
                .mapToObj(i -> new TestSummary.Failure(heavy(100), heavy(200)))
                .toList();
        SortedMap<String, StageValue> values = new TreeMap<>();
        for (int i = 0; i < Output.MOST; i++) {
            String name = "a-value-of-quite-a-long-name-as-they-go-" + i;
            values.put(
                    name,
                    i % 2 == 0
                            ? new StageValue.Inline(ValueKind.TEXT, "\n".repeat(500))
                            : new StageValue.Stored(ValueKind.NUMBER, Digest.of(new byte[0]), StageValue.LARGEST));
        }
        return new Verdict(
                Cause.TOO_FEW_SUCCEEDED,
                heavy(500),
                artifacts(100),
                Optional.of(new TestSummary(Integer.MAX_VALUE, 20, 0, failures)),
                Optional.of("http://" + "x".repeat(1000)),
                values);
    }

    private static Verdict deployed() {
        Optional<String> address = Optional.of("http://" + "x".repeat(1000));
        return new Verdict(Cause.COMPLETED, "", List.of(), Optional.empty(), address);
    }

    /** As many values as there may be, each stored under a long name. */
    private static Verdict handing() {
        SortedMap<String, StageValue> values = new TreeMap<>();
        for (int i = 10; i < 10 + Output.MOST; i++) {
            values.put(
                    "a-value-of-the-longest-name-there-can-" + i,
                    new StageValue.Stored(ValueKind.NUMBER, Digest.of(new byte[0]), StageValue.LARGEST));
        }
        return new Verdict(Cause.COMPLETED, "", List.of(), Optional.empty(), Optional.empty(), values);
    }

    private static List<Produced> artifacts(int number) {
        return IntStream.range(0, number)
                .mapToObj(i -> new Produced(
                        "an-artifact-of-quite-a-long-name-indeed-" + i, Digest.of(new byte[0]), Long.MAX_VALUE))
                .toList();
    }

    private static SourceEvent source() {
        Commit commit = Commit.commit("https://example.com/" + "a".repeat(500) + ".git", "0".repeat(40))
                .at("refs/heads/" + "b".repeat(200));
        List<String> changed = IntStream.range(0, 100)
                .mapToObj(i -> "a/changed/path/" + i + "/" + "c".repeat(90))
                .toList();
        return new SourceEvent.ChangeProposed(
                commit, "main", "7", "d".repeat(200), TrustLevel.INTERNAL, Optional.of(changed));
    }

    private static RunEvent.RunStarted started(Optional<Lineage> lineage) {
        SortedMap<String, String> parameters = new TreeMap<>();
        for (int i = 0; i < 50; i++) {
            parameters.put("a-parameter-of-quite-a-long-name-" + i, heavy(100));
        }
        return new RunEvent.RunStarted(RUN, "shop", Digest.of(new byte[0]), source(), lineage, parameters);
    }

    static Stream<RunEvent> heaviest() {
        String text = heavy(1000);
        String id = "x".repeat(2000);
        return Stream.of(
                started(Optional.empty()),
                started(Optional.of(new Lineage.Child(new AttemptId(RUN, STAGE, 1)))),
                started(Optional.of(new Lineage.Repetition(
                        RUN, Lineage.Kind.FAILED, heavy(200), Optional.of(Digest.of(new byte[0]))))),
                new RunEvent.SkipRequested(STAGE, heavy(200), text),
                new RunEvent.StageReused(STAGE, RUN),
                new RunEvent.WorkStarted(STAGE, 11, id),
                new RunEvent.AttemptFinished(STAGE, 11, verdict()),
                new RunEvent.StageFinished(STAGE, 11, verdict()),
                new RunEvent.StageFinished(STAGE, 11, Verdict.of(Cause.CONDITION_UNMET, "")),
                new RunEvent.StageFinished(STAGE, 11, Verdict.of(Cause.COMMAND_FAILED, heavy(500))),
                new RunEvent.StageFinished(STAGE, 11, deployed()),
                new RunEvent.StageFinished(STAGE, 11, handing()),
                new RunEvent.ApprovalRequested(STAGE, NOW, Digest.of(new byte[0]), List.of()),
                new RunEvent.ApprovalRequested(STAGE, NOW, Digest.of(new byte[0]), artifacts(100)),
                new RunEvent.VoteCounted(STAGE, new Vote(heavy(200), Vote.Decision.APPROVE, "", NOW)),
                new RunEvent.VoteCounted(STAGE, new Vote(heavy(200), Vote.Decision.APPROVE, text, NOW)),
                new RunEvent.VoteRefused(
                        STAGE,
                        new Vote(heavy(200), Vote.Decision.APPROVE, text, NOW, Vote.Via.COMMAND_LINE),
                        VoteRefusal.NOT_AN_APPROVER),
                new RunEvent.StepFinished(STAGE, 100, false, heavy(500), Optional.of(id), Optional.of(id)),
                new RunEvent.StepStarted(STAGE, 100, RunEvent.Step.ROLL_BACK, 100),
                new RunEvent.CancellationRequested(heavy(200), text),
                new RunEvent.ReuseSought(STAGE, Digest.of(new byte[0])),
                new RunEvent.RetryDelayed(STAGE, 11, NOW),
                new RunEvent.TurnAsked("a-group-of-the-longest-name-there-can-be.0123456789abcdef", NOW),
                new RunEvent.EnvironmentGranted(STAGE, STAGE, Long.MAX_VALUE));
    }

    @ParameterizedTest
    @MethodSource("heaviest")
    void an_event_weighs_at_least_its_bytes(RunEvent event) {
        int bytes = Codec.record("w", NOW, List.of(event)).length - Codec.record("w", NOW, List.of()).length;
        assertThat(Weight.of(event)).isGreaterThanOrEqualTo(bytes).isLessThan(2 * bytes + 1000);
    }

    @Test
    void stages_that_do_not_fit_a_record_open_in_the_next_one() {
        Driver run = Driver.begun(Pipeline.define("app", p -> {
            var work = container("alpine").runs("true");
            for (int i = 0; i < 100; i++) {
                work = work.writes("out-" + i, "out-" + i);
            }
            var build = p.build("build", work);
            for (int i = 0; i < 7; i++) {
                var ok = p.approval("ok-" + i, anyOf("ada")).after(build);
                var reads = container("alpine").runs("true");
                for (int artifact = 0; artifact < 100; artifact++) {
                    reads = reads.reads(build.artifact("out-" + artifact));
                }
                p.build("read-" + i, reads).after(ok);
            }
        }));
        run.succeed("build");
        assertThat(run.records().stream()
                        .map(record -> record.events().stream()
                                .filter(RunEvent.ApprovalRequested.class::isInstance)
                                .count())
                        .filter(asked -> asked > 0))
                .containsExactly(2L, 3L, 2L);
        assertThat(run.journal()).allSatisfy(bytes -> assertThat(bytes).hasSizeLessThan(Journal.LARGEST_RECORD));
    }
}
