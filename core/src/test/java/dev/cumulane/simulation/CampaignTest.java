// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.simulation;

import org.junit.jupiter.api.Test;

class CampaignTest {
    @Test
    void runs() {
        Coverage coverage = new Coverage();
        for (long seed = 1; seed < Long.getLong("cumulane.seeds", 100); seed++) {
            Simulation.of(seed, Profile.SWARM, coverage).live();
        }
        System.out.println(coverage);
    }
}
