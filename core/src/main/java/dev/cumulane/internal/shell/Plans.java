// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.shell;

import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.internal.machine.RunPlan;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.pipeline.Plan;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Plans by fingerprint. A run follows the plan that was stored before it began, whatever is registered now. */
final class Plans {
    private final ArtifactStore store;
    private final Map<Digest, RunPlan> known = new ConcurrentHashMap<>();

    Plans(ArtifactStore store) {
        this.store = store;
    }

    /** Stores a plan, once. */
    RunPlan keep(Plan plan) {
        RunPlan runPlan = RunPlan.of(plan);
        if (known.putIfAbsent(runPlan.fingerprint(), runPlan) == null) {
            try {
                store.put(plan.bytes());
            } catch (RuntimeException e) {
                known.remove(runPlan.fingerprint());
                throw e;
            }
        }
        return runPlan;
    }

    RunPlan get(Digest fingerprint) {
        RunPlan plan = known.get(fingerprint);
        if (plan != null) {
            return plan;
        }
        byte[] bytes = store.read(fingerprint, Plan.LARGEST)
                .orElseThrow(() -> CloudException.permanent("artifact store", "plan " + fingerprint + " is not there"));
        RunPlan read = RunPlan.of(Plan.parse(bytes));
        known.put(fingerprint, read);
        return read;
    }
}
