// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.testing;

import static dev.cumulane.pipeline.Approvers.anyOf;
import static dev.cumulane.pipeline.Concurrency.group;
import static dev.cumulane.pipeline.Trigger.push;
import static dev.cumulane.pipeline.Work.container;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cumulane.pipeline.Concurrency;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.RunState;
import org.junit.jupiter.api.Test;

/** Runs that take turns; each goes on once somebody approves. */
class GroupsTest {
    private static PipelineTester tester(Concurrency concurrency) {
        return PipelineTester.of(Pipeline.define("shop", p -> {
            p.on(push());
            p.concurrency(concurrency);
            var build = p.build("build", container("alpine").runs("make"));
            p.approval("go-on", anyOf("ada")).after(build);
            p.build("clean-up", container("alpine").runs("echo done")).always();
        }));
    }

    @Test
    void a_run_waits_for_the_one_before_it() {
        PipelineTester tester = tester(group("ci"));
        TestedRun first = tester.push("main");
        TestedRun second = tester.push("main");

        assertThat(second.view().status().state()).isEqualTo(RunState.WAITING);
        assertThat(second.view().status().waiting().orElseThrow().reason()).isEqualTo("its turn in group 'ci'");
        second.assertAttempts("build", 0);

        first.approve("go-on", "ada").assertSucceeded();
        tester.advance(ofMinutes(1));

        second.assertWaitingFor("go-on");
    }

    @Test
    void one_too_many_is_rejected_at_once_and_runs_nothing() {
        PipelineTester tester = tester(group("ci").queueing(1));
        TestedRun first = tester.push("main");
        TestedRun second = tester.push("main");
        TestedRun third = tester.push("main");

        third.assertEnded(Outcome.CANCELLATION)
                .assertStages("build CANCELLATION", "go-on CANCELLATION", "clean-up CANCELLATION");
        assertThat(third.stage("build").progress().verdict().orElseThrow().cause())
                .isEqualTo(Cause.GROUP_FULL);

        first.approve("go-on", "ada").assertSucceeded();
        tester.advance(ofMinutes(1));
        second.approve("go-on", "ada").assertSucceeded();
    }

    @Test
    void a_newer_run_ends_what_waits_and_cancels_what_goes_on_and_begins_when_that_has_stopped() {
        PipelineTester tester = tester(group("ci").perBranch().superseding());
        tester.stage("clean-up").takes(ofMinutes(10));
        TestedRun first = tester.push("main");
        TestedRun elsewhere = tester.push("other");
        TestedRun second = tester.push("main");

        first.assertEnded(Outcome.CANCELLATION).assertStage("clean-up", Outcome.SUCCESS);
        assertThat(first.stage("go-on").progress().verdict().orElseThrow().cause())
                .isEqualTo(Cause.SUPERSEDED);
        assertThat(first.stage("go-on").progress().verdict().orElseThrow().detail())
                .contains(second.id().value());
        assertThat(second.stage("build").progress().times().began().orElseThrow())
                .isAfterOrEqualTo(first.view().status().times().ended().orElseThrow());
        elsewhere.assertWaitingFor("go-on");
        second.approve("go-on", "ada").assertSucceeded();
    }

    @Test
    void a_run_that_is_superseded_while_it_waits_runs_nothing() {
        PipelineTester tester = tester(group("ci").superseding());
        tester.stage("clean-up").takes(ofMinutes(30));
        TestedRun first = tester.push("main");
        tester.during("clean-up", any -> tester.push("main"));
        TestedRun second = tester.push("main");

        first.assertEnded(Outcome.CANCELLATION).assertStage("clean-up", Outcome.SUCCESS);
        second.assertEnded(Outcome.CANCELLATION)
                .assertStages("build CANCELLATION", "go-on CANCELLATION", "clean-up CANCELLATION");
        assertThat(tester.engine().list(10).stream().filter(run -> run.outcome().isEmpty()))
                .hasSize(1);
    }

    @Test
    void several_go_on_at_once() {
        PipelineTester tester = tester(group("ci").parallel(2));
        TestedRun first = tester.push("main");
        TestedRun second = tester.push("main");
        TestedRun third = tester.push("main");

        first.assertWaitingFor("go-on");
        assertThat(third.view().status().state()).isEqualTo(RunState.WAITING);
        third.assertAttempts("build", 0);
        second.approve("go-on", "ada").assertSucceeded();
        tester.advance(ofMinutes(1));
        third.assertWaitingFor("go-on");
    }

    @Test
    void while_one_goes_on_others_are_rejected_and_afterwards_no_more() {
        PipelineTester tester = tester(group("ci").rejecting());
        TestedRun first = tester.push("main");
        tester.push("main").assertEnded(Outcome.CANCELLATION);
        first.approve("go-on", "ada").assertSucceeded();

        tester.push("main").assertWaitingFor("go-on");
    }

    @Test
    void who_waits_too_long_ends_and_runs_nothing() {
        PipelineTester tester = tester(group("ci").waitingAtMost(ofHours(2)));
        TestedRun first = tester.push("main");
        TestedRun second = tester.push("main");
        tester.advance(ofHours(3));

        second.assertEnded(Outcome.TIMEOUT).assertStages("build TIMEOUT", "go-on TIMEOUT", "clean-up TIMEOUT");
        assertThat(second.stage("build").progress().verdict().orElseThrow().detail())
                .isEqualTo("its turn in group 'ci' did not come within PT2H");
        first.approve("go-on", "ada").assertSucceeded();
    }

    @Test
    void a_run_that_is_cancelled_while_it_waits_leaves_the_queue() {
        PipelineTester tester = tester(group("ci").queueing(1));
        TestedRun first = tester.push("main");
        TestedRun second = tester.push("main");
        second.cancel("ada", "").assertEnded(Outcome.CANCELLATION);
        TestedRun third = tester.push("main");
        first.approve("go-on", "ada").assertSucceeded();
        tester.advance(ofMinutes(1));

        third.assertWaitingFor("go-on");
    }

    @Test
    void a_grant_that_got_lost_is_repeated() {
        PipelineTester tester = tester(group("ci"));
        TestedRun first = tester.push("main");
        TestedRun second = tester.push("main");
        tester.cloud().setFaults(Faults.from(1).losingSignals(100));
        tester.engine().approve(first.id(), "go-on", "ada", "");
        tester.cloud().setFaults(Faults.from(1).losingSignals(60));
        tester.advance(ofHours(1));
        tester.cloud().setFaults(Faults.none());
        first.approve("go-on", "ada").assertSucceeded();
        tester.advance(ofMinutes(20));

        second.assertWaitingFor("go-on");
    }

    @Test
    void impossible_groups_are_refused() {
        assertThatThrownBy(() -> group("CI")).hasMessageContaining("group name 'CI' is not usable");
        assertThatThrownBy(() -> group("ci").queueing(0)).hasMessage("a group's queue are 1 to 1000, not 0");
        assertThatThrownBy(() -> group("ci").parallel(1001))
                .hasMessage("a group's parallel runs are 1 to 1000, not 1001");
        assertThatThrownBy(() -> Pipeline.define("shop", p -> {
                    p.concurrency(group("ci"));
                    p.concurrency(group("other"));
                }))
                .hasMessage("pipeline 'shop' is in group 'ci' already and cannot be in group 'other' as well");
    }
}
