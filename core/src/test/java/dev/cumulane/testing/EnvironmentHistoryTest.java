// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.testing;

import static dev.cumulane.pipeline.Environment.environment;
import static dev.cumulane.pipeline.Rollout.canary;
import static dev.cumulane.pipeline.Trigger.push;
import static dev.cumulane.pipeline.Work.container;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Deployment;
import dev.cumulane.run.EnvironmentView;
import java.util.List;
import org.junit.jupiter.api.Test;

class EnvironmentHistoryTest {
    private final PipelineTester tester = PipelineTester.of(Pipeline.define("shop", p -> {
        p.on(push());
        var build = p.build("build", container("alpine").runs("make").writes("jar", "shop.jar"));
        p.deploy(build.artifact("jar"), environment("production"))
                .rollingOut(canary(10).holding(ofMinutes(5)));
    }));

    private EnvironmentView production() {
        return tester.engine().environment("production");
    }

    @Test
    void a_deployment_is_remembered_with_its_release_and_who_it_is_for() {
        assertThat(production())
                .matches(view -> view.live().isEmpty() && view.history().isEmpty());
        TestedRun run = tester.push("main").assertSucceeded();
        tester.advance(ofMinutes(1));

        Deployment live = production().live().orElseThrow();
        assertThat(live.run()).isEqualTo(run.id());
        assertThat(live.release().name()).isEqualTo("jar");
        assertThat(live.release().artifacts())
                .isEqualTo(run.stage("build").progress().verdict().orElseThrow().artifacts());
        assertThat(live.by()).isEqualTo("tester");
        assertThat(production().history()).containsExactly(live);
        assertThat(production().holder()).isEmpty();
    }

    @Test
    void a_rollback_is_a_deployment_of_the_last_good_release() {
        TestedRun good = tester.push("main").assertSucceeded();
        tester.environment("production").fallsIllUnderTraffic();
        TestedRun bad = tester.push("main").assertFailed();
        tester.advance(ofMinutes(1));

        List<Deployment> history = production().history();
        assertThat(history)
                .extracting(Deployment::kind, Deployment::cause, Deployment::run)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(Deployment.Kind.ROLLBACK, Cause.COMPLETED, bad.id()),
                        org.assertj.core.groups.Tuple.tuple(Deployment.Kind.RELEASE, Cause.UNHEALTHY, bad.id()),
                        org.assertj.core.groups.Tuple.tuple(Deployment.Kind.RELEASE, Cause.COMPLETED, good.id()));
        assertThat(production().live()).contains(history.get(0));
        assertThat(history.get(0).release()).isEqualTo(history.get(2).release());
        assertThat(history.get(0).release())
                .isEqualTo(tester.environment("production").live().orElseThrow());
    }

    @Test
    void what_no_signal_told_is_remembered_by_the_sweep() {
        tester.during("build", run -> tester.cloud().setFaults(Faults.from(3).losingSignals(70)));
        TestedRun run = tester.push("main");
        tester.advance(ofHours(3));
        tester.cloud().setFaults(Faults.none());
        tester.advance(ofMinutes(30));

        run.assertSucceeded();
        assertThat(production().history()).hasSize(1);
    }

    @Test
    void an_environment_that_does_not_exist_is_refused() {
        assertThatThrownBy(() -> tester.engine().environment("moon"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no environment 'moon'; there are: production");
    }
}
