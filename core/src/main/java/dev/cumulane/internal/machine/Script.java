// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

import dev.cumulane.pipeline.Rollout;
import dev.cumulane.run.RunEvent.Step;
import java.time.Duration;
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
        if (rollout instanceof Rollout.Canary canary) {
            return List.of(
                    line(Step.PREPARE, 0),
                    line(Step.SHIFT, canary.percent()),
                    new Script(canary.hold(), Step.CHECK, 0),
                    line(Step.SHIFT, 100),
                    line(Step.CHECK, 0),
                    line(Step.COMPLETE, 0));
        }
        return List.of(line(Step.PREPARE, 0), line(Step.SHIFT, 100), line(Step.CHECK, 0), line(Step.COMPLETE, 0));
    }

    private static Script line(Step step, int percent) {
        return new Script(Duration.ZERO, step, percent);
    }
}
