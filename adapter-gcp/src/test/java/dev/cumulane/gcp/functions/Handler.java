// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.functions;

import dev.cumulane.cloud.HttpAnswer;
import dev.cumulane.cloud.HttpRequest;
import dev.cumulane.engine.Engine;
import dev.cumulane.gcp.GcpCloud;
import dev.cumulane.gcp.signals.PubSubPush;
import dev.cumulane.gcp.signals.PubSubSignals;
import java.util.function.Consumer;

/** What a function does with a request that is proven, in the test's own JVM. */
public final class Handler {
    private final Role role;

    private Handler(Role role) {
        this.role = role;
    }

    /**
     * The engine's function.
     *
     * @param cloud whose messages it takes
     * @param engine handles them
     * @return the handler
     */
    public static Handler engine(GcpCloud cloud, Engine engine) {
        ServiceEvents services = new ServiceEvents(cloud.names().namespace(), cloud.handOvers()::told);
        return new Handler(new EngineRole(
                new PubSubPush((PubSubSignals) cloud.signals(), engine::handle, services), engine::sweep));
    }

    /**
     * A worker.
     *
     * @param cloud holds orders and results
     * @param log takes its lines
     * @return the handler
     */
    public static Handler worker(GcpCloud cloud, Consumer<String> log) {
        return new Handler(new WorkerRole(cloud, Handler.class.getClassLoader(), log));
    }

    /**
     * Answers a request.
     *
     * @param request as it came
     * @return the answer
     */
    public HttpAnswer answer(HttpRequest request) {
        return role.answer(request);
    }
}
