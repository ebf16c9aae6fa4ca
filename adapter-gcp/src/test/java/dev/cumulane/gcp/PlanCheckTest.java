// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp;

import static dev.cumulane.pipeline.Environment.environment;
import static dev.cumulane.pipeline.Rollout.canary;
import static dev.cumulane.pipeline.Work.container;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cumulane.engine.Engine;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.Rollout;
import org.junit.jupiter.api.Test;

/** What this cloud refuses before a run starts. */
final class PlanCheckTest {
    private static Engine engine(GcpCloud cloud, Rollout rollout) {
        return Engine.on(cloud)
                .register(Pipeline.define("shop", p -> {
                    var build = p.build(
                            "build", container("alpine:3.22").runs("make").writes("jar", "shop.jar"));
                    p.deploy(build.artifact("jar"), environment("production")).rollingOut(rollout);
                }))
                .attach();
    }

    private static Gcp gcp() {
        return Gcp.inProject("shop-301412").region("europe-west1");
    }

    @Test
    void a_function_takes_a_canary_that_an_alarm_ends() {
        try (GcpCloud cloud =
                gcp().environment("production", e -> e.function("shop-api")).connect()) {
            assertThat(cloud.deliveries().environments()).containsExactly("production");
            assertThat(engine(cloud, canary(10).rollingBackOnAlarm("shop-5xx")).pipelines())
                    .containsExactly("shop");
        }
    }

    @Test
    void an_environment_that_is_not_bound_is_refused_by_its_name() {
        try (GcpCloud cloud =
                gcp().environment("staging", e -> e.function("shop-api")).connect()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> engine(cloud, canary(10)))
                    .withMessageContaining("production")
                    .withMessageContaining("staging");
        }
    }

    @Test
    void an_environment_is_bound_once_and_never_to_the_installation() {
        Gcp bound = gcp().environment("production", e -> e.function("shop-api"));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> bound.environment("production", e -> e.function("cart-api")))
                .withMessageContaining("'production' is bound twice");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        bound.environment(dev.cumulane.pipeline.Environment.ITSELF.name(), e -> e.function("cart-api")))
                .withMessageContaining("is the installation itself");
    }
}
