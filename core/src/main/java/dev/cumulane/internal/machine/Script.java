// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

import dev.cumulane.pipeline.Rollout;
import dev.cumulane.run.RunEvent.Step;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A line of a deployment's script.
 *
 * @param hold how long to wait before it
 * @param step what must become true
 * @param percent the share of the traffic, for a shift
 */
record Script(Duration hold, Step step, int percent) {
    static List<Script> of(Rollout rollout) {
        List<Script> script = new ArrayList<>();
        script.add(line(Step.PREPARE, 0));
        if (rollout instanceof Rollout.Canary canary) {
            script.add(line(Step.SHIFT, canary.percent()));
            script.add(new Script(canary.hold(), Step.CHECK, 0));
            for (Rollout.Share share : canary.then()) {
                script.add(line(Step.SHIFT, share.percent()));
                script.add(new Script(canary.hold(), Step.CHECK, 0));
            }
        }
        script.add(line(Step.SHIFT, 100));
        script.add(line(Step.CHECK, 0));
        if (rollout instanceof Rollout.BlueGreen blueGreen) {
            script.add(new Script(blueGreen.keeping(), Step.CHECK, 0));
        }
        script.add(line(Step.COMPLETE, 0));
        return List.copyOf(script);
    }

    private static Script line(Step step, int percent) {
        return new Script(Duration.ZERO, step, percent);
    }
}
