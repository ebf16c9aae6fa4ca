// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.hosted;

import static dev.cumulane.pipeline.Trigger.push;
import static dev.cumulane.pipeline.Value.secret;

import dev.cumulane.azure.functions.AzureFunctions;
import dev.cumulane.cloud.Cloud;
import dev.cumulane.engine.Engine;
import dev.cumulane.pipeline.FunctionStage;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.StageContext;
import dev.cumulane.source.Forge;
import dev.cumulane.source.Repository;
import java.util.Optional;
import java.util.function.Supplier;

/** A team's entry class, on the cloud that a test gives it. */
public final class ShopCi extends AzureFunctions {
    static final String WEBHOOK_SECRET = "it is a secret to everybody";

    private static volatile Optional<Supplier<Cloud>> clouds = Optional.empty();

    /** Made by the host. */
    public ShopCi() {
        super(() -> clouds.orElseThrow().get(), ShopCi::setUp);
    }

    /** A stage that says where its code is from. */
    public static final class Greeting implements FunctionStage {
        @Override
        public Result run(StageContext context) {
            context.log("the stage ran with " + context.env("NPM_TOKEN") + ", its code is "
                    + getClass().getClassLoader().getName());
            return Result.success();
        }
    }

    /** What the next process has for a cloud. */
    static void on(Supplier<Cloud> cloud) {
        clouds = Optional.of(cloud);
    }

    static Pipeline pipeline() {
        return Pipeline.define("shop", p -> {
            p.on(push().to("main"));
            p.function("inspect", Greeting.class).env("NPM_TOKEN", secret("npm-token"));
        });
    }

    static Engine.Builder setUp(Engine.Builder engine) {
        return engine.register(pipeline())
                .repository(Repository.on(Forge.GITHUB, "shop", "https://github.com/example/shop.git")
                        .verifiedBy("github-webhook"));
    }
}
