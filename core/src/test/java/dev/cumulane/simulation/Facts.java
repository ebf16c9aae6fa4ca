// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.simulation;

import dev.cumulane.cloud.DeploymentStep;
import dev.cumulane.run.AttemptId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What workers and environments really did, whatever the engine knows of it. */
final class Facts {
    /** What happened to an attempt. */
    static final class Attempt {
        private final Set<String> atWork = new HashSet<>();
        private int effects;
        private boolean died;
        private Instant leftAt = Instant.MAX;

        /** How many workers passed the claim. */
        int effects() {
            return effects;
        }

        /** Whether a worker passed the claim and has not left. */
        boolean isAtWork() {
            return !atWork.isEmpty();
        }

        boolean died() {
            return died;
        }

        void works(String service) {
            effects++;
            atWork.add(service);
        }

        void leaves(String service, boolean dead, Instant now) {
            atWork.remove(service);
            died |= dead;
            leftAt = now;
        }
    }

    private final Invariants all;
    private final Map<AttemptId, Attempt> attempts = new HashMap<>();
    private final Map<String, DeploymentStep> completed = new HashMap<>();

    Facts(Invariants all) {
        this.all = all;
    }

    Attempt of(AttemptId attempt) {
        return attempts.computeIfAbsent(attempt, any -> new Attempt());
    }

    /** Whether its worker has left so long ago that the engine must know. */
    boolean isLongOver(AttemptId attempt) {
        Attempt facts = of(attempt);
        return facts.effects > 0
                && !facts.isAtWork()
                && facts.leftAt.isBefore(all.now().minus(Duration.ofMinutes(16)))
                && !facts.died;
    }

    void completed(DeploymentStep step) {
        completed.put(step.environment(), step);
    }

    /** Whether the last release that went live in the stage's environment is its own. */
    boolean isLive(SeenRun run, String stage) {
        return completed.values().stream()
                .anyMatch(step -> step.run().equals(run.id()) && step.stage().equals(stage));
    }
}
