// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

import static dev.cumulane.pipeline.Environment.environment;
import static dev.cumulane.pipeline.Work.container;
import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.pipeline.Digest;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Deployment;
import dev.cumulane.run.Produced;
import dev.cumulane.run.Release;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.RunId;
import dev.cumulane.run.Verdict;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is told to an environment of a deployment's end, and how a deployment goes back. */
class DeploymentTest {
    private static final Produced JAR = new Produced("jar", Digest.of(new byte[] {1}), 1);
    private static final Produced DOCS = new Produced("docs", Digest.of(new byte[] {2}), 2);

    private final Driver run = Driver.begun(Pipeline.define("app", p -> {
        var app = p.build(
                "app", container("alpine").runs("make").writes("docs", "docs").writes("jar", "app.jar"));
        p.deploy("live", app.artifact("jar"), environment("production")).within(ofMinutes(5));
    }));

    private Optional<Signal.Deployed> deployed() {
        return Rollouts.deployed(run.run(), run.run().number("live"));
    }

    private void built() {
        run.end("app", Verdict.success(DOCS, JAR));
    }

    private Deployment deployment(Cause cause, String detail) {
        return new Deployment(
                new RunId("app-0123456789abcdef"),
                "live",
                Deployment.Kind.RELEASE,
                Release.of(JAR),
                cause,
                detail,
                "ada",
                run.now());
    }

    @Test
    void an_environment_learns_of_a_good_release_when_all_of_its_steps_are_done() {
        built();
        assertThat(deployed()).isEmpty();
        run.grant("live", 3);
        assertThat(deployed()).isEmpty();
        run.deploy("live");
        assertThat(deployed()).contains(new Signal.Deployed(deployment(Cause.COMPLETED, ""), false));
    }

    @Test
    void an_environment_learns_of_a_release_that_was_rolled_back() {
        built();
        run.grant("live", 3);
        run.over("live", false);
        run.over("live", true);
        assertThat(deployed())
                .contains(new Signal.Deployed(deployment(Cause.UNHEALTHY, "the health check answered 500"), true));
    }

    @Test
    void an_environment_learns_of_a_rollback_that_failed_too() {
        built();
        run.grant("live", 3);
        run.over("live", false);
        run.over("live", false);
        assertThat(deployed()).hasValueSatisfying(one -> {
            assertThat(one.rolledBack()).isFalse();
            assertThat(one.deployment().cause()).isEqualTo(Cause.DEPLOYMENT_FAILED);
        });
    }

    @Test
    void an_environment_that_was_never_granted_learns_nothing() {
        built();
        run.cancel();
        assertThat(run.phase("live")).isEqualTo(Phase.FINISHED);
        assertThat(deployed()).isEmpty();
    }

    @Test
    void what_is_to_be_deployed_was_not_written() {
        run.end("app", Verdict.success(DOCS));
        assertThat(run.verdict("live"))
                .isEqualTo(Verdict.of(Cause.NEEDS_UNMET, "artifact 'jar' of stage 'app' was not written"));
    }

    @Test
    void a_deployment_that_is_cancelled_in_the_middle_ends_its_step_and_goes_back() {
        built();
        run.grant("live", 3);
        run.cancel();
        assertThat(run.phase("live")).isEqualTo(Phase.STEPPING);
        run.over("live", true);
        assertThat(run.slot("live").rollout().orElseThrow().step()).contains(RunEvent.Step.ROLL_BACK);
        run.over("live", true);
        assertThat(run.verdict("live"))
                .isEqualTo(Verdict.of(Cause.CANCELLED, "rolled back, since the run was cancelled"));
    }

    @Test
    void a_deployment_that_was_complete_when_its_run_was_cancelled_stays() {
        built();
        run.grant("live", 3);
        while (!run.slot("live").rollout().orElseThrow().step().equals(Optional.of(RunEvent.Step.COMPLETE))) {
            run.over("live", true);
        }
        run.cancel();
        run.over("live", true);
        assertThat(run.cause("live")).isEqualTo(Cause.COMPLETED);
    }

    @Test
    void a_provider_that_forgets_whatever_it_is_told_is_given_up_after_a_hundred_steps() {
        built();
        run.grant("live", 3);
        int begun = 1;
        while (run.slot("live").rollout().orElseThrow().step().equals(Optional.of(RunEvent.Step.PREPARE))) {
            assertThat(run.slot("live").rollout().orElseThrow().index()).isEqualTo(begun++);
            run.pass(ofMinutes(5));
            run.lose("live", false);
        }
        assertThat(begun).isEqualTo(101);
        assertThat(run.slot("live")
                        .rollout()
                        .orElseThrow()
                        .failed()
                        .orElseThrow()
                        .detail())
                .isEqualTo("step PREPARE did not end within PT5M");
    }

    @Test
    void the_end_of_another_step_than_the_current_one_changes_nothing() {
        built();
        run.grant("live", 3);
        Signal.StepOver late = new Signal.StepOver("live", 7, true, "", Optional.empty(), Optional.empty());
        assertThat(run.tell(late)).isEmpty();
        run.pass(ofMinutes(5));
        assertThat(run.tell(new Signal.StepLost("live", 7, true))).isEmpty();
        assertThat(run.phase("live")).isEqualTo(Phase.OVERDUE);
    }
}
