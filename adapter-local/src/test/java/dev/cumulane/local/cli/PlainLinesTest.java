// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.Cause;
import dev.cumulane.run.HistoryRecord;
import dev.cumulane.run.Lineage;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.Produced;
import dev.cumulane.run.Release;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.TestSummary;
import dev.cumulane.run.Verdict;
import dev.cumulane.run.Vote;
import dev.cumulane.run.VoteRefusal;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class PlainLinesTest {
    private static final Release RELEASE = new Release("jar", List.of(new Produced("jar", Samples.PLAN, 1)));

    private final PlainLines lines = new PlainLines();

    @Test
    void a_history_reads_as_one_line_for_each_event_worth_one() {
        TestSummary tests = new TestSummary(12, 1, 0, List.of());
        List<HistoryRecord> history = List.of(
                record(
                        1,
                        0,
                        new RunEvent.RunStarted(Samples.RUN, "shop", Samples.PLAN, Samples.SOURCE, Optional.empty()),
                        new RunEvent.StageScheduled("build", 1)),
                record(2, 100, new RunEvent.WorkStarted("build", 1, "local:1")),
                record(
                        3,
                        2_000,
                        new RunEvent.AttemptFinished("build", 1, Verdict.of(Cause.LOST_WORKER, "")),
                        new RunEvent.StageScheduled("build", 2)),
                record(4, 2_100, new RunEvent.WorkStarted("build", 2, "local:2")),
                record(5, 12_345, new RunEvent.StageFinished("build", 2, Verdict.success())),
                record(
                        6,
                        13_000,
                        new RunEvent.VoteCounted(
                                "release", new Vote("ada", Vote.Decision.APPROVE, "fine\u001b[2J", Samples.START))),
                record(7, 14_000, new RunEvent.StepStarted("deploy", 1, RunEvent.Step.SHIFT, 10)),
                record(
                        8,
                        61_000,
                        new RunEvent.StageFinished(
                                "unit",
                                1,
                                new Verdict(
                                        Cause.TESTS_FAILED,
                                        "1 of 12 tests failed",
                                        List.of(),
                                        Optional.of(tests),
                                        Optional.empty())),
                        new RunEvent.RunFinished(Outcome.FAILURE)));

        List<String> said = new ArrayList<>();
        history.forEach(record -> said.addAll(lines.of(record)));

        assertThat(said)
                .containsExactly(
                        "[00:00.0]  run shop-0k3v9q2m7xw4b1ce of commit 4f1c2ab04f1c on main, by ada",
                        "[00:00.1]  build started",
                        "[00:02.0]  build attempt 1 error: its worker was lost; trying again",
                        "[00:02.1]  build started, attempt 2",
                        "[00:12.3]  build succeeded after 12.3 s",
                        "[00:13.0]  release: ada approves: fine",
                        "[00:14.0]  deploy gives the release 10 % of the traffic",
                        "[01:01.0]  unit failed: 12 tests, 1 failed",
                        "[01:01.0]  run failed");
    }

    private String said(RunEvent event) {
        return String.join("|", lines.of(record(1, 0, event))).replace("[00:00.0]  ", "");
    }

    @Test
    void what_people_do_is_told_with_their_names_and_words() {
        Vote no = new Vote("grace", Vote.Decision.REJECT, "", Samples.START);
        assertThat(said(new RunEvent.VoteCounted("release", no))).isEqualTo("release: grace rejects");
        assertThat(said(new RunEvent.SkipRequested("unit", "ada", "hangs"))).isEqualTo("ada skips unit: hangs");
        assertThat(said(new RunEvent.CancellationRequested("ada", ""))).isEqualTo("ada cancels the run");
        assertThat(said(new RunEvent.ApprovalRequested("release", Samples.START, Samples.PLAN, List.of())))
                .startsWith("release waits for a decision, until ");
    }

    @Test
    void a_run_s_turn_and_its_limits_are_told() {
        assertThat(said(new RunEvent.TurnAsked("ci", Samples.START)))
                .startsWith("waits for its turn in group ci, until ");
        assertThat(said(new RunEvent.TurnGranted("ci", 3))).isEqualTo("has its turn in group ci");
        assertThat(said(new RunEvent.TurnRefused("ci"))).isEqualTo("group ci takes no more runs");
        assertThat(said(new RunEvent.RunSuperseded(Samples.RUN)))
                .isEqualTo("run " + Samples.RUN + ", which is newer, takes its place");
        assertThat(said(new RunEvent.TimeLimitReached(RunEvent.Limited.TURN)))
                .isEqualTo("its turn did not come in time");
        assertThat(said(new RunEvent.TimeLimitReached(RunEvent.Limited.RUN)))
                .isEqualTo("the run's time limit has passed");
        assertThat(said(new RunEvent.TimeLimitReached(RunEvent.Limited.CLEAN_UP)))
                .isEqualTo("the time limit of cleaning up has passed");
    }

    @Test
    void the_steps_of_a_deployment_are_told_and_their_good_ends_are_not() {
        assertThat(said(new RunEvent.EnvironmentAsked("live", "production", RELEASE)))
                .isEmpty();
        assertThat(said(new RunEvent.EnvironmentGranted("live", "production", 1)))
                .isEqualTo("live has environment production to itself");
        assertThat(said(new RunEvent.StepStarted("live", 1, RunEvent.Step.PREPARE, 0)))
                .isEqualTo("live starts the release beside the live one");
        assertThat(said(step(true, ""))).isEmpty();
        assertThat(said(step(false, "no answer"))).isEqualTo("live step 1 failed: no answer");
        assertThat(said(new RunEvent.StepOverdue("live", 2)))
                .isEqualTo("live step 2 takes longer than it may; its end is looked for");
        assertThat(said(new RunEvent.HoldStarted("live", Samples.START))).startsWith("live holds its share until ");
        assertThat(said(new RunEvent.StepStarted("live", 3, RunEvent.Step.ROLL_BACK, 0)))
                .isEqualTo("live rolls back to the release before");
    }

    private static RunEvent step(boolean succeeded, String detail) {
        return new RunEvent.StepFinished("live", 1, succeeded, detail, Optional.empty(), Optional.empty());
    }

    @Test
    void attempts_and_what_is_taken_over_are_told() {
        assertThat(said(new RunEvent.ReuseSought("unit", Samples.PLAN))).isEmpty();
        assertThat(said(new RunEvent.StageReused("unit", Samples.RUN)))
                .isEqualTo("unit is taken over from run " + Samples.RUN);
        assertThat(said(new RunEvent.RetryDelayed("unit", 2, Samples.START))).startsWith("unit tries again at ");
        assertThat(said(new RunEvent.StopRequested("unit", 1, Cause.TIMED_OUT))).startsWith("unit is being stopped: ");
        assertThat(said(new RunEvent.FannedOut("each", 3))).isEqualTo("each has 3 cells");
    }

    @Test
    void a_run_says_of_which_other_one_it_is() {
        Lineage fork = new Lineage.Repetition(Samples.RUN, Lineage.Kind.FORK, "ada", Optional.empty());
        Lineage child = new Lineage.Child(new AttemptId(Samples.RUN, "check", 1));
        assertThat(said(started(fork))).endsWith(", by ada, forked from " + Samples.RUN + ", asked for by ada");
        assertThat(said(started(child))).endsWith(", by ada, for stage check of run " + Samples.RUN);
    }

    private static RunEvent started(Lineage lineage) {
        return new RunEvent.RunStarted(Samples.RUN, "shop", Samples.PLAN, Samples.SOURCE, Optional.of(lineage));
    }

    @Test
    void every_event_has_its_line_and_its_json() {
        for (Class<?> type : RunEvent.class.getPermittedSubclasses()) {
            RunEvent event = sample(type);
            assertThatCode(() -> lines.of(record(1, 0, event)))
                    .as(type.getSimpleName())
                    .doesNotThrowAnyException();
            assertThat(Json.lines(Samples.RUN, record(1, 0, event)).get(0))
                    .contains("\"event\":\"" + type.getSimpleName() + "\"");
        }
    }

    private static RunEvent sample(Class<?> type) {
        try {
            RecordComponent[] components = type.getRecordComponents();
            Object[] values = Arrays.stream(components)
                    .map(component -> value(component.getType()))
                    .toArray();
            return (RunEvent) type.getDeclaredConstructor(Arrays.stream(components)
                            .map(RecordComponent::getType)
                            .toArray(Class<?>[]::new))
                    .newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Object value(Class<?> type) {
        List<Object> values = List.of(
                1,
                1L,
                true,
                "text",
                Samples.START,
                List.of(),
                Optional.empty(),
                Samples.RUN,
                Samples.PLAN,
                Samples.SOURCE,
                Cause.CANCELLED,
                Outcome.SUCCESS,
                RunEvent.Step.CHECK,
                RunEvent.Limited.TURN,
                VoteRefusal.TOO_LATE,
                new TreeMap<>(Map.of("name", "value")),
                Verdict.success(),
                RELEASE,
                new Vote("ada", Vote.Decision.REJECT, "", Samples.START));
        return values.stream()
                .filter(value -> type.isInstance(value) || type.isPrimitive() && primitive(value) == type)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no sample of " + type + " such as " + Digest.class));
    }

    private static Class<?> primitive(Object value) {
        return value instanceof Integer
                ? int.class
                : value instanceof Long ? long.class : value instanceof Boolean ? boolean.class : Void.class;
    }

    private static HistoryRecord record(long sequence, long millis, RunEvent... events) {
        Instant at = Samples.START.plusMillis(millis);
        return new HistoryRecord(sequence, at, List.of(events));
    }
}
