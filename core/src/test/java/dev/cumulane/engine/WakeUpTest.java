// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.engine;

import static dev.cumulane.pipeline.Approvers.anyOf;
import static dev.cumulane.pipeline.Work.container;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.Journal;
import dev.cumulane.cloud.SignalEnvelope;
import dev.cumulane.cloud.Signals;
import dev.cumulane.cloud.StreamId;
import dev.cumulane.cloud.contract.Twisted;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.run.Commit;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.RunId;
import dev.cumulane.testing.SimulatedCloud;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Timers and reads that a run does without: each costs something where it is a call of a service. */
final class WakeUpTest {
    private static final Pipeline SHOP = Pipeline.define("shop", p -> {
        var stage = p.build("build-1", container("alpine:3.22").runs("make"));
        for (int i = 2; i <= 5; i++) {
            stage = p.build("build-" + i, container("alpine:3.22").runs("make")).after(stage);
        }
        p.approval("release", anyOf("ada")).after(stage).expiresAfter(Duration.ofDays(3));
    });

    private final SimulatedCloud world = SimulatedCloud.of(SHOP);
    private final List<Instant> wakes = new ArrayList<>();
    private final AtomicInteger reads = new AtomicInteger();
    private final Signals signals = Twisted.of(Signals.class, world.signals(), "send/2", (right, given) -> {
        if (((SignalEnvelope) given[0]).id().startsWith("wake/")) {
            wakes.add((Instant) given[1]);
        }
        right.send((SignalEnvelope) given[0], (Instant) given[1]);
        return Twisted.NOTHING;
    });
    private final Journal journal = Twisted.of(Journal.class, world.journal(), "read/3", (right, given) -> {
        reads.incrementAndGet();
        return right.read((StreamId) given[0], (Long) given[1], (Integer) given[2]);
    });
    private final Cloud cloud = Twisted.of(
            Cloud.class,
            Twisted.of(Cloud.class, world, "signals/0", (right, given) -> signals),
            "journal/0",
            (right, given) -> journal);

    private static Commit head() {
        return new Commit("https://example.com/shop.git", "main", "4f1c2ab0".repeat(5));
    }

    @Test
    void one_wake_up_stands_for_all_later_deadlines_and_when_it_comes_the_next_is_sent() {
        try (Engine engine = Engine.on(cloud).register(SHOP).open()) {
            RunId run = engine.start("shop", head(), "ada");
            world.settle();
            assertThat(wakes).hasSize(1);

            world.advance(Duration.ofHours(25));
            assertThat(wakes).hasSizeBetween(2, 3);
            assertThat(engine.find(run).orElseThrow().outcome()).isEmpty();

            world.advance(Duration.ofDays(3));
            assertThat(engine.find(run).orElseThrow().outcome()).contains(Outcome.TIMEOUT);
        }
    }

    @Test
    void what_has_ended_is_not_read_again_by_the_process_that_saw_it_end() {
        try (Engine engine = Engine.on(cloud).register(SHOP).open()) {
            RunId run = engine.start("shop", head(), "ada");
            world.settle();
            engine.cancel(run, "grace", "enough");
            world.settle();
            int before = reads.get();

            assertThat(engine.find(run).orElseThrow().outcome()).contains(Outcome.CANCELLATION);
            assertThat(reads).hasValue(before);
        }
    }
}
