// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.shell;

import dev.cumulane.cloud.Capability;
import dev.cumulane.cloud.Cloud;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.Plan;
import dev.cumulane.pipeline.Stage;
import dev.cumulane.run.SourceEvent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The pipelines that an engine can start, each as the plan that it has in this engine's cloud. */
final class Registry {
    private static final Logger LOG = LoggerFactory.getLogger(Registry.class);

    private final Cloud cloud;
    private final Plans plans;
    private final SortedMap<String, Plan> pipelines = new TreeMap<>();

    /** By the name of a pipeline, the plans of those that it runs, and that they run. */
    private final SortedMap<String, List<Plan>> children = new TreeMap<>();

    /** By a repository's clone URL, its short name. */
    private final SortedMap<String, String> repositories = new TreeMap<>();

    Registry(Cloud cloud, Plans plans) {
        this.cloud = cloud;
        this.plans = plans;
    }

    /**
     * Registers pipelines.
     *
     * @throws IllegalArgumentException with all the reasons why they cannot run here
     */
    void register(List<Pipeline> registered) {
        List<String> problems = new ArrayList<>();
        for (Pipeline pipeline : registered) {
            PlanCheck.problems(pipeline, cloud)
                    .forEach(problem -> problems.add("pipeline '" + pipeline.name() + "': " + problem));
            if (pipelines.containsKey(pipeline.name())) {
                problems.add("two pipelines are called '" + pipeline.name() + "'");
            }
            pipelines.put(pipeline.name(), pipeline.plan());
        }
        problems.addAll(Triggers.problems(pipelines));
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join(System.lineSeparator(), problems));
        }
        for (String missing : Triggers.missing(pipelines)) {
            LOG.warn("A pipeline is to run after '{}', which is not registered here; there are: {}", missing, names());
        }
        for (Pipeline pipeline : registered) {
            List<Plan> below = new ArrayList<>();
            pipelines.put(pipeline.name(), pinned(pipeline, below));
            children.put(pipeline.name(), below);
        }
    }

    /** A pipeline's plan with the digest of its code, and with the fingerprints that the plans of its children have in this cloud. */
    private Plan pinned(Pipeline pipeline, List<Plan> below) {
        Plan plan = code(pipeline).map(pipeline.plan()::withCode).orElse(pipeline.plan());
        if (pipeline.children().isEmpty()) {
            return plan;
        }
        List<Stage> stages = new ArrayList<>();
        for (Stage stage : plan.stages()) {
            if (stage instanceof Stage.Child child) {
                Plan called = pinned(Objects.requireNonNull(pipeline.children().get(child.name())), below);
                below.add(called);
                stages.add(new Stage.Child(
                        child.name(), child.needs(), child.called().following(called.fingerprint()), child.limits()));
            } else {
                stages.add(stage);
            }
        }
        return plan.withStages(stages);
    }

    private Optional<Digest> code(Pipeline pipeline) {
        if (pipeline.functions().isEmpty()) {
            return Optional.empty();
        }
        return cloud.capabilities().contains(Capability.CODE_BY_DIGEST)
                ? Optional.of(
                        CodeArchive.keep(cloud.artifacts(), pipeline.functions().values()))
                : cloud.deployedCode();
    }

    /** The names, sorted. */
    List<String> names() {
        return List.copyOf(pipelines.keySet());
    }

    /**
     * A pipeline's plan.
     *
     * @throws IllegalArgumentException if there is no such pipeline
     */
    Plan plan(String pipeline) {
        Plan plan = pipelines.get(pipeline);
        if (plan == null) {
            throw new IllegalArgumentException("there is no pipeline '" + pipeline.replaceAll("\\p{Cntrl}", "?")
                    + "'; there are: " + (pipelines.isEmpty() ? "none" : String.join(", ", pipelines.keySet())));
        }
        return plan;
    }

    /** Stores a plan, after those that it names. */
    Digest keep(Plan plan) {
        children.getOrDefault(plan.pipeline(), List.of()).forEach(plans::keep);
        return plans.keep(plan);
    }

    /** The plans, by name. */
    SortedMap<String, Plan> plans() {
        return Collections.unmodifiableSortedMap(pipelines);
    }

    /** Gives a repository, by its clone URL, the short name by which triggers know it. */
    void name(String url, String repository) {
        repositories.put(url, repository);
    }

    /** The names of the pipelines that a source event triggers. */
    List<String> triggeredBy(SourceEvent source) {
        Optional<String> repository =
                Optional.ofNullable(repositories.get(source.commit().repository()));
        return pipelines.values().stream()
                .filter(plan -> Triggers.match(plan, source, repository))
                .map(Plan::pipeline)
                .toList();
    }
}
