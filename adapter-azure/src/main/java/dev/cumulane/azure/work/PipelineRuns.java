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
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs of pipelines of Azure DevOps, each known by a name that its start gives it.
 *
 * <p>Azure DevOps starts twice what it is asked twice and has no token against it. So a start is written down before it is made, is not repeated when its answer was lost, and is
 * searched for, by the run's name and by its tag, before it is made again. Any thread.
 */
public final class PipelineRuns {
    private static final Logger LOG = LoggerFactory.getLogger(PipelineRuns.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SERVICE = "Azure DevOps";
    private static final String ID = "[1-9][0-9]{0,9}";
    private static final int MOST_FOUND = 20;
    private static final int LOCKS = 64;

    private final DevOpsApi api;
    private final Intents intents;
    private final Striped<Lock> starting = Striped.lock(LOCKS);
    private final Map<String, Integer> pipelines = new ConcurrentHashMap<>();

    /**
     * Runs in a project. Does no I/O.
     *
     * @param api the project
     * @param artifacts where it is written down that a start is about to be made
     * @param clock the time, by which such a note ages
     */
    public PipelineRuns(DevOpsApi api, ArtifactStore artifacts, InstantSource clock) {
        this.api = api;
        this.intents = new Intents(artifacts, clock);
    }

    /**
     * What is to be started.
     *
     * @param what it is, for messages
     * @param pipeline the name of the pipeline
     * @param run the name that the run gets
     * @param note where it is written down
     * @param request what is asked
     */
    public record Start(String what, String pipeline, String run, String note, ObjectNode request) {}

    /**
     * Starts a run, unless it was started.
     *
     * @param start what is to be started
     * @return the run's id
     * @throws CloudException if it is not started, or cannot be seen yet
     */
    public String start(Start start) {
        Lock lock = starting.get(start.run());
        lock.lock();
        try {
            int pipeline = number(start);
            Intents.Turn turn = intents.ask(start.note(), start.what());
            Optional<String> started = turn == Intents.Turn.FIRST
                    ? Optional.empty()
                    : first(of(start.what(), start.run(), start.pipeline()::equalsIgnoreCase));
            if (started.isPresent()) {
                return started.get();
            }
            if (turn == Intents.Turn.ANOTHERS) {
                throw CloudException.retryable(
                        SERVICE,
                        "a start of " + start.what() + " was made less than " + Intents.PATIENCE.toMinutes()
                                + " minutes ago, and cannot be seen yet");
            }
            return run(start, pipeline);
        } finally {
            lock.unlock();
        }
    }

    private String run(Start start, int pipeline) {
        JsonNode run = api.postOnce("start " + start.what(), "pipelines/" + pipeline + "/runs", start.request())
                .orElseThrow(() -> {
                    pipelines.clear();
                    return CloudException.permanent(
                            SERVICE, "could not start " + start.what() + ": pipeline " + pipeline + " is gone");
                });
        String id = run.path("id").asText();
        if (!id.matches(ID)) {
            throw CloudException.retryable(SERVICE, "the answer to the start of " + start.what() + " names no run");
        }
        tag(start, id);
        return id;
    }

    /** The second way to find the run. */
    private void tag(Start start, String id) {
        try {
            api.change(
                    "tag the run of " + start.what(),
                    HttpMethod.PUT,
                    "build/builds/" + id + "/tags/" + start.run(),
                    MissingNode.getInstance());
        } catch (CloudException e) {
            LOG.info("Run {} of {} has no tag yet: {}", id, start.what(), e.getMessage());
        }
    }

    /** The number of a pipeline, which only the service knows. */
    private int number(Start start) {
        String name = start.pipeline();
        return pipelines.computeIfAbsent(name, missing -> {
            JsonNode found = api.get("find pipeline " + name, "build/definitions", new TreeMap<>(Map.of("name", name)))
                    .orElse(MissingNode.getInstance());
            for (JsonNode each : found.path("value")) {
                if (each.path("name").asText().equalsIgnoreCase(name)) {
                    return each.path("id").intValue();
                }
            }
            throw CloudException.permanent(
                    SERVICE,
                    "could not start " + start.what() + ": pipeline " + name + " is missing in " + api + "; "
                            + AzureNames.INSTALL + " installs it");
        });
    }

    /**
     * Of several runs the one that counts.
     *
     * @param builds the runs
     * @return the id of a living one, else of the one that was started first; empty of none
     */
    public static Optional<String> first(List<JsonNode> builds) {
        return builds.stream()
                .min(Comparator.comparing(PipelineRuns::isOver)
                        .thenComparingInt(build -> build.path("id").asInt()))
                .map(PipelineRuns::id);
    }

    /**
     * The runs of a name: by that, and where that finds none by their tag.
     *
     * @param what is looked for, for messages
     * @param run the name
     * @param pipeline whether a run of a pipeline of this name counts: names of runs are anybody's to choose
     * @return the runs, as builds
     */
    public List<JsonNode> of(String what, String run, Predicate<String> pipeline) {
        List<JsonNode> named = listed(what, "buildNumber", run, pipeline);
        return named.isEmpty() ? listed(what, "tagFilters", run, pipeline) : named;
    }

    private List<JsonNode> listed(String what, String filter, String run, Predicate<String> pipeline) {
        Map<String, String> query = new TreeMap<>(
                Map.of(filter, run, "$top", Integer.toString(MOST_FOUND), "queryOrder", "queueTimeDescending"));
        List<JsonNode> builds = new ArrayList<>();
        api.get("find " + what, "build/builds", query)
                .orElse(MissingNode.getInstance())
                .path("value")
                .forEach(build -> {
                    if (isOf(build, run, pipeline)) {
                        builds.add(build);
                    }
                });
        return builds;
    }

    /**
     * Whether a run has a name and is of a pipeline.
     *
     * @param build the run
     * @param run the name
     * @param pipeline whether a run of a pipeline of this name counts
     * @return true if it has both
     */
    public static boolean isOf(JsonNode build, String run, Predicate<String> pipeline) {
        boolean named = build.path("buildNumber").asText().equals(run);
        for (JsonNode tag : build.path("tags")) {
            named |= tag.asText().equals(run);
        }
        return named && pipeline.test(build.path("definition").path("name").asText());
    }

    /**
     * A run.
     *
     * @param id its id
     * @return the run, as a build; empty if there is none
     */
    public Optional<JsonNode> build(String id) {
        return id.matches(ID) ? api.get("look at build " + id, "build/builds/" + id, Map.of()) : Optional.empty();
    }

    /**
     * Asks for a run's end. One that is over stays as it is.
     *
     * @param what runs, for messages
     * @param build the run
     */
    public void cancel(String what, JsonNode build) {
        if (!isOver(build)) {
            ObjectNode change = JSON.createObjectNode().put("status", "cancelling");
            api.change("stop " + what, HttpMethod.PATCH, "build/builds/" + id(build), change);
        }
    }

    /**
     * What a run has done so far: its stages, jobs, steps and checks.
     *
     * @param build the run
     * @return the records of its timeline; a missing node if it has none yet
     */
    public JsonNode records(JsonNode build) {
        String path = "build/builds/" + id(build) + "/timeline/"
                + build.at("/orchestrationPlan/planId").asText();
        return api.get("look at run " + id(build), path, Map.of())
                .orElse(MissingNode.getInstance())
                .path("records");
    }

    /**
     * The project, for what is asked of runs besides.
     *
     * @return the project
     */
    public DevOpsApi api() {
        return api;
    }

    /**
     * The id of a run.
     *
     * @param build the run
     * @return the id
     */
    public static String id(JsonNode build) {
        return build.path("id").asText();
    }

    /**
     * Whether a run is over, in whatever way.
     *
     * @param build the run
     * @return false if it goes on
     */
    public static boolean isOver(JsonNode build) {
        return build.path("status").asText().equals("completed");
    }
}
