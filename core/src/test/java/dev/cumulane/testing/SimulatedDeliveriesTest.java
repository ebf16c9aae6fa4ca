// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.DeploymentStep;
import dev.cumulane.cloud.DeploymentStep.Completed;
import dev.cumulane.cloud.DeploymentStep.Healthy;
import dev.cumulane.cloud.DeploymentStep.Prepared;
import dev.cumulane.cloud.DeploymentStep.RolledBack;
import dev.cumulane.cloud.DeploymentStep.Shifted;
import dev.cumulane.cloud.DeploymentStep.Wanted;
import dev.cumulane.cloud.StepReport;
import dev.cumulane.cloud.StepState;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.Produced;
import dev.cumulane.run.Release;
import dev.cumulane.run.RunId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SimulatedDeliveriesTest {
    private static final RunId RUN = new RunId("shop-0k3v9q2m7xw4b1ce");

    private final SimulatedCloud cloud = SimulatedCloud.of(ShopPipeline.pipeline());
    private final ScriptedEnvironment production = cloud.environment("production");
    private final List<String> told = new ArrayList<>();
    private final Digest former = cloud.artifacts().put("old".getBytes(UTF_8));
    private final Digest next = cloud.artifacts().put("new".getBytes(UTF_8));

    @BeforeEach
    void listen() {
        cloud.signals().deliverTo(signal -> told.add(signal.id()));
    }

    @Test
    void a_deployment_goes_live_with_its_last_step() {
        assertThat(done(1, 1, prepared(next)).succeeded()).isTrue();
        assertThat(production.live()).isEmpty();

        assertThat(done(1, 2, new Shifted(10)).succeeded()).isTrue();
        assertThat(production.canaryPercent()).isEqualTo(10);

        assertThat(done(1, 3, new Healthy()).succeeded()).isTrue();
        StepReport last = done(1, 4, new Completed());

        assertThat(last.address()).contains("http://production.simulated");
        assertThat(production.live()).contains(prepared(next).release());
        assertThat(production.canaryPercent()).isZero();
        assertThat(told)
                .containsExactly(
                        "step/deploy-production/1",
                        "step/deploy-production/2",
                        "step/deploy-production/3",
                        "step/deploy-production/4");
    }

    @Test
    void a_rollback_leaves_the_release_before_live() {
        done(1, 1, prepared(former));
        done(1, 2, new Completed());
        production.fallsIllUnderTraffic();

        assertThat(done(2, 3, prepared(next)).succeeded()).isTrue();
        assertThat(done(2, 4, new Shifted(100)).succeeded()).isTrue();
        assertThat(done(2, 5, new Healthy()))
                .isEqualTo(StepReport.failure("the health check answered 500 under traffic"));
        assertThat(done(2, 6, new RolledBack()).succeeded()).isTrue();

        assertThat(production.live()).contains(prepared(former).release());
    }

    @Test
    void what_never_becomes_healthy_fails_to_be_prepared() {
        production.failsHealthCheck();

        assertThat(done(1, 1, prepared(next))).isEqualTo(StepReport.failure("the health check answered 500"));

        production.isHealthy();
        assertThat(done(2, 2, prepared(next)).succeeded()).isTrue();
    }

    @Test
    void a_step_of_an_earlier_grant_is_refused() {
        done(7, 1, prepared(next));

        StepReport late = done(6, 2, prepared(former));

        assertThat(late.succeeded()).isFalse();
        assertThat(late.detail()).startsWith("stale");
    }

    @Test
    void a_step_that_was_done_is_reported_again_and_not_done_twice() {
        done(1, 1, prepared(next));
        done(1, 2, new Shifted(100));

        assertThat(done(1, 1, prepared(next)).succeeded()).isTrue();

        assertThat(production.canaryPercent()).isEqualTo(100);
        assertThat(told)
                .containsExactly("step/deploy-production/1", "step/deploy-production/2", "step/deploy-production/1");
    }

    @Test
    void a_step_begun_twice_is_told_of_once_and_has_no_report_before_its_end() {
        cloud.deliveries().begin(step(1, 1, prepared(next)));
        cloud.deliveries().begin(step(1, 1, prepared(next)));
        assertThat(cloud.deliveries().look(step(1, 1, prepared(next)))).isEqualTo(new StepState.UnderWay());

        cloud.settle();

        assertThat(told).containsExactly("step/deploy-production/1");
    }

    @Test
    void an_unknown_environment_is_refused_and_those_there_are_named() {
        DeploymentStep nowhere = new DeploymentStep(RUN, "deploy", 1, "moon", 1, Optional.empty(), new Healthy());

        assertThatExceptionOfType(CloudException.class)
                .isThrownBy(() -> cloud.deliveries().begin(nowhere))
                .withMessage("no environment 'moon'; there are: production");
    }

    private static Prepared prepared(Digest artifact) {
        return new Prepared(Release.of(new Produced("app", artifact, 3)));
    }

    private StepReport done(long fence, int index, Wanted wanted) {
        DeploymentStep step = step(fence, index, wanted);
        cloud.deliveries().begin(step);
        cloud.settle();
        return cloud.deliveries().look(step).end().orElseThrow();
    }

    private static DeploymentStep step(long fence, int index, Wanted wanted) {
        return new DeploymentStep(RUN, "deploy-production", index, "production", fence, Optional.empty(), wanted);
    }
}
