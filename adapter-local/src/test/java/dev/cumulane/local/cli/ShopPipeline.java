// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import static dev.cumulane.pipeline.Approvers.anyOf;
import static dev.cumulane.pipeline.Environment.environment;
import static dev.cumulane.pipeline.Retry.twice;
import static dev.cumulane.pipeline.Rollout.canary;
import static dev.cumulane.pipeline.Trigger.changeRequest;
import static dev.cumulane.pipeline.Trigger.push;
import static dev.cumulane.pipeline.Work.container;
import static java.time.Duration.ofMinutes;

import dev.cumulane.pipeline.FunctionStage;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.StageContext;

/** A pipeline with one stage of each kind. */
final class ShopPipeline {
    private ShopPipeline() {}

    /** Says yes. */
    public static final class Inspect implements FunctionStage {
        @Override
        public Result run(StageContext context) {
            return Result.success();
        }
    }

    static Pipeline pipeline() {
        return Pipeline.define("shop", p -> {
            p.on(push().to("main"), changeRequest());
            var build = p.build(
                    "build",
                    container("maven:3.9-eclipse-temurin-21")
                            .reads(p.source())
                            .runs("mvn -B package", "true")
                            .writes("jar", "target/shop.jar")
                            .writes("tests", "target/test-classes")
                            .within(ofMinutes(15))
                            .retrying(twice().onLostWorker()));
            var unit = p.test(
                    "end",
                    container("maven:3.9")
                            .reads(build.artifact("tests"), build.artifact("jar"))
                            .runs("mvn surefire:test"));
            var inspect = p.function("inspect", Inspect.class).reads(build.artifact("jar"));
            var release = p.approval("release", anyOf("ada", "grace")).after(unit, inspect);
            p.deploy(build.artifact("jar"), environment("production"))
                    .after(release)
                    .rollingOut(canary(10).rollingBackOnAlarm("shop-5xx"));
            p.build("clean-up", container("alpine:3").runs("true")).always();
        });
    }
}
