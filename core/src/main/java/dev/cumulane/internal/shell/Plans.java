// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.shell;

import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.internal.codec.NewerFormException;
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

    /** Where they are kept. */
    ArtifactStore store() {
        return store;
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
        RunPlan read = RunPlan.of(parse(fingerprint, bytes));
        known.put(fingerprint, read);
        return read;
    }

    private static Plan parse(Digest fingerprint, byte[] bytes) {
        try {
            return Plan.parse(bytes);
        } catch (IllegalArgumentException e) {
            // The bytes are those that the fingerprint names, and an engine wrote them: a later one.
            throw CloudException.permanent(
                    "artifact store",
                    "plan " + fingerprint + " cannot be read by this version: " + e.getMessage(),
                    new NewerFormException(String.valueOf(e.getMessage())));
        }
    }
}
