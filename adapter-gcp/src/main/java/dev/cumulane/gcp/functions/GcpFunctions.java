// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.functions;

import com.google.cloud.functions.HttpFunction;
import com.google.cloud.functions.HttpRequest;
import com.google.cloud.functions.HttpResponse;
import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.HttpAnswer;
import dev.cumulane.engine.Engine;
import dev.cumulane.gcp.GcpCloud;
import dev.cumulane.gcp.signals.PubSubPush;
import dev.cumulane.gcp.signals.PubSubSignals;
import dev.cumulane.gcp.signals.PushProof;
import dev.cumulane.pipeline.Pipeline;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * The entry class of a team's jar on Google Cloud. The team's own class extends it and says which pipelines there are:
 *
 * <pre>{@code
 * public final class ShopCi extends GcpFunctions {
 *     public ShopCi() {
 *         super(ShopCi::cloud, ShopPipeline::pipeline);
 *     }
 * }
 * }</pre>
 *
 * <p>The name of that class is the entry point of all three functions. Which of them it is stands in the environment variable {@code CUMULANE_ROLE}: {@code ingress} answers
 * anybody's requests, {@code engine} handles messages of Pub/Sub and the sweep, {@code worker} carries out function stages. The last two take requests only with a token of the service
 * account in {@code CUMULANE_CALLER}, made out to the address in {@code CUMULANE_AUDIENCE}; who signs is Google, unless {@code CUMULANE_SIGNERS} says where other keys are. Cloud and engine
 * are made by the first request. An instance may be asked by many threads.
 */
public abstract class GcpFunctions implements HttpFunction {
    private static final String ROLE = "CUMULANE_ROLE";

    private final Supplier<? extends Cloud> cloud;
    private final UnaryOperator<Engine.Builder> setup;
    private Optional<Role> role = Optional.empty();

    /**
     * Functions of these pipelines.
     *
     * @param cloud makes the cloud, once
     * @param pipelines make the pipelines, once
     */
    @SafeVarargs
    protected GcpFunctions(Supplier<? extends Cloud> cloud, Supplier<Pipeline>... pipelines) {
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
    protected GcpFunctions(Supplier<? extends Cloud> cloud, UnaryOperator<Engine.Builder> setup) {
        this.cloud = cloud;
        this.setup = setup;
    }

    @Override
    public final void service(HttpRequest request, HttpResponse response) throws IOException {
        HttpAnswer answer = answer(request);
        response.setStatusCode(answer.status());
        answer.headers().forEach(response::appendHeader);
        if (answer.body().length > 0 && answer.status() != PubSubPush.DONE) {
            response.getOutputStream().write(answer.body());
        }
    }

    private HttpAnswer answer(HttpRequest request) throws IOException {
        Role here;
        try {
            here = role();
        } catch (RuntimeException e) {
            // Whoever installs has no other place to look at, whatever logging the team has.
            System.err.println("The engine cannot be opened: " + e);
            return HttpAnswer.text(503, "not ready; the log of this function says why");
        }
        byte[] body;
        try (InputStream in = request.getInputStream()) {
            body = in.readNBytes(dev.cumulane.cloud.HttpRequest.LARGEST_BODY + 1);
        }
        if (body.length > dev.cumulane.cloud.HttpRequest.LARGEST_BODY) {
            return HttpAnswer.text(413, "the request is too large");
        }
        return here.answer(dev.cumulane.cloud.HttpRequest.of(
                request.getMethod(), request.getPath(), request.getQuery().orElse(""), request.getHeaders(), body));
    }

    private synchronized Role role() {
        if (role.isEmpty()) {
            role = Optional.of(role(variable(ROLE)));
        }
        return role.get();
    }

    /** What the function does; each call makes it anew. */
    Role role(String name) {
        return switch (name) {
            case "ingress" -> engine(cloud.get())::answer;
            case "engine" -> proven(engineRole(cloud.get()));
            case "worker" -> proven(new WorkerRole(cloud.get(), getClass().getClassLoader(), System.out::println));
            default ->
                throw new IllegalStateException(
                        "the environment variable " + ROLE + " is ingress, engine or worker, not '" + name + "'");
        };
    }

    private static Role proven(Role role) {
        PushProof proof = new PushProof(
                required("CUMULANE_AUDIENCE"),
                Set.of(required("CUMULANE_CALLER")),
                Optional.of(variable("CUMULANE_SIGNERS")).filter(keys -> !keys.isEmpty()),
                java.time.InstantSource.system());
        return new Proven(proof, role);
    }

    private static String variable(String name) {
        return Optional.ofNullable(System.getenv(name)).orElse("");
    }

    private static String required(String name) {
        return Optional.of(variable(name))
                .filter(value -> !value.isEmpty())
                .orElseThrow(() -> new IllegalStateException("the environment variable " + name + " is missing"));
    }

    private Engine engine(Cloud made) {
        return setup.apply(Engine.on(made)).open();
    }

    private Role engineRole(Cloud made) {
        if (!(made.signals() instanceof PubSubSignals topic)) {
            throw new IllegalStateException("the engine's function needs a cloud whose signals are a topic, not "
                    + made.signals().getClass().getName());
        }
        ServiceEvents services = made instanceof GcpCloud gcp
                ? new ServiceEvents(gcp.names().namespace(), gcp.handOvers()::told)
                : new ServiceEvents("", message -> false);
        Engine engine = engine(made);
        return new EngineRole(new PubSubPush(topic, engine::handle, services), engine::sweep);
    }
}
