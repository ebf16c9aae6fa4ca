// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.Cause;
import dev.cumulane.run.HistoryRecord;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.Produced;
import dev.cumulane.run.Release;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.TestSummary;
import dev.cumulane.run.Verdict;
import dev.cumulane.run.Vote;
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
                new TreeMap<>(Map.of("name", "value")),
                Verdict.success(),
                new Release("jar", List.of(new Produced("jar", Samples.PLAN, 1))),
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
