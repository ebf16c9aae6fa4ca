// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.functions;

import static dev.cumulane.pipeline.Trigger.push;
import static dev.cumulane.pipeline.Work.container;

import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.contract.Twisted;
import dev.cumulane.engine.Engine;
import dev.cumulane.gcp.client.GcpClients;
import dev.cumulane.gcp.client.GcpNames;
import dev.cumulane.gcp.emulator.Emulators;
import dev.cumulane.gcp.signals.PubSubSignals;
import dev.cumulane.internal.order.FunctionOrder;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.pipeline.FunctionStage;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.StageContext;
import dev.cumulane.run.AttemptId;
import dev.cumulane.source.Forge;
import dev.cumulane.source.Repository;
import dev.cumulane.testing.SimulatedCloud;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A team's entry class, on a simulated cloud that lives in the function's own JVM. */
public final class ShopCi extends GcpFunctions {
    static final String WEBHOOK_SECRET = "it is a secret to everybody";
    static final AttemptId ATTEMPT = AttemptId.parse("shop-0k3v9q2m7xw4b1ce/inspect/1");
    private static final FunctionOrder ORDER = new FunctionOrder(
            ATTEMPT, Greeting.class.getName(), "4f1c2ab0".repeat(5), List.of(), List.of(), new TreeMap<>(), 60);

    /** Made by the runtime. */
    public ShopCi() {
        super(ShopCi::cloud, ShopCi::setUp);
    }

    /** A stage that says that it ran. */
    public static final class Greeting implements FunctionStage {
        @Override
        public Result run(StageContext context) {
            context.log("the stage ran with " + context.env("NPM_TOKEN"));
            return Result.success();
        }
    }

    /** The digest of the order that the function's cloud holds. */
    static Digest order() {
        return Digest.of(ORDER.bytes());
    }

    private static Cloud cloud() {
        if (System.getenv("BROKEN") != null) {
            throw new IllegalStateException("the database is missing");
        }
        SimulatedCloud cloud = SimulatedCloud.of(pipeline());
        cloud.addSecret("github-webhook", WEBHOOK_SECRET);
        cloud.addSecret("npm-token", "s3cret-value");
        cloud.artifacts().put(ORDER.bytes());
        return Twisted.of(
                Cloud.class,
                cloud,
                "signals/0",
                (right, given) ->
                        String.valueOf(System.getenv("CUMULANE_ROLE")).equals("engine") ? signals() : right.signals());
    }

    /** A topic on which nothing listens; good messages need none. */
    static PubSubSignals signals() {
        GcpClients clients = Emulators.clients(Map.of("*", URI.create("http://127.0.0.1:9")));
        return new PubSubSignals(
                () -> clients.api("pubsub"),
                () -> clients.api("cloudtasks"),
                new GcpNames(Emulators.PROJECT, Emulators.REGION, "shop-ci"),
                InstantSource.system());
    }

    private static Pipeline pipeline() {
        return Pipeline.define("shop", p -> {
            p.on(push().to("main"));
            p.build("build", container("alpine:3.22").reads(p.source()).runs("make"));
        });
    }

    private static Engine.Builder setUp(Engine.Builder engine) {
        return engine.register(pipeline())
                .repository(Repository.on(Forge.GITHUB, "shop", "https://github.com/example/shop.git")
                        .verifiedBy("github-webhook"));
    }
}
