// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.shell;

import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.internal.codec.Codec;
import dev.cumulane.internal.codec.Coding;
import dev.cumulane.internal.codec.NewerFormException;
import dev.cumulane.internal.json.MalformedJsonException;
import dev.cumulane.internal.machine.RunPlan;
import dev.cumulane.internal.machine.TakenOver;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.pipeline.Plan;
import dev.cumulane.run.Lineage;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Plans by fingerprint. A run follows the plan that was stored before it began, whatever is registered now. */
final class Plans {
    private final ArtifactStore store;
    private final Coding coding;
    private final Map<Digest, RunPlan> known = new ConcurrentHashMap<>();
    private final Map<String, Digest> kept = new ConcurrentHashMap<>();

    Plans(ArtifactStore store, Coding coding) {
        this.store = store;
        this.coding = coding;
    }

    /** Where they are kept. */
    ArtifactStore store() {
        return store;
    }

    /** Stores a plan, once; the answer is its fingerprint. */
    @SuppressWarnings(
            "ReferenceEquality") // A registered plan is one object; to compare the contents would cost as much as to
    // digest them.
    Digest keep(Plan plan) {
        Digest stored = kept.get(plan.pipeline());
        RunPlan same = stored == null ? null : known.get(stored);
        if (same != null && same.plan() == plan) {
            return same.fingerprint();
        }
        RunPlan runPlan = coding.plan(plan);
        store.put(plan.bytes());
        known.put(runPlan.fingerprint(), runPlan);
        kept.put(plan.pipeline(), runPlan.fingerprint());
        return runPlan.fingerprint();
    }

    /** The plan of a run, with what the run takes over. */
    RunPlan of(Digest fingerprint, Optional<Lineage> lineage) {
        RunPlan plan = get(fingerprint);
        Optional<Digest> taken = lineage.flatMap(
                from -> from instanceof Lineage.Repetition repetition ? repetition.taken() : Optional.empty());
        return taken.isPresent() ? plan.taking(takenOver(taken.get())) : plan;
    }

    /** Stores what a run takes over from another one. */
    Digest keep(TakenOver taken) {
        return store.put(Codec.bytes(taken));
    }

    private TakenOver takenOver(Digest digest) {
        byte[] bytes = store.read(digest, Codec.MOST_TAKEN_OVER)
                .orElseThrow(() -> CloudException.permanent(
                        "artifact store", "the list " + digest + " of stages to be taken over is not there"));
        try {
            return Codec.takenOver(bytes);
        } catch (MalformedJsonException e) {
            throw CloudException.permanent(
                    "artifact store", "the list " + digest + " of stages to be taken over: " + e.getMessage(), e);
        }
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
