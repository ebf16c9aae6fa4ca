// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

import static dev.cumulane.pipeline.Approvers.allOf;
import static dev.cumulane.pipeline.Approvers.anyOf;
import static dev.cumulane.pipeline.Work.container;
import static java.time.Duration.ofHours;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.pipeline.ApprovalHandle;
import dev.cumulane.pipeline.Approvers;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.Stage;
import dev.cumulane.pipeline.Work;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Produced;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.Verdict;
import dev.cumulane.run.Vote;
import dev.cumulane.run.VoteRefusal;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Who decides, on what, and what is said of it. The runs are of ada's push. */
class BallotTest {
    private static final Work WORK = container("alpine").runs("true");

    private static Driver asking(Approvers approvers, Consumer<ApprovalHandle> rules) {
        return Driver.begun(Pipeline.define("app", p -> {
            rules.accept(p.approval("ok", approvers).expiresAfter(ofHours(8)));
            p.build("clean-up", WORK).always();
        }));
    }

    private static String refusal(Driver run, String by) {
        return Ballots.refusal(run.run(), (Stage.Approval) run.plan().stage(0), by)
                .orElse("may");
    }

    @Test
    void a_decision_names_those_who_decided_and_what_they_said() {
        Driver run = asking(anyOf("ada", "grace", "linus").quorum(2), approval -> {});
        run.approve("ok", "ada");
        run.vote("ok", new Vote("linus", Vote.Decision.APPROVE, "looks good", run.now()));
        assertThat(run.verdict("ok")).isEqualTo(Verdict.of(Cause.COMPLETED, "approved by ada, linus: looks good"));
        Driver plain = asking(anyOf("ada"), approval -> {});
        plain.vote("ok", "ada", Vote.Decision.REJECT);
        assertThat(plain.verdict("ok")).isEqualTo(Verdict.of(Cause.REJECTED, "rejected by ada"));
    }

    @Test
    void who_may_not_vote_is_told_who_may() {
        Driver run = asking(anyOf("grace", "linus"), approval -> {});
        assertThat(refusal(run, "grace")).isEqualTo("may");
        assertThat(refusal(run, "mallory")).isEqualTo("; these may: grace, linus");
        Driver others = asking(anyOf("ada", "grace"), ApprovalHandle::notByAuthor);
        assertThat(refusal(others, "ada"))
                .isEqualTo(", since nobody decides on what they asked for themselves; these may: grace");
        assertThat(refusal(others, "mallory")).isEqualTo("; these may: grace");
        others.approve("ok", "ada");
        assertThat(others.phase("ok")).isEqualTo(Phase.VOTING);
    }

    @Test
    void an_author_is_known_however_their_name_is_written() {
        Driver run = asking(anyOf("ADA", "grace"), ApprovalHandle::notByAuthor);
        assertThat(refusal(run, "ADA")).startsWith(", since nobody decides");
        assertThat(refusal(run, "grace")).isEqualTo("may");
    }

    @Test
    void an_approval_that_too_few_may_give_is_rejected_at_once() {
        Driver run = asking(allOf("ada", "grace"), ApprovalHandle::notByAuthor);
        assertThat(run.verdict("ok"))
                .isEqualTo(Verdict.of(
                        Cause.REJECTED, "it takes 2 votes, and without ada, who asked for the run, only 1 may vote"));
        Driver nobody = asking(anyOf("ada"), ApprovalHandle::notByAuthor);
        assertThat(refusal(nobody, "ada")).endsWith("; these may: nobody");
    }

    @Test
    void who_repeats_a_run_does_not_decide_on_it_either() {
        Driver run = asking(anyOf("ada", "grace", "linus"), ApprovalHandle::notByAuthor);
        run.vote("ok", "grace", Vote.Decision.REJECT);
        run.succeed("clean-up");
        run.repeatFailed();
        assertThat(refusal(run, "grace")).startsWith(", since nobody decides");
        assertThat(refusal(run, "linus")).isEqualTo("may");
    }

