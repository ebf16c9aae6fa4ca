// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.testing;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.engine.Engine;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.run.Commit;
import dev.cumulane.run.HistoryRecord;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.RunId;
import dev.cumulane.run.RunView;
import dev.cumulane.run.SourceEvent;
import dev.cumulane.run.TrustLevel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A crash between any two calls changes nothing but time. */
class EveryCrashTest {
    private static final Commit HEAD =
            Commit.commit("https://example.com/shop.git", "0".repeat(40)).at("refs/heads/main");
    private static final SourceEvent PUSH = new SourceEvent.Pushed(HEAD, "ada", TrustLevel.TRUSTED);

    private final Pipeline pipeline = ShopPipeline.pipeline();

    @Test
    void a_run_has_the_same_events_in_whatever_call_the_engine_dies() {
        Map<String, List<String>> expected = eventsWithCrashAt(Optional.empty()).orElseThrow();
        assertThat(expected).containsKeys("", "build", "unit", "inspect", "release", "deploy-production", "clean-up");

        int moments = 0;
        for (Optional<Map<String, List<String>>> events = eventsWithCrashAt(Optional.of(0));
                events.isPresent();
                events = eventsWithCrashAt(Optional.of(++moments))) {
            assertThat(events.get())
                    .as("events after a crash at moment %d", moments)
                    .isEqualTo(expected);
        }
        assertThat(moments).isGreaterThan(200);
    }

    /** What happened in a run whose engine died once and was replaced; empty if the run was over before that moment. */
    private Optional<Map<String, List<String>>> eventsWithCrashAt(Optional<Integer> moment) {
        SimulatedCloud cloud = SimulatedCloud.of(pipeline);
        Process process = new Process(cloud);
        moment.ifPresent(cloud::crashAt);
        Instant end = cloud.clock().instant().plus(ofDays(3));
        while (process.run().flatMap(RunView::outcome).isEmpty()) {
            assertThat(cloud.clock().instant()).as("crash at moment %s", moment).isBefore(end);
            process.doSomething();
            cloud.advance(ofMinutes(5));
        }
        if (moment.isPresent() && !process.hasCrashed) {
            return Optional.empty();
        }
        return Optional.of(normal(process.history()));
    }

    /** The engine's process, started again when it died, and the people around it, who tell again what nobody heard. */
    private final class Process {
        private final SimulatedCloud cloud;
        private Engine engine;
        private boolean hasCrashed;

        Process(SimulatedCloud cloud) {
            this.cloud = cloud;
            this.engine = open();
        }

        Optional<RunView> run() {
            restartIfDead();
            try {
                return engine.list(1).stream().findFirst();
            } catch (SimulatedCrash e) {
                return Optional.empty();
            }
        }

        List<HistoryRecord> history() {
            RunId run = run().orElseThrow().id();
            return engine.history(run);
        }

        void doSomething() {
            restartIfDead();
            try {
                Optional<RunView> run = engine.list(1).stream().findFirst();
                if (run.isEmpty()) {
                    engine.handle(PUSH);
                } else if (run.get().stages().stream()
                        .anyMatch(stage -> stage.name().equals("release") && TestedRun.waitsForPeople(stage))) {
                    engine.approve(run.get().id(), "release", "ada", "");
                }
            } catch (SimulatedCrash e) {
                hasCrashed = true;
            }
        }

        private void restartIfDead() {
            if (cloud.crashed()) {
                hasCrashed = true;
                cloud.restart();
                engine = open();
            }
        }

        private Engine open() {
            return Engine.on(cloud).register(pipeline).open();
        }
    }

    /** Events of each stage in their order, the run's own under no name; times and the services' ids are left out. */
    private static Map<String, List<String>> normal(List<HistoryRecord> history) {
        Map<String, List<String>> normal = new TreeMap<>();
        for (HistoryRecord record : history) {
            for (RunEvent event : record.events()) {
                String text = event.toString()
                        .replaceAll("2026-[0-9T:.-]*Z", "<time>")
                        .replaceAll("service=[a-z]+-[0-9]+", "service=<id>");
                normal.computeIfAbsent(stage(text), any -> new ArrayList<>()).add(text);
            }
        }
        return normal;
    }

    private static String stage(String event) {
        int at = event.indexOf("[stage=");
        return at < 0 ? "" : event.substring(at + 7, event.indexOf(',', at));
    }
}
