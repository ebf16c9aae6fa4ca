// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.testing;

import static dev.cumulane.pipeline.Approvers.anyOf;
import static dev.cumulane.pipeline.Environment.environment;
import static dev.cumulane.pipeline.Retry.twice;
import static dev.cumulane.pipeline.Rollout.canary;
import static dev.cumulane.pipeline.Trigger.changeRequest;
import static dev.cumulane.pipeline.Trigger.push;
import static dev.cumulane.pipeline.Work.container;
import static java.time.Duration.ofDays;
import static java.time.Duration.ofMinutes;

import dev.cumulane.pipeline.FunctionStage;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.StageContext;
import dev.cumulane.pipeline.Value;

/** A pipeline with a stage of every kind. */
public final class ShopPipeline {
    private ShopPipeline() {}

    public static Pipeline pipeline() {
        return Pipeline.define("shop", p -> {
            p.on(push().to("main"), changeRequest().into("main"));

            var build = p.build(
                    "build",
                    container("maven:3.9-eclipse-temurin-21")
                            .reads(p.source())
                            .runs("mvn -B package")
                            .writes("jar", "target/shop.jar")
                            .env("TOKEN", Value.secret("npm-token"))
                            .within(ofMinutes(15))
                            .retrying(twice().onLostWorker()));

            var unit = p.test(
                    "unit",
                    container("maven:3.9-eclipse-temurin-21")
                            .reads(p.source(), build.artifact("jar"))
                            .runs("mvn -B surefire:test")
                            .reports("target/surefire-reports/*.xml"));

            var inspect = p.function("inspect", Inspect.class).reads(build.artifact("jar"));

            var release = p.approval("release", anyOf("ada", "grace"))
                    .after(unit, inspect)
                    .expiresAfter(ofDays(3));

            var live = p.deploy(build.artifact("jar"), environment("production"))
                    .after(release)
                    .rollingOut(canary(10).holding(ofMinutes(30)));

            p.build("clean-up", container("alpine:3.22").runs("echo done"))
                    .after(live)
                    .always();
        });
    }

    /** Looks at the jar. */
    public static final class Inspect implements FunctionStage {
        @Override
        public Result run(StageContext context) {
            return Result.success();
        }
    }
}
