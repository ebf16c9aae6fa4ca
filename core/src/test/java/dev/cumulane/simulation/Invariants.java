// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.internal.codec.Codec;
import dev.cumulane.internal.machine.RunPlan;
import dev.cumulane.internal.machine.RunProgress;
import dev.cumulane.internal.shell.EngineCore;
import dev.cumulane.pipeline.Stage;
import dev.cumulane.run.Cause;
import dev.cumulane.run.HistoryRecord;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.RunId;
import dev.cumulane.run.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What must hold in every life. */
final class Invariants {
    private final Map<RunId, List<HistoryRecord>> finished = new HashMap<>();
    private final Set<Class<?>> seen = new HashSet<>();

    /** The kinds of events that occurred so far, in all lives. */
    Set<Class<?>> seen() {
        return seen;
    }

    /** While runs go on: memory and journal agree. */
    void during(Simulation life) {
        for (RunId run : life.runs()) {
            for (EngineCore engine : life.engines()) {
                engine.find(run);
                engine.state(run)
                        .ifPresent(state -> assertThat(text(state))
                                .as("the state of %s in memory, and what its history folds to", run)
                                .isEqualTo(text(replayed(life, engine, run))));
            }
        }
    }

    private static byte[] replayed(Simulation life, EngineCore engine, RunId run) {
        RunProgress progress =
                RunProgress.before(RunPlan.of(life.pipeline().pipeline().plan()));
        for (HistoryRecord record : engine.history(run, 1)) {
            record.events().forEach(event -> progress.fold(event, record.at()));
        }
        return Codec.bytes(progress.memo());
    }

    private static String text(byte[] bytes) {
        return new String(bytes, java.nio.charset.StandardCharsets.UTF_8);
    }

    /** At the end. */
    void after(Simulation life) {
        during(life);
        assertThat(life.cloud().lastFailure().filter(e -> !(e instanceof dev.cumulane.cloud.CloudException)))
                .as("an exception that is none of a port's")
                .isEmpty();
        for (RunId run : life.runs()) {
            List<HistoryRecord> history = life.engines().get(0).history(run, 1);
            List<HistoryRecord> before = finished.putIfAbsent(run, history);
            if (before != null) {
                assertThat(history).as("G10: the record of a finished run").isEqualTo(before);
                finished.remove(run);
            }
            check(life, run, history);
        }
    }

    private void check(Simulation life, RunId run, List<HistoryRecord> history) {
        Map<String, RunEvent.StageFinished> ends = new LinkedHashMap<>();
        Map<String, Integer> attempts = new HashMap<>();
        List<RunEvent> events = new ArrayList<>();
        Instant last = Instant.EPOCH;
        for (HistoryRecord record : history) {
            assertThat(record.at()).as("time never goes back").isAfterOrEqualTo(last);
            last = record.at();
            events.addAll(record.events());
        }
        for (RunEvent event : events) {
            seen.add(event.getClass());
            if (event instanceof RunEvent.StageScheduled scheduled) {
                opens(life, scheduled.stage(), ends);
                assertThat(scheduled.attempt())
                        .as("attempts of %s follow each other", scheduled.stage())
                        .isEqualTo(attempts.merge(scheduled.stage(), 1, Integer::sum));
            } else if (event instanceof RunEvent.ApprovalRequested asked) {
                opens(life, asked.stage(), ends);
            } else if (event instanceof RunEvent.EnvironmentAsked asked) {
                opens(life, asked.stage(), ends);
            } else if (event instanceof RunEvent.StageFinished end) {
                assertThat(ends.put(end.stage(), end))
                        .as("%s ends once", end.stage())
                        .isNull();
            }
        }
        assertThat(events.stream().filter(RunEvent.RunStarted.class::isInstance))
                .hasSize(1);
        assertThat(events.get(events.size() - 1)).isInstanceOf(RunEvent.RunFinished.class);
        for (Stage stage : life.pipeline().pipeline().plan().stages()) {
            ends(life, run, stage, ends);
        }
    }

    /** No stage begins before all that it needs has ended, nor after something it needs has not succeeded. */
    private static void opens(Simulation life, String name, Map<String, RunEvent.StageFinished> ends) {
        Stage stage = stage(life, name);
        for (String need : RunPlan.before(stage)) {
            assertThat(ends).as("what %s comes after", name).containsKey(need);
            if (!stage.needs().isCleanUp()) {
                assertThat(ends.get(need).verdict().outcome())
                        .as("%s, which %s needs", need, name)
                        .isEqualTo(Outcome.SUCCESS);
            }
        }
    }

    /** Each stage ends as its fate says, or for the reason that kept it from its fate (G12). */
    private static void ends(Simulation life, RunId run, Stage stage, Map<String, RunEvent.StageFinished> ends) {
        Verdict verdict = Optional.ofNullable(ends.get(stage.name()))
                .orElseThrow(() -> new AssertionError(stage.name() + " has no end"))
                .verdict();
        boolean needsMet = stage.needs().isCleanUp()
                || RunPlan.before(stage).stream()
                        .allMatch(need -> ends.get(need).verdict().outcome() == Outcome.SUCCESS);
        Cause fate = needsMet ? life.pipeline().expected(stage.name()) : Cause.NEEDS_UNMET;
        if (life.wasCancelled(run) && !stage.needs().isCleanUp()) {
            assertThat(verdict.cause())
                    .as("the end of %s: %s", stage.name(), verdict.detail())
                    .isIn(fate, Cause.CANCELLED);
        } else {
            assertThat(verdict.cause())
                    .as("the end of %s: %s", stage.name(), verdict.detail())
                    .isEqualTo(fate);
        }
    }

    private static Stage stage(Simulation life, String name) {
        return life.pipeline().pipeline().plan().stages().stream()
                .filter(stage -> stage.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
