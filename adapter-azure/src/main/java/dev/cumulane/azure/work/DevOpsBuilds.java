// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.work;

import com.azure.core.http.HttpMethod;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.util.concurrent.Striped;
import dev.cumulane.azure.client.AzureNames;
import dev.cumulane.azure.client.DevOpsApi;
import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.WorkOrder;
import dev.cumulane.cloud.WorkRunner;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.TrustLevel;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs builds on Azure Pipelines: one pipeline of Azure DevOps for each pipeline and trust level, {@linkplain BuildPipeline the same few lines} in each, all else said with
 * each start.
 *
 * <p>Azure DevOps starts twice what it is asked twice and has no token against it. So a start is written down before it is made ({@code starts/<attempt>} in the artifact
 * store), is not repeated when its answer was lost, and is searched for, by the name that the run has from the attempt, before it is made again; and where all that fails
 * the claim in the order still lets one run only take effect. Of several runs of an attempt, it is over when all are.
 *
 * <p>A run's id is that of its build, such as {@code 417}.
 */
public final class DevOpsBuilds implements WorkRunner {
    private static final Logger LOG = LoggerFactory.getLogger(DevOpsBuilds.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SERVICE = "Azure DevOps";
    private static final String ID = "[1-9][0-9]{0,9}";
    private static final String COMPLETED = "completed";

    /** The engine stops work in time; the limit of Azure Pipelines comes into play when the engine is away. */
    private static final Duration LATER_THAN_THE_ENGINE = Duration.ofMinutes(10);

    private static final int MOST_FOUND = 20;
    private static final int LOCKS = 64;

    private final DevOpsApi project;
    private final BuildSettings settings;
    private final Intents intents;
    private final Function<WorkOrder, String> launcher;
    private final Striped<Lock> starting = Striped.lock(LOCKS);
    private final Map<String, Integer> pipelines = new ConcurrentHashMap<>();

    /**
     * A runner of builds. Does no I/O.
     *
     * @param project where they run
     * @param settings how they are run
     * @param artifacts where it is written down that a start is about to be made
     * @param clock the time, by which such a note ages
     * @param launcher writes the launcher of an order, at most 2 KiB
     */
    public DevOpsBuilds(
            DevOpsApi project,
            BuildSettings settings,
            ArtifactStore artifacts,
            InstantSource clock,
            Function<WorkOrder, String> launcher) {
        this.project = project;
        this.settings = settings;
        this.intents = new Intents(artifacts, clock);
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
        ObjectNode request = request(order);
        AttemptId attempt = order.attempt();
        Lock lock = starting.get(attempt);
        lock.lock();
        try {
            int pipeline = pipeline(attempt, order.trust());
            Intents.Turn turn = intents.ask(attempt);
            Optional<String> started = turn == Intents.Turn.FIRST ? Optional.empty() : find(attempt);
            if (started.isPresent()) {
                return started.get();
            }
            if (turn == Intents.Turn.ANOTHERS) {
                throw CloudException.retryable(
                        SERVICE,
                        "a start of " + attempt + " was made less than " + Intents.PATIENCE.toMinutes()
                                + " minutes ago, and cannot be seen yet");
            }
            return run(attempt, pipeline, request);
        } finally {
            lock.unlock();
        }
    }

    private String run(AttemptId attempt, int pipeline, ObjectNode request) {
        JsonNode run = project.postOnce("start " + attempt, "pipelines/" + pipeline + "/runs", request)
                .orElseThrow(() -> {
                    pipelines.clear();
                    return CloudException.permanent(
                            SERVICE, "could not start " + attempt + ": pipeline " + pipeline + " is gone");
                });
        String id = run.path("id").asText();
        if (!id.matches(ID)) {
            throw CloudException.retryable(SERVICE, "the answer to the start of " + attempt + " names no run");
        }
        tag(attempt, id);
        return id;
    }

    /** The second way to find the run; it also tags itself when it begins. */
    private void tag(AttemptId attempt, String id) {
        String path = "build/builds/" + id + "/tags/" + WorkNames.run(attempt);
        try {
            project.change("tag the run of " + attempt, HttpMethod.PUT, path, MissingNode.getInstance());
        } catch (CloudException e) {
            LOG.info("Run {} of {} has no tag yet: {}", id, attempt, e.getMessage());
        }
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

    /** The number of a pipeline of Azure DevOps, which only the service knows. */
    private int pipeline(AttemptId attempt, TrustLevel trust) {
        String name = settings.names().project(WorkNames.pipeline(attempt), trust);
        return pipelines.computeIfAbsent(name, missing -> {
            JsonNode found = project.get(
                            "find pipeline " + name, "build/definitions", new TreeMap<>(Map.of("name", name)))
                    .orElse(MissingNode.getInstance());
            for (JsonNode each : found.path("value")) {
                if (each.path("name").asText().equalsIgnoreCase(name)) {
                    return each.path("id").intValue();
                }
            }
            throw CloudException.permanent(
                    SERVICE,
                    "could not start " + attempt + ": pipeline " + name + " is missing in " + project + "; "
                            + AzureNames.INSTALL + " installs it");
        });
    }

    @Override
    public void stop(AttemptId attempt, String serviceId) {
        List<JsonNode> builds = new ArrayList<>(builds(attempt));
        build(serviceId)
                .filter(build -> isOf(build, attempt) && builds.stream().noneMatch(each -> id(each).equals(serviceId)))
                .ifPresent(builds::add);
        for (JsonNode build : builds) {
            if (!isOver(build)) {
                ObjectNode change = JSON.createObjectNode().put("status", "cancelling");
                project.change("stop " + attempt, HttpMethod.PATCH, "build/builds/" + id(build), change);
            }
        }
    }

    @Override
    public Phase look(AttemptId attempt, String serviceId) {
        Optional<JsonNode> build = build(serviceId);
        if (build.isEmpty()) {
            return Phase.UNKNOWN;
        }
        boolean over = isOver(build.get()) && builds(attempt).stream().allMatch(DevOpsBuilds::isOver);
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
        return build(serviceId).flatMap(this::attempt).filter(attempt -> look(attempt, serviceId) == Phase.OVER);
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
        return builds(attempt).stream()
                .min(Comparator.comparing(DevOpsBuilds::isOver)
                        .thenComparingInt(build -> build.path("id").asInt()))
                .map(DevOpsBuilds::id);
    }

    /** The runs of an attempt: by their name, and where that finds none by their tag. */
    private List<JsonNode> builds(AttemptId attempt) {
        String run = WorkNames.run(attempt);
        List<JsonNode> named = listed(attempt, "buildNumber", run);
        return named.isEmpty() ? listed(attempt, "tagFilters", run) : named;
    }

    private List<JsonNode> listed(AttemptId attempt, String filter, String value) {
        Map<String, String> query = new TreeMap<>(
                Map.of(filter, value, "$top", Integer.toString(MOST_FOUND), "queryOrder", "queueTimeDescending"));
        List<JsonNode> builds = new ArrayList<>();
        project.get("find " + attempt, "build/builds", query)
                .orElse(MissingNode.getInstance())
                .path("value")
                .forEach(build -> {
                    if (isOf(build, attempt)) {
                        builds.add(build);
                    }
                });
        return builds;
    }

    private Optional<JsonNode> build(String serviceId) {
        return serviceId.matches(ID)
                ? project.get("look at build " + serviceId, "build/builds/" + serviceId, Map.of())
                : Optional.empty();
    }

    private static String id(JsonNode build) {
        return build.path("id").asText();
    }

    private static boolean isOver(JsonNode build) {
        return build.path("status").asText().equals(COMPLETED);
    }

    /** Whether it is a run of the attempt, in a pipeline of this installation: names of runs are anybody's to choose. */
    private boolean isOf(JsonNode build, AttemptId attempt) {
        String run = WorkNames.run(attempt);
        boolean named = build.path("buildNumber").asText().equals(run);
        for (JsonNode tag : build.path("tags")) {
            named |= tag.asText().equals(run);
        }
        String definition = build.path("definition").path("name").asText();
        boolean ours = false;
        for (TrustLevel trust : TrustLevel.values()) {
            ours |= settings.names().project(WorkNames.pipeline(attempt), trust).equalsIgnoreCase(definition);
        }
        return named && ours;
    }
}
