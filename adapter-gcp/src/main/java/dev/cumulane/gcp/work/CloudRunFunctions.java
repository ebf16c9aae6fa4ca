// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.work;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.FunctionCall;
import dev.cumulane.cloud.WorkOrder;
import dev.cumulane.cloud.WorkRunner;
import dev.cumulane.gcp.client.GcpService;
import dev.cumulane.gcp.client.GoogleApi;
import dev.cumulane.gcp.client.GoogleApiException;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.TrustLevel;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/**
 * Runs function stages in the worker function: a task of Cloud Tasks sends the call to the revision whose code the run began with, which is found by its tag.
 *
 * <p>A task's name is made of the attempt, and Cloud Tasks takes a name once, so a start can be repeated. The name is the work's id. A task waits for its answer for half an hour
 * at most, and so long may a stage take. A call cannot be stopped: {@link #look} knows what the artifact store tells, and work that is to end reads so in the store. A second try of a
 * task finds the attempt claimed.
 */
public final class CloudRunFunctions implements WorkRunner {
    /** How long a call may take that Cloud Tasks makes. */
    public static final Duration LONGEST = Duration.ofMinutes(30);

    private static final String SERVICE = "Cloud Run functions";
    private static final Pattern TOKEN = Pattern.compile("(w-[0-9a-f]{48})\\.[0-9a-f]{32}");

    private final Supplier<GoogleApi> tasks;
    private final Supplier<GoogleApi> run;
    private final ArtifactStore store;
    private final WorkNames names;
    private final GcpService queue;

    /** Where revisions are; a tag is never given to another one. */
    private final Map<String, String> addresses = new ConcurrentHashMap<>();

    /**
     * A runner of functions.
     *
     * @param tasks makes the API of Cloud Tasks on first use
     * @param run makes the API of Cloud Run on first use
     * @param store holds orders, claims and results
     * @param names what the worker functions are called
     */
    public CloudRunFunctions(Supplier<GoogleApi> tasks, Supplier<GoogleApi> run, ArtifactStore store, WorkNames names) {
        this.tasks = tasks;
        this.run = run;
        this.store = store;
        this.names = names;
        this.queue = new GcpService("Cloud Tasks", names.queue());
    }

    @Override
    public String start(WorkOrder order) {
        Digest code = code(order);
        String function = names.worker(order.trust(), order.secrets().values());
        String id = id(order.attempt());
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.set("task", task(order, id, function, address(order.attempt(), function, WorkNames.tag(code))));
        return queue.call("start " + order.attempt(), () -> {
            try {
                JsonNode unused = tasks.get().post("createTask", "/v2/" + names.queue() + "/tasks", body);
            } catch (GoogleApiException e) {
                if (!e.isExisting()) {
                    throw e;
                }
                // It was started before.
            }
            return id;
        });
    }

    private ObjectNode task(WorkOrder order, String id, String function, String address) {
        FunctionCall call = new FunctionCall(order.attempt(), order.order(), order.secrets());
        ObjectNode task = JsonNodeFactory.instance
                .objectNode()
                .put("name", names.queue() + "/tasks/" + id)
                .put("dispatchDeadline", LONGEST.toSeconds() + "s");
        ObjectNode request = task.putObject("httpRequest")
                .put("httpMethod", "POST")
                .put("url", address + "/")
                .put("body", call.text().getBytes(UTF_8));
        request.putObject("headers").put("Content-Type", "application/json");
        request.putObject("oidcToken")
                .put("serviceAccountEmail", names.caller())
                .put("audience", names.audience(function));
        return task;
    }

    private static Digest code(WorkOrder order) {
        if (!(order.runs() instanceof WorkOrder.Function function)) {
            throw new IllegalArgumentException("not a function stage: " + order.attempt() + " is a build");
        }
        if (order.within().compareTo(LONGEST) > 0) {
            throw CloudException.permanent(
                    SERVICE,
                    "a function takes at most " + LONGEST + "; " + order.attempt() + " may take " + order.within());
        }
        if (order.trust() == TrustLevel.UNTRUSTED && !order.secrets().isEmpty()) {
            throw CloudException.permanent(
                    SERVICE,
                    "an untrusted run gets no secrets: " + order.attempt() + " names "
                            + order.secrets().keySet());
        }
        return function.code()
                .orElseThrow(() -> CloudException.permanent(
                        SERVICE,
                        "the plan of " + order.attempt()
                                + " names no deployed code: it was not registered by the deployed functions"));
    }

    /** Where the revision with this tag answers: the project's part of it nobody else knows. */
    private String address(AttemptId attempt, String function, String tag) {
        String key = tag + "---" + function;
        String known = addresses.get(key);
        if (known != null) {
            return known;
        }
        GcpService worker = new GcpService("Cloud Run", "worker " + function);
        JsonNode service = worker.call(
                "start " + attempt,
                () -> run.get().get("getService", "/v2/" + names.location() + "/services/" + function));
        String found = StreamSupport.stream(service.path("trafficStatuses").spliterator(), false)
                .filter(target -> target.path("tag").asText().equals(tag))
                .map(target -> target.path("uri").asText())
                .findFirst()
                .orElseThrow(() -> CloudException.permanent(
                        SERVICE,
                        "could not start " + attempt + ": worker " + function
                                + " has no revision with the code that this run began with (tag " + tag + ")"));
        addresses.put(key, found);
        return found;
    }

    /** The name of an attempt's task, which is its work's id. */
    static String id(AttemptId attempt) {
        return "w-" + Digest.of(attempt.key().getBytes(UTF_8)).hex().substring(0, 48);
    }

    /**
     * The work's id of a request that Cloud Tasks makes.
     *
     * @param taskName the value of its header {@code X-CloudTasks-TaskName}
     * @return the id, as {@link #start} returned it
     */
    public static String id(String taskName) {
        return taskName.substring(taskName.lastIndexOf('/') + 1);
    }

    /**
     * Whether an id is of a function's work.
     *
     * @param serviceId what a runner returned
     * @return false if it is of a build
     */
    public static boolean isCall(String serviceId) {
        return serviceId.startsWith("w-");
    }

    /** Does nothing: the engine's key in the store is what the worker asks for. */
    @Override
    public void stop(AttemptId attempt, String serviceId) {}

    @Override
    public Phase look(AttemptId attempt, String serviceId) {
        return store.read("results/" + attempt.key() + ".json").isPresent() ? Phase.OVER : Phase.UNKNOWN;
    }

    /** Finds what has claimed the attempt; a call that has not yet come so far is not known, and a second start finds its task. */
    @Override
    public Optional<String> find(AttemptId attempt) {
        return store.read("claims/" + attempt.key())
                .map(claim -> TOKEN.matcher(new String(claim, UTF_8)))
                .filter(java.util.regex.Matcher::matches)
                .map(token -> token.group(1));
    }
}
