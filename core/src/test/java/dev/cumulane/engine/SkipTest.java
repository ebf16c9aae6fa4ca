// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cumulane.run.Cause;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.Verdict;
import dev.cumulane.testing.PipelineTester;
import dev.cumulane.testing.ShopPipeline;
import dev.cumulane.testing.TestedRun;
import org.junit.jupiter.api.Test;

class SkipTest {
    private final PipelineTester tester = PipelineTester.of(ShopPipeline.pipeline());

    @Test
    void workThatRunsIsStoppedAndThenCountsAsSkipped() {
        tester.stage("unit").hangs();
        tester.during("unit", run -> run.skip("unit", "ada", "known to hang"));

        TestedRun run = tester.push("main").assertWaitingFor("release").assertStage("unit", Outcome.SKIP);

        Verdict verdict = run.stage("unit").progress().verdict().orElseThrow();
        assertThat(verdict.cause()).isEqualTo(Cause.SKIPPED);
        assertThat(verdict.detail()).isEqualTo("skipped by ada: known to hang");
        assertThat(run.stage("unit").progress().skippedBy()).contains("ada");
        assertThat(run.history().stream().flatMap(record -> record.events().stream()))
                .contains(new RunEvent.SkipRequested("unit", "ada", "known to hang"));
    }

    @Test
    void aStageIsSkippedWhenItsTurnComes() {
        TestedRun run = tester.push("main").skip("deploy-production", "ada", "");
        run.assertStage("build", Outcome.SUCCESS).assertWaitingFor("release");

        run.approve("release", "ada").assertSucceeded();

        run.assertStage("deploy-production", Outcome.SKIP).assertStage("clean-up", Outcome.SUCCESS);
        assertThat(tester.environment("production").live()).isEmpty();
    }

    @Test
    void whatCannotBeSkippedIsRefusedWithTheReason() {
        TestedRun run = tester.push("main");
        assertThatThrownBy(() -> run.skip("build", "ada", ""))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("it ended in SUCCESS");
        assertThatThrownBy(() -> run.skip("release", "mallory", ""))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("whose vote would be the last");
        assertThatThrownBy(() -> run.skip("unti", "ada", ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("it has: build, unit");
        assertThatThrownBy(() -> run.skip("clean-up", " ", ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("who skips");
        run.assertWaitingFor("release");
    }

    @Test
    void aStageThatWasSkippedStaysSkippedInARepetitionFromWhatFailed() {
        tester.stage("unit").hangs();
        tester.during("unit", run -> run.skip("unit", "ada", "known to hang"));
        tester.environment("production").failsHealthCheck();
        TestedRun first = tester.push("main").approve("release", "ada").assertFailed();

        TestedRun second = first.rerunFromFailed("ada");

        assertThat(second.stage("unit").progress().from()).contains(first.id());
        second.assertStage("unit", Outcome.SKIP).assertStage("release", Outcome.SUCCESS);
    }
}
