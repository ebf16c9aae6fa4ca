// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.examples.greeting;

import static java.time.Duration.ofDays;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.run.Cause;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.Release;
import dev.cumulane.testing.PipelineTester;
import dev.cumulane.testing.TestedRun;
import org.junit.jupiter.api.Test;

class GreetingPipelineTest {
    private final PipelineTester tester = PipelineTester.of(GreetingPipeline.pipeline());

    @Test
    void a_push_is_deployed_and_greeted_once_ada_approves() {
        TestedRun run = tester.push("main").assertWaitingFor("release");

        run.approve("release", "ada").assertSucceeded();

        assertThat(tester.environment("production").live())
                .contains(Release.of(run.stage("build").artifact("jar").orElseThrow()));
    }

    @Test
    void a_broken_test_is_named_and_nothing_is_deployed() {
        tester.stage("unit").fails("GreetingTest.greetsTheWorld", "expected: <Hello, world!> but was: <Hello world>");

        TestedRun run = tester.push("main").assertFailed();

        run.assertStages(
                "build SUCCESS",
                "unit FAILURE",
                "inspect SUCCESS",
                "release SKIP",
                "deploy-production SKIP",
                "smoke SKIP",
                "clean-up SUCCESS");
        assertThat(run.tree())
                .contains("GreetingTest.greetsTheWorld: expected: <Hello, world!> but was: <Hello world>");
    }

    @Test
    void a_release_that_is_not_healthy_gives_way_to_the_one_before() {
        tester.push("main").approve("release", "ada").assertSucceeded();
        var before = tester.environment("production").live();
        tester.environment("production").failsHealthCheck();

        TestedRun run = tester.push("main").approve("release", "grace").assertFailed();

        assertThat(run.stage("deploy-production")
                        .progress()
                        .verdict()
                        .orElseThrow()
                        .cause())
                .isEqualTo(Cause.UNHEALTHY);
        assertThat(tester.environment("production").live()).isEqualTo(before);
        run.assertStage("smoke", Outcome.SKIP).assertStage("clean-up", Outcome.SUCCESS);
    }

    @Test
    void a_build_that_loses_its_worker_twice_is_built_a_third_time() {
        tester.stage("build").first().losesItsWorker();
        tester.stage("build").attempt(2).losesItsWorker();

        tester.push("main").assertAttempts("build", 3).assertWaitingFor("release");
    }

    @Test
    void a_release_that_nobody_decides_on_expires_after_three_days() {
        TestedRun run = tester.push("main");

        tester.advance(ofDays(3));

        run.assertEnded(Outcome.TIMEOUT).assertStage("clean-up", Outcome.SUCCESS);
    }
}
