// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.functions;

import com.microsoft.azure.functions.ExecutionContext;
import com.microsoft.azure.functions.HttpRequestMessage;
import com.microsoft.azure.functions.HttpResponseMessage;
import com.microsoft.azure.functions.annotation.AuthorizationLevel;
import com.microsoft.azure.functions.annotation.BindingName;
import com.microsoft.azure.functions.annotation.FunctionName;
import com.microsoft.azure.functions.annotation.HttpTrigger;
import com.microsoft.azure.functions.annotation.QueueTrigger;
import com.microsoft.azure.functions.annotation.TimerTrigger;
import dev.cumulane.azure.client.AzureNames;
import dev.cumulane.azure.client.AzureVariables;
import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.HttpAnswer;
import dev.cumulane.engine.Engine;
import dev.cumulane.pipeline.Pipeline;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * The entry class of a team's jar on Azure Functions. The team's own class extends it and says which pipelines there are:
 *
 * <pre>{@code
 * public final class ShopCi extends AzureFunctions {
 *     public ShopCi() {
 *         super(ShopCi::cloud, ShopPipeline::pipeline);
 *     }
 * }
 * }</pre>
 *
 * <p>Its four functions lie in function apps of their own, each with an identity that may do what it must: {@code ingress}, {@code engine} with {@code sweep}, and workers;
 * {@link FunctionApp} writes what the host wants to read. A process has one instance ({@link OneInstance}), whose cloud and engine are made by the first invocation. It may be
 * invoked on many threads.
 */
public abstract class AzureFunctions {
    private final Roles roles;

    /**
     * Functions of these pipelines.
     *
     * @param cloud makes the cloud, once
     * @param pipelines make the pipelines, once
     */
    @SafeVarargs
    protected AzureFunctions(Supplier<? extends Cloud> cloud, Supplier<Pipeline>... pipelines) {
        List<Supplier<Pipeline>> all = new ArrayList<>();
        for (Supplier<Pipeline> pipeline : pipelines) {
            all.add(pipeline);
        }
        this.roles = new Roles(cloud, engine -> {
            all.forEach(pipeline -> engine.register(pipeline.get()));
            return engine;
        });
    }

    /**
     * Functions of an engine with repositories, notices or other things besides pipelines.
     *
     * @param cloud makes the cloud, once
     * @param setup says what the engine has
     */
    protected AzureFunctions(Supplier<? extends Cloud> cloud, UnaryOperator<Engine.Builder> setup) {
        this.roles = new Roles(cloud, setup);
    }

    /**
     * Answers a request, and does nothing else.
     *
     * @param request the request, to any path
     * @param context of the invocation
     * @return the answer
     */
    @FunctionName("ingress")
    public final HttpResponseMessage ingress(
            @HttpTrigger(name = "request", authLevel = AuthorizationLevel.ANONYMOUS, route = "{*path}")
                    HttpRequestMessage<Optional<String>> request,
            ExecutionContext context) {
        HttpAnswer answer;
        try {
            answer = roles.answer(Exchange.request(request));
        } catch (IllegalArgumentException e) {
            answer = HttpAnswer.text(413, "the request is too large");
        } catch (RuntimeException e) {
            // A forge sends again what it is told to; a function that fails would look to it like a hook that is
            // broken.
            context.getLogger().severe("The request was not answered: " + e);
            answer = HttpAnswer.text(503, "not ready; the log of this function says why");
        }
        return Exchange.response(request, answer);
    }

    /**
     * Handles a message of the queue of signals.
     *
     * @param message the message, without base64
     * @param context of the invocation
     */
    @FunctionName("engine")
    public final void engine(
            @QueueTrigger(name = "message", queueName = AzureNames.SIGNALS, connection = AzureVariables.STORAGE)
                    String message,
            ExecutionContext context) {
        roles.handle(message);
    }

    /**
     * Looks after open runs, and deletes what was kept long enough.
     *
     * @param timer what the host says of the timer
     * @param context of the invocation
     */
    @FunctionName("sweep")
    public final void sweep(
            @TimerTrigger(name = "timer", schedule = "%" + AzureVariables.SWEEP + "%") String timer,
            ExecutionContext context) {
        roles.sweep();
    }

    /**
     * Carries out one order of a function stage. What fails before the attempt is claimed comes again, five times.
     *
     * @param call the message, without base64
     * @param id the message's id
     * @param context of the invocation, whose log takes the stage's lines
     */
    @FunctionName("worker")
    public final void worker(
            @QueueTrigger(
                            name = "call",
                            queueName = "%" + AzureVariables.CALLS + "%",
                            connection = AzureVariables.STORAGE)
                    String call,
            @BindingName("Id") String id,
            ExecutionContext context) {
        roles.work(call, id, getClass().getClassLoader(), context.getLogger()::info);
    }
}