    @Test
    void a_vote_without_the_comment_that_is_wanted_does_not_count() {
        Driver run = asking(anyOf("ada"), ApprovalHandle::commented);
        Vote bare = new Vote("ada", Vote.Decision.APPROVE, " ", run.now());
        assertThat(run.vote("ok", bare))
                .containsExactly(new RunEvent.VoteRefused("ok", bare, VoteRefusal.WITHOUT_COMMENT));
        run.vote("ok", new Vote("ada", Vote.Decision.APPROVE, "tried it", run.now()));
        assertThat(run.cause("ok")).isEqualTo(Cause.COMPLETED);
    }

    @Test
    void silence_is_what_the_pipeline_says_that_it_is() {
        Driver consent = asking(anyOf("ada"), ApprovalHandle::approvingOnExpiry);
        Driver refusal = asking(anyOf("ada"), approval -> {});
        consent.pass(ofHours(8));
        refusal.pass(ofHours(8));
        assertThat(consent.verdict("ok"))
                .isEqualTo(Verdict.of(Cause.COMPLETED, "approved: nobody rejected it within PT8H"));
        assertThat(refusal.verdict("ok")).isEqualTo(Verdict.of(Cause.EXPIRED, "nobody decided within PT8H"));
    }

    @Test
    void a_vote_at_the_last_moment_counts_and_one_after_it_does_not() {
        Driver run = asking(anyOf("ada", "grace").quorum(2), approval -> {});
        assertThat(run.vote("ok", new Vote("ada", Vote.Decision.APPROVE, "", Driver.BEGINNING.plus(ofHours(8)))))
                .hasSize(1);
        Vote late = new Vote(
                "grace",
                Vote.Decision.APPROVE,
                "",
                Driver.BEGINNING.plus(ofHours(8)).plusNanos(1));
        assertThat(run.vote("ok", late)).containsExactly(new RunEvent.VoteRefused("ok", late, VoteRefusal.TOO_LATE));
    }

    @Test
    void what_an_author_decides_on_their_own_request_is_recorded_as_refused() {
        Driver run = asking(anyOf("ada", "grace", "linus"), ApprovalHandle::notByAuthor);
        Vote own = new Vote("ada", Vote.Decision.APPROVE, "", run.now());
        assertThat(run.vote("ok", own)).containsExactly(new RunEvent.VoteRefused("ok", own, VoteRefusal.OWN_REQUEST));
    }

