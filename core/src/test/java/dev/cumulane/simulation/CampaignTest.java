// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.run.RunEvent;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Many lives of the engine. A failure names its seed; {@code -Dcumulane.seed=…} lives that life alone, {@code -Dcumulane.seeds=…} lives more of them, which begin at a
 * number that {@code -Dcumulane.from=…} gives.
 */
class CampaignTest {
    private static final long SEEDS = Long.getLong("cumulane.seeds", 400);
    private static final long FROM = Long.getLong("cumulane.from", 1);

    @Test
    void everyLifeKeepsTheGuarantees() {
        Long one = Long.getLong("cumulane.seed");
        Invariants invariants = new Invariants();
        LongStream seeds = one != null ? LongStream.of(one) : LongStream.range(FROM, FROM + SEEDS);
        seeds.forEach(seed -> live(seed, invariants));
        if (one == null) {
            assertThat(invariants.seen())
                    .as("events that occurred: a campaign in which one does not proves little")
                    .containsExactlyInAnyOrder(RunEvent.class.getPermittedSubclasses());
        }
    }

    private static void live(long seed, Invariants invariants) {
        Simulation life = new Simulation(seed);
        try {
            life.live(invariants);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(
                    "seed " + seed + ": " + e.getMessage() + System.lineSeparator() + life.pipeline(), e);
        }
    }
}
