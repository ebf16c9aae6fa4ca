// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws;

import static dev.cumulane.pipeline.Environment.environment;
import static dev.cumulane.pipeline.Rollout.blueGreen;
import static dev.cumulane.pipeline.Rollout.canary;
import static dev.cumulane.pipeline.Work.container;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cumulane.engine.Engine;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.Rollout;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What this cloud refuses before a run starts; nothing is called. */
final class PlanCheckTest {
    private static Engine engine(AwsCloud cloud, Rollout rollout) {
        return Engine.on(cloud)
                .register(Pipeline.define("shop", p -> {
                    var build = p.build(
                            "build", container("alpine:3.22").runs("make").writes("jar", "shop.jar"));
                    p.deploy(build.artifact("jar"), environment("production")).rollingOut(rollout);
                }))
                .attach();
    }

    private static Aws aws() {
        return Aws.inRegion("eu-west-1").account("123456789012");
    }

    @Test
    void a_pipeline_of_codepipeline_takes_no_canary() {
        try (AwsCloud cloud = aws().environment(
                        "production", e -> e.codePipeline("shop-release").reading("Source", "releases", "shop.zip"))
                .connect()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> engine(cloud, canary(10)))
                    .withMessageContaining("needs an environment that can give a release a share of the traffic;"
                            + " 'production', as it is bound in aws, cannot");
            assertThat(engine(cloud, blueGreen()).pipelines()).containsExactly("shop");
        }
    }

    @Test
    void a_function_takes_one() {
        try (AwsCloud cloud =
                aws().environment("production", e -> e.function("shop-api")).connect()) {
            assertThat(engine(cloud, canary(10)).pipelines()).containsExactly("shop");
        }
    }

    @Test
    void an_image_for_lambda_compute_needs_its_setting() {
        Pipeline pipeline = Pipeline.define(
                "shop",
                p -> p.build(
                        "build",
                        container("aws/codebuild/amazonlinux-x86_64-lambda-standard:corretto21")
                                .runs("make")
                                .within(Duration.ofMinutes(10))));
        try (AwsCloud machines = aws().connect();
                AwsCloud both = aws().buildingOnLambda(2).connect()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Engine.on(machines).register(pipeline).attach())
                    .withMessageContaining(
                            "stage 'build' names image 'aws/codebuild/amazonlinux-x86_64-lambda-standard");
            assertThat(Engine.on(both).register(pipeline).attach().pipelines()).containsExactly("shop");
        }
    }
}
