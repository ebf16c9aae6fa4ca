// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

import dev.cumulane.pipeline.Stage;
import dev.cumulane.run.Verdict;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/** How the groups of a run stand. */
final class Gatherings {
    private final RunPlan plan;
    private final SortedMap<Integer, Gathering> groups = new TreeMap<>();

    /** Of a run in which nothing has ended. */
    Gatherings(RunPlan plan) {
        this.plan = plan;
        for (RunPlan.Fan fan : plan.fans()) {
            int whole = plan.graph().number(fan.stage());
            groups.put(whole, new Gathering(((Stage.FanOut) plan.stage(whole)).policy(), fan.cells()));
        }
        for (int i = 0; i < plan.size(); i++) {
            if (plan.stage(i) instanceof Stage.Group group) {
                groups.put(i, new Gathering(group.policy(), group.members().size()));
            }
        }
    }

    /** How a group stands. */
    Gathering of(int group) {
        return Objects.requireNonNull(groups.get(group), "not a group");
    }

    /** Notes how a stage ended; true if its group needs the rest of its members no more from now on. */
    boolean add(int stage, Verdict verdict) {
        int number = plan.groupOf(stage);
        if (number < 0) {
            return false;
        }
        Gathering group = of(number);
        boolean before = group.stopsTheRest();
        group.add(verdict);
        return group.stopsTheRest() && !before;
    }

    /** Whether a stage's group needs it no more. */
    boolean isSurplus(int stage) {
        int group = plan.groupOf(stage);
        return group >= 0 && of(group).stopsTheRest();
    }
}
