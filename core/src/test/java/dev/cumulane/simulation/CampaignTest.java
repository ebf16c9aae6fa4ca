// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Many lives of the engine. A failure names its seed, whose life {@link OneLifeTest} shows alone; {@code -Dcumulane.seeds=…} lives more of them, which begin at the number that
 * {@code -Dcumulane.from=…} gives.
 */
class CampaignTest {
    private static final long SEEDS = Long.getLong("cumulane.seeds", 12_000);
    private static final long FROM = Long.getLong("cumulane.from", 1);

    static Stream<Long> keptSeeds() throws IOException {
        try (InputStream in = Objects.requireNonNull(CampaignTest.class.getResourceAsStream("/simulation/seeds.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .map(line -> line.replaceFirst("#.*", "").strip())
                            .filter(line -> !line.isEmpty())
                            .map(Long::valueOf)
                            .toList()
                            .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("keptSeeds")
    void a_life_that_once_failed_keeps_the_guarantees(long seed) {
        Coverage coverage = new Coverage();
        Simulation.of(seed, Profile.SWARM, coverage).live();
        assertThat(coverage.lives()).isEqualTo(1);
    }

    @Test
    void every_life_keeps_the_guarantees_and_together_they_see_everything() {
        Campaign campaign = new Campaign(Profile.SWARM, "working-tree", System.out);
        campaign.run(FROM, SEEDS, Runtime.getRuntime().availableProcessors());
        System.out.print(campaign.coverage());

        assertThat(campaign.failures()).isEmpty();
        assertThat(campaign.coverage().missing())
                .as("what occurred too rarely: a campaign without it proves little")
                .isEmpty();
    }

    @Test
    void without_the_sweep_nothing_is_missed_as_long_as_nothing_is_lost() {
        Campaign campaign = new Campaign(Profile.NO_SWEEP, "working-tree", System.out);
        campaign.run(FROM, SEEDS / 10, Runtime.getRuntime().availableProcessors());

        assertThat(campaign.failures()).isEmpty();
    }
}
