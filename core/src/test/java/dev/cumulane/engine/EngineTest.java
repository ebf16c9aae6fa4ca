// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.engine;

import static java.time.Duration.ofDays;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cumulane.run.Outcome;
import dev.cumulane.testing.PipelineTester;
import dev.cumulane.testing.ShopPipeline;
import dev.cumulane.testing.TestedRun;
import org.junit.jupiter.api.Test;

class EngineTest {
    @Test
    void aPushGoesThroughBuildTestApprovalAndCanaryToItsEnd() {
        PipelineTester tester = PipelineTester.of(ShopPipeline.pipeline());

        TestedRun run = tester.push("main");
        run.assertWaitingFor("release");
        tester.advance(ofDays(2));
        run.approve("release", "ada");
        tester.advance(ofDays(1));

        run.assertSucceeded();
        assertThat(run.stage("deploy-production").outcome()).contains(Outcome.SUCCESS);
    }

    @Test
    void aFailedTestSkipsWhatNeedsItAndStillCleansUp() {
        PipelineTester tester = PipelineTester.of(ShopPipeline.pipeline());
        tester.stage("unit").fails("ShopTest.sells", "expected: 3");

        TestedRun run = tester.push("main");

        run.assertEnded(Outcome.FAILURE);
        run.assertStage("release", Outcome.SKIP);
        run.assertStage("deploy-production", Outcome.SKIP);
        run.assertStage("clean-up", Outcome.SUCCESS);
    }

    @Test
    void aLostWorkerIsReplacedTwice() {
        PipelineTester tester = PipelineTester.of(ShopPipeline.pipeline());
        tester.stage("build").first().losesItsWorker();

        TestedRun run = tester.push("main");

        run.assertWaitingFor("release").assertAttempts("build", 2);
    }

    @Test
    void anIllReleaseIsRolledBack() {
        PipelineTester tester = PipelineTester.of(ShopPipeline.pipeline());
        tester.environment("production").failsHealthCheck();

        TestedRun run = tester.push("main");
        run.approve("release", "ada");

        run.assertEnded(Outcome.FAILURE)
                .assertStage("deploy-production", Outcome.FAILURE)
                .assertStage("clean-up", Outcome.SUCCESS);
    }

    @Test
    void anApprovalExpires() {
        PipelineTester tester = PipelineTester.of(ShopPipeline.pipeline());

        TestedRun run = tester.push("main");
        tester.advance(ofDays(4));

        run.assertEnded(Outcome.TIMEOUT).assertStage("release", Outcome.TIMEOUT);
        assertThatThrownBy(() -> run.approve("release", "ada")).hasMessageContaining("no votes any more");
    }

    @Test
    void aHangingStageIsStoppedAtItsTimeLimit() {
        PipelineTester tester = PipelineTester.of(ShopPipeline.pipeline());
        tester.stage("build").hangs();

        TestedRun run = tester.push("main");
        tester.advance(ofDays(1));

        run.assertEnded(Outcome.TIMEOUT).assertStage("build", Outcome.TIMEOUT).assertStage("clean-up", Outcome.SUCCESS);
    }

    @Test
    void aCancelledRunCleansUp() {
        PipelineTester tester = PipelineTester.of(ShopPipeline.pipeline());

        TestedRun run = tester.push("main");
        run.cancel("ada", "not today");

        run.assertEnded(Outcome.CANCELLATION)
                .assertStage("release", Outcome.CANCELLATION)
                .assertStage("clean-up", Outcome.SUCCESS);
    }
}
