// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.shell;

import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.internal.codec.Coding;
import dev.cumulane.internal.codec.NewerFormException;
import dev.cumulane.internal.machine.RunPlan;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.pipeline.Plan;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Plans by fingerprint. A run follows the plan that was stored before it began, whatever is registered now. */
final class Plans {
    private final ArtifactStore store;
    private final Coding coding;
    private final Map<Digest, RunPlan> known = new ConcurrentHashMap<>();
    private final Map<String, RunPlan> kept = new ConcurrentHashMap<>();

    Plans(ArtifactStore store, Coding coding) {
        this.store = store;
        this.coding = coding;
    }

    /** Stores a plan, once. */
    RunPlan keep(Plan plan) {
        RunPlan stored = kept.get(plan.pipeline());
        if (stored != null && stored.plan() == plan) {
            return stored;
        }
        RunPlan runPlan = RunPlan.of(plan);
        store.put(plan.bytes());
        known.put(runPlan.fingerprint(), runPlan);
        kept.put(plan.pipeline(), runPlan);
        return runPlan;
    }

    RunPlan get(Digest fingerprint) {
        RunPlan plan = known.get(fingerprint);
        if (plan != null) {
            return plan;
        }
        byte[] bytes = store.read(fingerprint, Plan.LARGEST)
                .orElseThrow(() -> CloudException.permanent("artifact store", "plan " + fingerprint + " is not there"));
        RunPlan read = parse(fingerprint, bytes);
        known.put(fingerprint, read);
        return read;
    }

    private RunPlan parse(Digest fingerprint, byte[] bytes) {
        try {
            return coding.plan(fingerprint, bytes);
        } catch (IllegalArgumentException e) {
            // The bytes are those that the fingerprint names, and an engine wrote them: a later one.
            throw CloudException.permanent(
                    "artifact store",
                    "plan " + fingerprint + " cannot be read by this version: " + e.getMessage(),
                    new NewerFormException(String.valueOf(e.getMessage())));
        }
    }
}
