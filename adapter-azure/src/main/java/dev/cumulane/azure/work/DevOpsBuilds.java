// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.work;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.WorkOrder;
import dev.cumulane.cloud.WorkRunner;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.TrustLevel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Runs builds on Azure Pipelines: one pipeline of Azure DevOps for each pipeline and trust level, {@linkplain BuildPipeline the same few lines} in each, all else said with
 * each start.
 *
 * <p>Azure DevOps starts twice what it is asked twice; {@link PipelineRuns} sees to it that this is rare, and where it fails the claim in the order still lets one run only take
 * effect. Of several runs of an attempt, it is over when all are.
 *
 * <p>A run's id is that of its build, such as {@code 417}.
 */
public final class DevOpsBuilds implements WorkRunner {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SERVICE = "Azure DevOps";

    /** The engine stops work in time; the limit of Azure Pipelines comes into play when the engine is away. */
    private static final Duration LATER_THAN_THE_ENGINE = Duration.ofMinutes(10);

    private final PipelineRuns runs;
    private final BuildSettings settings;
    private final Function<WorkOrder, String> launcher;

    /**
     * A runner of builds. Does no I/O.
     *
     * @param runs starts and finds them
     * @param settings how they are run
     * @param launcher writes the launcher of an order, at most 2 KiB
     */
    public DevOpsBuilds(PipelineRuns runs, BuildSettings settings, Function<WorkOrder, String> launcher) {
        this.runs = runs;
        this.settings = settings;
        this.launcher = launcher;
    }

    @Override
    public Optional<String> refusal(String image, Duration within) {
        Duration longest = settings.agents().longest();
        return within.compareTo(longest) > 0
                ? Optional.of("may take " + within + ", and a build on these agents takes at most " + longest)
                : Optional.empty();
    }

    @Override
    public String start(WorkOrder order) {
        AttemptId attempt = order.attempt();
        return runs.start(new PipelineRuns.Start(
                attempt.toString(),
                settings.names().project(WorkNames.pipeline(attempt), order.trust()),
                WorkNames.run(attempt),
                "starts/" + attempt.key(),
                request(order)));
    }

    private ObjectNode request(WorkOrder order) {
        WorkOrder.Container container = container(order);
        String name = settings.names().project(WorkNames.pipeline(order.attempt()), order.trust());
        ObjectNode request = JSON.createObjectNode();
        ObjectNode parameters = request.putObject("templateParameters");
        parameters.put(BuildPipeline.ATTEMPT, WorkNames.run(order.attempt()));
        parameters.put(BuildPipeline.IMAGE, container.image());
        parameters.put(BuildPipeline.MINUTES, Long.toString(minutes(order)));
        if (!order.secrets().isEmpty()) {
            parameters.put(
                    BuildPipeline.GROUP,
                    settings.names().group(name, order.secrets().values()));
            parameters.put(
                    BuildPipeline.SECRETS, JSON.valueToTree(order.secrets()).toString());
            parameters.put(
                    BuildPipeline.VARIABLES, String.join(" ", order.secrets().keySet()));
        }
        request.putObject("variables")
                .putObject(BuildPipeline.LAUNCHER)
                .put("value", BuildPipeline.line(launcher.apply(order)))
                .put("isSecret", true);
        return request;
    }

    private static WorkOrder.Container container(WorkOrder order) {
        if (!(order.runs() instanceof WorkOrder.Container container)) {
            throw new IllegalArgumentException("not a build: " + order.attempt() + " is a function stage");
        }
        if (!container.services().isEmpty()) {
            throw CloudException.permanent(
                    SERVICE, "builds on Azure Pipelines run no containers beside them: " + order.attempt());
        }
        if (order.trust() == TrustLevel.UNTRUSTED && !order.secrets().isEmpty()) {
            throw CloudException.permanent(
                    SERVICE,
                    "an untrusted run gets no secrets: " + order.attempt() + " names "
                            + order.secrets().keySet());
        }
        return container;
    }

    private long minutes(WorkOrder order) {
        Duration longest = settings.agents().longest();
        if (order.within().compareTo(longest) > 0) {
            throw CloudException.permanent(
                    SERVICE,
                    "a build takes at most " + longest.toHours() + " hours on these agents; " + order.attempt()
                            + " may take " + order.within());
        }
        Duration limit = order.within().plus(LATER_THAN_THE_ENGINE).plusSeconds(59);
        return Math.min(limit.toMinutes(), longest.toMinutes());
    }

    @Override
    public void stop(AttemptId attempt, String serviceId) {
        List<JsonNode> builds = new ArrayList<>(builds(attempt));
        runs.build(serviceId)
                .filter(build -> isOf(build, attempt)
                        && builds.stream()
                                .noneMatch(each -> PipelineRuns.id(each).equals(serviceId)))
                .ifPresent(builds::add);
        builds.forEach(build -> runs.cancel(attempt.toString(), build));
    }

    @Override
    public Phase look(AttemptId attempt, String serviceId) {
        Optional<JsonNode> build = runs.build(serviceId);
        if (build.isEmpty()) {
            return Phase.UNKNOWN;
        }
        boolean over =
                PipelineRuns.isOver(build.get()) && builds(attempt).stream().allMatch(PipelineRuns::isOver);
        return over ? Phase.OVER : Phase.LIVING;
    }

    /**
     * What to make of a hook that says a build is over.
     *
     * @param serviceId the build, from {@link BuildEvents#completed}
     * @return the attempt, if it is one's own and all runs of it are over
     * @throws CloudException if the service cannot be asked
     */
    public Optional<AttemptId> over(String serviceId) {
        return runs.build(serviceId).flatMap(this::attempt).filter(attempt -> look(attempt, serviceId) == Phase.OVER);
    }

    private Optional<AttemptId> attempt(JsonNode build) {
        List<String> names = new ArrayList<>(List.of(build.path("buildNumber").asText()));
        build.path("tags").forEach(tag -> names.add(tag.asText()));
        return names.stream()
                .flatMap(name -> WorkNames.attempt(name).stream())
                .filter(attempt -> isOf(build, attempt))
                .findFirst();
    }

    /** Of several runs of the attempt a living one is found first, then the one that was started first. */
    @Override
    public Optional<String> find(AttemptId attempt) {
        return PipelineRuns.first(builds(attempt));
    }

    private List<JsonNode> builds(AttemptId attempt) {
        return runs.of(attempt.toString(), WorkNames.run(attempt), pipeline -> isPipelineOf(pipeline, attempt));
    }

    private boolean isOf(JsonNode build, AttemptId attempt) {
        return PipelineRuns.isOf(build, WorkNames.run(attempt), pipeline -> isPipelineOf(pipeline, attempt));
    }

    private boolean isPipelineOf(String name, AttemptId attempt) {
        return Arrays.stream(TrustLevel.values())
                .map(trust -> settings.names().project(WorkNames.pipeline(attempt), trust))
                .anyMatch(name::equalsIgnoreCase);
    }
}
