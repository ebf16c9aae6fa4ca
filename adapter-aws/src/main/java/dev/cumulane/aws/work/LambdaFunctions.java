// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.work;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cumulane.aws.client.AwsService;
import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.FunctionCall;
import dev.cumulane.cloud.WorkOrder;
import dev.cumulane.cloud.WorkRunner;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.TrustLevel;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvocationType;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;

/**
 * Runs function stages in the worker function, which is invoked asynchronously, in the version whose code the run began with.
 *
 * <p>Lambda cannot be asked about an invocation, nor stopped: {@link #look} knows what the artifact store and a {@linkplain #died message of its death} tell, and work that
 * is to end reads so in the store. Lambda is told to retry nothing: a retry would find the attempt claimed. A work's id is function, alias and request, such as
 * {@code shop-ci-worker-trusted:code-0f7d…:8f5a…}.
 */
public final class LambdaFunctions implements WorkRunner {
    /** How long an invocation may take, on Lambda. */
    public static final Duration LONGEST = Duration.ofMinutes(15);

    private static final String SERVICE = "Lambda";
    private static final Pattern TOKEN =
            Pattern.compile("([A-Za-z0-9_-]+:[A-Za-z0-9_-]+:[A-Za-z0-9-]+)\\.[0-9a-f]{32}");
    private static final int MOST_REMEMBERED = 1000;

    private final Supplier<LambdaClient> client;
    private final ArtifactStore store;
    private final WorkNames names;
    private final Set<String> dead = ConcurrentHashMap.newKeySet();

    /**
     * A runner of functions.
     *
     * @param client gives the client, the same each time
     * @param store holds orders, claims and results
     * @param names what the worker functions are called
     */
    public LambdaFunctions(Supplier<LambdaClient> client, ArtifactStore store, WorkNames names) {
        this.client = client;
        this.store = store;
        this.names = names;
    }

    @Override
    public String start(WorkOrder order) {
        String function = names.worker(order.trust(), order.secrets().values());
        String alias = alias(order);
        FunctionCall call = new FunctionCall(order.attempt(), order.order(), order.secrets());
        try {
            InvokeResponse accepted = client.get()
                    .invoke(request -> request.functionName(function)
                            .qualifier(alias)
                            .invocationType(InvocationType.EVENT)
                            .payload(SdkBytes.fromUtf8String(call.text())));
            return id(function, alias, accepted.responseMetadata().requestId());
        } catch (SdkException e) {
            String resource = "function " + function + " with the code that this run began with (alias " + alias + ")";
            throw new AwsService(SERVICE, resource).failure("start " + order.attempt(), e);
        }
    }

    private String alias(WorkOrder order) {
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
                .map(WorkNames::alias)
                .orElseThrow(() -> CloudException.permanent(
                        SERVICE,
                        "the plan of " + order.attempt()
                                + " names no deployed code: it was not registered by the deployed functions"));
    }

    /**
     * A work's id, as {@link #start} returns it and the worker writes it into its claim.
     *
     * @param function the function's name
     * @param alias the alias by which it was called
     * @param request the request's id
     * @return the id
     */
    public static String id(String function, String alias, String request) {
        return function + ":" + alias + ":" + request;
    }

    /** Does nothing: the engine's key in the store is what the worker asks for. */
    @Override
    public void stop(AttemptId attempt, String serviceId) {}

    @Override
    public Phase look(AttemptId attempt, String serviceId) {
        boolean over = dead.contains(serviceId.substring(serviceId.lastIndexOf(':') + 1))
                || store.read("results/" + attempt.key() + ".json").isPresent();
        return over ? Phase.OVER : Phase.UNKNOWN;
    }

    /**
     * Takes note of what Lambda tells of an invocation that failed. The engine's next question about it, in this process, is answered so.
     *
     * @param request the request's id, which is how a work's id ends
     */
    public void died(String request) {
        if (dead.size() >= MOST_REMEMBERED) {
            dead.clear();
        }
        dead.add(request);
    }

    /** Finds what has claimed the attempt; an invocation that has not yet come so far is not known, and a second one will find the claim taken. */
    @Override
    public Optional<String> find(AttemptId attempt) {
        return store.read("claims/" + attempt.key())
                .map(claim -> TOKEN.matcher(new String(claim, UTF_8)))
                .filter(java.util.regex.Matcher::matches)
                .map(token -> token.group(1));
    }
}
