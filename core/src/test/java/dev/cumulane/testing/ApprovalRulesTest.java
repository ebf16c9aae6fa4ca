// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.testing;

import static dev.cumulane.pipeline.Approvers.allOf;
import static dev.cumulane.pipeline.Approvers.anyOf;
import static dev.cumulane.pipeline.Trigger.push;
import static dev.cumulane.pipeline.Work.container;
import static java.time.Duration.ofHours;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cumulane.pipeline.ApprovalHandle;
import dev.cumulane.pipeline.Approvers;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.Verdict;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ApprovalRulesTest {
    private static PipelineTester tester(Approvers approvers, Consumer<ApprovalHandle> rules) {
        return PipelineTester.of(Pipeline.define("shop", p -> {
            p.on(push());
            rules.accept(p.approval("release", approvers));
            p.build("clean-up", container("alpine").runs("echo done")).always();
        }));
    }

    private static Verdict verdict(TestedRun run) {
        return run.stage("release").progress().verdict().orElseThrow();
    }

    @Test
    void nobody_approves_what_they_pushed_themselves() {
        TestedRun run =
                tester(anyOf("tester", "grace"), ApprovalHandle::notByAuthor).push("main");

        assertThatThrownBy(() -> run.approve("release", "tester"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "'tester' may not vote on 'release', since nobody decides on what they asked for themselves;"
                                + " these may: grace");
        assertThat(run.stage("release").progress().waiting().orElseThrow().reason())
                .isEqualTo("a vote of grace");
        run.approve("release", "grace").assertSucceeded();
    }

    @Test
    void nobody_approves_what_they_repeated_themselves() {
        PipelineTester tester = tester(anyOf("ada", "grace"), ApprovalHandle::notByAuthor);
        TestedRun run = tester.push("main").reject("release", "grace", "not yet");
        var again = tester.engine().rerun(run.id(), "ada");
        tester.advance(ofHours(1));

        assertThatThrownBy(() -> tester.engine().approve(again, "release", "ada", ""))
                .hasMessageContaining("what they asked for themselves");
    }

    @Test
    void an_approval_that_nobody_could_give_is_rejected_at_once() {
        TestedRun run =
                tester(allOf("tester", "grace"), ApprovalHandle::notByAuthor).push("main");

        run.assertFailed();
        assertThat(verdict(run))
                .isEqualTo(Verdict.of(
                        Cause.REJECTED,
                        "it takes 2 votes, and without tester, who asked for the run, only 1 may vote"));
    }

    @Test
    void silence_can_be_consent() {
        PipelineTester tester = tester(
                anyOf("ada"), approval -> approval.expiresAfter(ofHours(8)).approvingOnExpiry());
        TestedRun silent = tester.push("main");
        TestedRun refused = tester.push("main").reject("release", "ada", "no");
        tester.advance(ofHours(8));

        silent.assertSucceeded();
        assertThat(verdict(silent).detail()).isEqualTo("approved: nobody rejected it within PT8H");
        refused.assertEnded(Outcome.FAILURE);
    }

    @Test
    void a_vote_without_the_comment_that_is_wanted_does_not_count() {
        PipelineTester tester = tester(anyOf("ada"), ApprovalHandle::commented);
        TestedRun run = tester.push("main");

        assertThatThrownBy(() -> run.approve("release", "ada"))
                .hasMessage("a vote on 'release' needs a comment that says why");
        tester.engine().approve(run.id(), "release", "ada", "tested by hand");
        tester.advance(ofHours(1));

        run.assertSucceeded();
        assertThat(run.history().stream()
                        .flatMap(record -> record.events().stream())
                        .filter(RunEvent.VoteCounted.class::isInstance)
                        .map(event -> ((RunEvent.VoteCounted) event).vote().comment()))
                .containsExactly("tested by hand");
    }
}