    @Test
    void votes_that_do_not_count_are_recorded_once_each_and_only_so_many() {
        Driver run = asking(anyOf("ada"), approval -> {});
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 30; i++) {
                run.vote("ok", new Vote("stranger-" + i, Vote.Decision.APPROVE, "round " + round, run.now()));
            }
        }
        assertThat(run.run().slot("ok").orElseThrow().ballot().orElseThrow().refused())
                .hasSize(RunEvent.MOST_REFUSED_VOTES)
                .doesNotHaveDuplicates();
        run.vote("ok", "ada", Vote.Decision.APPROVE);
        assertThat(run.cause("ok")).isEqualTo(Cause.COMPLETED);
    }

    @Test
    void people_decide_on_what_the_stages_behind_read() {
        Driver run = Driver.begun(Pipeline.define("app", p -> {
            var build = p.build(
                    "build",
                    WORK.writes("docs", "docs").writes("jar", "app.jar").writes("never", "never"));
            var ok = p.approval("ok", anyOf("ada")).after(build);
            p.build("ship", WORK.reads(p.source(), build.artifact("jar"))).after(ok);
            p.build("page", WORK.reads(build.artifact("jar"), build.artifact("never")))
                    .after(ok);
        }));
        Produced jar = new Produced("jar", Digest.of(new byte[] {1}), 1);
        run.end("build", Verdict.success(new Produced("docs", Digest.of(new byte[] {2}), 1), jar));
        StageSlot.Ballot ballot = run.slot("ok").ballot().orElseThrow();
        assertThat(ballot.artifacts()).containsExactly(jar);
        assertThat(ballot.subject())
                .isEqualTo(run.run().subject(List.of(jar)))
                .isNotEqualTo(run.run().subject(List.of()))
                .isNotEqualTo(run.run().subject(List.of(new Produced("jar", Digest.of(new byte[] {3}), 1))));
    }

    @Test
    void a_hundred_artifacts_are_named_and_all_are_decided_on() {
        int many = 120;
        Driver run = Driver.begun(Pipeline.define("app", p -> {
            var ok = p.approval("ok", anyOf("ada"));
            for (int i = 0; i < many; i++) {
                var writer = p.build("write-" + i, WORK.writes("out", "out"));
                ok.after(writer);
                p.build("read-" + i, WORK.reads(writer.artifact("out"))).after(ok);
            }
        }));
        List<Produced> artifacts = IntStream.range(0, many)
                .mapToObj(i -> new Produced("out", Digest.of(new byte[] {(byte) i}), i))
                .toList();
        IntStream.range(0, many).forEach(i -> run.end("write-" + i, Verdict.success(artifacts.get(i))));
        StageSlot.Ballot ballot = run.slot("ok").ballot().orElseThrow();
        assertThat(ballot.artifacts()).isEqualTo(artifacts.subList(0, 100));
        assertThat(ballot.subject()).isEqualTo(run.run().subject(artifacts));
    }

    private static String skipping(Driver run, String stage, String by, String reason) {
        return Skips.refusal(run.run(), run.run().number(stage), by, reason).orElse("may");
    }

    @Test
    void who_cannot_skip_a_stage_is_told_why() {
        Driver run = Driver.begun(Pipeline.define("app", p -> {
            var a = p.build("a", WORK.writes("jar", "app.jar"));
            p.group("all", dev.cumulane.pipeline.Policy.all(), p.build("b", WORK));
            p.approval("now", anyOf("ada")).commented();
            p.approval("later", anyOf("ada")).after(a);
            p.deploy(a.artifact("jar"), dev.cumulane.pipeline.Environment.environment("live"));
        }));
        assertThat(skipping(run, "a", "mallory", "")).isEqualTo("may");
        assertThat(skipping(run, "all", "ada", "why")).startsWith("a group has nothing of its own to skip");
        assertThat(skipping(run, "now", "ada", " ")).startsWith("it takes no vote without a comment");
        assertThat(skipping(run, "now", "ada", "why")).isEqualTo("may");
        assertThat(skipping(run, "later", "ada", ""))
                .isEqualTo("an approval can be skipped only while it asks for votes");
        run.succeed("a");
        assertThat(skipping(run, "a", "ada", "why")).isEqualTo("it ended in SUCCESS");
        assertThat(skipping(run, "later", "mallory", "")).startsWith("an approval can be skipped only by somebody");
        assertThat(skipping(run, "later", "ada", "")).isEqualTo("may");
        assertThat(skipping(run, "deploy-live", "ada", "")).isEqualTo("may");
        run.grant("deploy-live", 1);
        assertThat(skipping(run, "deploy-live", "ada", "")).startsWith("the deployment is under way");
        run.cancel();
        assertThat(skipping(run, "b", "ada", "")).isEqualTo("the run was cancelled");
    }

    @Test
    void an_approval_that_has_expired_cannot_be_skipped_though_nobody_noticed() {
        Driver run = asking(anyOf("ada"), approval -> {});
        run.clockSays(Driver.BEGINNING.plus(ofHours(8)));
        Driver late = asking(anyOf("ada"), approval -> {});
        late.clockSays(Driver.BEGINNING.plus(ofHours(8)).plusNanos(1));
        run.skip("ok", "ada");
        late.skip("ok", "ada");
        assertThat(run.cause("ok")).isEqualTo(Cause.SKIPPED);
        assertThat(late.cause("ok")).isEqualTo(Cause.EXPIRED);
    }
}
