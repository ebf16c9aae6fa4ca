// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.work;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.azure.core.util.Context;
import com.azure.storage.queue.QueueServiceClient;
import dev.cumulane.azure.client.AzureService;
import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.FunctionCall;
import dev.cumulane.cloud.WorkOrder;
import dev.cumulane.cloud.WorkRunner;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.TrustLevel;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs function stages in a worker's function app: a message of its queue names the order, and the jar that the run began with, which the worker loads if another one is
 * deployed by then.
 *
 * <p>A start that is repeated is a second message, which finds the attempt claimed. An invocation cannot be asked about or stopped: {@link #look} knows what the artifact
 * store tells, and work that is to end reads so in the store. A work's id is that of its message, such as {@code q-8f5a41c2-…}.
 */
public final class FunctionAppFunctions implements WorkRunner {
    /** How long an invocation may take by the Consumption plan, which is the shortest of all. */
    public static final Duration LONGEST = Duration.ofMinutes(10);

    private static final String SERVICE = "Azure Functions";
    private static final String ID = "q-";
    private static final Pattern TOKEN = Pattern.compile("(q-[0-9a-f-]{36})\\.[0-9a-f]{32}");

    /** A call that nobody has taken by the end of its time limit finds its attempt claimed; it need not lie there for long. */
    private static final Duration LATER = Duration.ofHours(1);

    private final Supplier<QueueServiceClient> client;
    private final ArtifactStore store;
    private final WorkNames names;
    private final Set<Digest> stored = ConcurrentHashMap.newKeySet();

    /**
     * A runner of functions. Does no I/O.
     *
     * @param client makes the client on first use
     * @param store holds orders, claims, results and the jars
     * @param names what the workers are called
     */
    public FunctionAppFunctions(Supplier<QueueServiceClient> client, ArtifactStore store, WorkNames names) {
        this.client = client;
        this.store = store;
        this.names = names;
    }

    @Override
    public String start(WorkOrder order) {
        Digest code = code(order);
        String worker = names.worker(order.trust(), order.secrets().values());
        FunctionCall call = new FunctionCall(order.attempt(), order.order(), order.secrets());
        String text = new WorkerCall(code, call).text();
        Duration kept = order.within().plus(LATER);
        return new AzureService("Queue storage", "queue " + worker + " of " + names.names())
                .call(
                        "start " + order.attempt(),
                        () -> id(client.get()
                                .getQueueClient(worker)
                                .sendMessageWithResponse(text, Duration.ZERO, kept, null, Context.NONE)
                                .getValue()
                                .getMessageId()));
    }

    private Digest code(WorkOrder order) {
        if (!(order.runs() instanceof WorkOrder.Function function)) {
            throw new IllegalArgumentException("not a function stage: " + order.attempt() + " is a build");
        }
        if (order.within().compareTo(LONGEST) > 0) {
            throw refused(
                    "a function takes at most " + LONGEST + "; " + order.attempt() + " may take " + order.within());
        }
        if (order.trust() == TrustLevel.UNTRUSTED && !order.secrets().isEmpty()) {
            throw refused("an untrusted run gets no secrets: " + order.attempt() + " names "
                    + order.secrets().keySet());
        }
        Digest code = function.code()
                .orElseThrow(() -> refused("the plan of " + order.attempt()
                        + " names no deployed code: it was not registered by the deployed functions"));
        if (!stored.contains(code) && !store.has(code)) {
            throw refused("the code that the run of " + order.attempt() + " began with (" + code
                    + ") is not in the artifact store");
        }
        stored.add(code);
        return code;
    }

    private static CloudException refused(String message) {
        return CloudException.permanent(SERVICE, message);
    }

    /**
     * The work's id of a message.
     *
     * @param messageId the message's id, as Queue storage gave it
     * @return the id, as {@link #start} returned it
     */
    public static String id(String messageId) {
        return ID + messageId;
    }

    /**
     * Whether an id is of a function's work.
     *
     * @param serviceId what a runner returned
     * @return false if it is of a build
     */
    public static boolean isCall(String serviceId) {
        return serviceId.startsWith(ID);
    }

    /** Does nothing: the engine's key in the store is what the worker asks for. */
    @Override
    public void stop(AttemptId attempt, String serviceId) {}

    @Override
    public Phase look(AttemptId attempt, String serviceId) {
        return store.read("results/" + attempt.key() + ".json").isPresent() ? Phase.OVER : Phase.UNKNOWN;
    }

    /** Finds what has claimed the attempt; a call that has not yet come so far is not known, and a second one will find the claim taken. */
    @Override
    public Optional<String> find(AttemptId attempt) {
        return store.read("claims/" + attempt.key())
                .map(claim -> TOKEN.matcher(new String(claim, UTF_8)))
                .filter(Matcher::matches)
                .map(token -> token.group(1));
    }
}
