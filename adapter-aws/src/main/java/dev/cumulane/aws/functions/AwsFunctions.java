// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.functions;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cumulane.aws.AwsCloud;
import dev.cumulane.aws.client.AwsVariables;
import dev.cumulane.aws.signals.SqsBatch;
import dev.cumulane.aws.signals.SqsSignals;
import dev.cumulane.aws.work.LambdaFunctions;
import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.HttpAnswer;
import dev.cumulane.cloud.HttpRequest;
import dev.cumulane.cloud.Metric;
import dev.cumulane.cloud.Metrics.Measurement;
import dev.cumulane.engine.Engine;
import dev.cumulane.pipeline.Pipeline;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * The entry class of a team's jar on AWS Lambda. The team's own class extends it and says which pipelines there are:
 *
 * <pre>{@code
 * public final class ShopCi extends AwsFunctions {
 *     public ShopCi() {
 *         super(ShopCi::cloud, ShopPipeline::pipeline);
 *     }
 * }
 * }</pre>
 *
 * <p>The name of that class is the handler of all three functions. Which of them it is stands in the environment variable {@code CUMULANE_ROLE}: {@code ingress} answers
 * requests to its function URL, {@code engine} handles batches of the queue and the sweep, {@code worker} carries out function stages. Cloud and engine are made by the
 * first event. Lambda calls a handler on one thread at a time.
 */
public abstract class AwsFunctions implements RequestStreamHandler {
    private final Supplier<? extends Cloud> cloud;
    private final UnaryOperator<Engine.Builder> setup;
    private final ObjectMapper json = new ObjectMapper();
    private Optional<Role> role = Optional.empty();
    private Optional<Engine> ingress = Optional.empty();

    /**
     * Functions of these pipelines.
     *
     * @param cloud makes the cloud, once
     * @param pipelines make the pipelines, once
     */
    @SafeVarargs
    protected AwsFunctions(Supplier<? extends Cloud> cloud, Supplier<Pipeline>... pipelines) {
        List<Supplier<Pipeline>> all = new ArrayList<>();
        for (Supplier<Pipeline> pipeline : pipelines) {
            all.add(pipeline);
        }
        this.cloud = cloud;
        this.setup = engine -> {
            all.forEach(pipeline -> engine.register(pipeline.get()));
            return engine;
        };
    }

    /**
     * Functions of an engine with repositories, notices or other things besides pipelines.
     *
     * @param cloud makes the cloud, once
     * @param setup says what the engine has
     */
    protected AwsFunctions(Supplier<? extends Cloud> cloud, UnaryOperator<Engine.Builder> setup) {
        this.cloud = cloud;
        this.setup = setup;
    }

    @Override
    public final void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
        JsonNode event = json.readTree(input);
        Role.Invocation invocation = new Role.Invocation(context.getAwsRequestId(), context.getInvokedFunctionArn());
        if (role.isEmpty()) {
            role = Optional.of(role(String.valueOf(System.getenv(AwsVariables.ROLE))));
        }
        json.writeValue(output, role.get().handle(event, invocation));
    }

    /** What the function does; each call makes it anew. */
    Role role(String name) {
        return switch (name) {
            case "ingress" -> new IngressRole(this::answer);
            case "engine" -> engineRole(cloud.get());
            case "worker" -> new WorkerRole(cloud.get(), getClass().getClassLoader(), System.out::println);
            default ->
                throw new IllegalStateException(
                        "the environment variable CUMULANE_ROLE is ingress, engine or worker, not '" + name + "'");
        };
    }

    /** A forge sends again what it is told to; a function that fails would look to it like a hook that is broken. */
    private HttpAnswer answer(HttpRequest request) {
        try {
            if (ingress.isEmpty()) {
                ingress = Optional.of(engine(cloud.get()));
            }
        } catch (RuntimeException e) {
            // Whoever installs has no other place to look at, whatever logging the team has.
            System.err.println("The engine cannot be opened: " + e);
            return HttpAnswer.text(503, "not ready; the log of this function says why");
        }
        return ingress.get().answer(request);
    }

    private Engine engine(Cloud made) {
        return setup.apply(Engine.on(made)).open();
    }

    private Role engineRole(Cloud made) {
        if (!(made.signals() instanceof SqsSignals queue)) {
            throw new IllegalStateException("the engine's function needs a cloud whose signals are a queue of SQS, not "
                    + made.signals().getClass().getName());
        }
        Consumer<String> died = made.functions() instanceof LambdaFunctions lambda ? lambda::died : request -> {};
        Predicate<JsonNode> handOvers = made instanceof AwsCloud aws ? aws.handOvers()::told : event -> false;
        Engine engine = engine(made);
        return new EngineRole(
                new SqsBatch(queue, engine::handle, new ServiceEvents(died, handOvers)),
                engine::sweep,
                age -> made.metrics().record(Measurement.of(Metric.SIGNAL_AGE, age)));
    }
}
