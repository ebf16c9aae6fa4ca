// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.simulation;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Shows one life: {@code -Dtest=OneLifeTest -Dcumulane.seed=…}, and {@code -Dcumulane.profile=…} for one with other nets. */
@EnabledIfSystemProperty(named = "cumulane.seed", matches = "[0-9]+", disabledReason = "no life is to be shown")
class OneLifeTest {
    @Test
    void is_shown_and_keeps_the_guarantees() {
        long seed = Long.getLong("cumulane.seed");
        Simulation life =
                Simulation.of(seed, Profile.named(System.getProperty("cumulane.profile", "swarm")), new Coverage());
        System.out.print(life.invariants().pipeline());
        life.invariants().trace(System.out::println);
        life.live();
    }
}
