// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

import dev.cumulane.pipeline.Environment;
import dev.cumulane.pipeline.Plan;
import dev.cumulane.pipeline.Stage;
import dev.cumulane.pipeline.Value;
import dev.cumulane.run.TrustLevel;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/**
 * What the registered pipelines need: found in their plans, so that an installation has exactly that. For those who write {@linkplain Blueprint blueprints}; does no I/O.
 *
 * @param builds for each pipeline with container builds the sets of secrets that builds are given, each as its references joined by spaces
 * @param functions the sets of secrets that function stages are given
 * @param environments the environments that are deployed to
 * @param alarms the alarms that deployments watch
 */
public record Needs(
        SortedMap<String, NavigableSet<String>> builds,
        NavigableSet<String> functions,
        NavigableSet<String> environments,
        NavigableSet<String> alarms) {
    /** Trust levels whose work may be given secrets. */
    public static final List<TrustLevel> WITH_SECRETS = List.of(TrustLevel.TRUSTED, TrustLevel.INTERNAL);

    /**
     * What these plans need.
     *
     * @param plans every pipeline's plan
     * @return the needs, sorted
     */
    public static Needs of(List<Plan> plans) {
        Needs needs = new Needs(new TreeMap<>(), new TreeSet<>(), new TreeSet<>(), new TreeSet<>());
        for (Plan plan : plans) {
            plan.stages().forEach(stage -> needs.add(plan.pipeline(), stage));
        }
        return needs;
    }

    private void add(String pipeline, Stage stage) {
        if (stage instanceof Stage.Build || stage instanceof Stage.Test) {
            builds.computeIfAbsent(pipeline, any -> new TreeSet<>()).add(secrets(stage));
        } else if (stage instanceof Stage.Function) {
            functions.add(secrets(stage));
        } else if (stage instanceof Stage.FanOut whole) {
            add(pipeline, whole.template());
        } else if (stage instanceof Stage.Deploy deploy) {
            environments.add(deploy.delivery().environment().name());
            deploy.delivery().rollout().alarm().ifPresent(alarms::add);
        }
    }

    private static String secrets(Stage stage) {
        NavigableSet<String> references = new TreeSet<>();
        for (Value value : stage.env().values()) {
            if (value instanceof Value.Secret secret) {
                references.add(secret.reference());
            }
        }
        return String.join(" ", references);
    }

    /**
     * The references of a set.
     *
     * @param set as {@link #builds} and {@link #functions} hold it
     * @return its references, sorted
     */
    public static List<String> references(String set) {
        return set.isEmpty() ? Collections.emptyList() : List.of(set.split(" "));
    }

    /**
     * Calls for each worker that there is to be: one without secrets for every trust level, and those with secrets where they may be given.
     *
     * @param worker takes its trust level and the references of its secrets
     */
    public void eachWorker(BiConsumer<TrustLevel, List<String>> worker) {
        for (String set : functions) {
            for (TrustLevel trust : set.isEmpty() ? List.of(TrustLevel.values()) : WITH_SECRETS) {
                worker.accept(trust, references(set));
            }
        }
    }

    /**
     * The references of all sets.
     *
     * @return sorted
     */
    public NavigableSet<String> secrets() {
        NavigableSet<String> all = new TreeSet<>();
        builds.values().forEach(sets -> sets.forEach(set -> all.addAll(references(set))));
        functions.forEach(set -> all.addAll(references(set)));
        return all;
    }

    /**
     * Whether a pipeline puts new versions of the installation in place.
     *
     * @return true if one does
     */
    public boolean updatesItself() {
        return environments.contains(Environment.ITSELF.name());
    }
}
