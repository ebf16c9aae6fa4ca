// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

import static dev.cumulane.pipeline.Concurrency.group;
import static dev.cumulane.pipeline.Work.container;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.cumulane.pipeline.Concurrency;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Commit;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.RunId;
import dev.cumulane.run.SourceEvent;
import dev.cumulane.run.TrustLevel;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A run's turn in its group, as the run sees it. */
class TurnTest {
    private static final RunId NEWER = new RunId("app-00000000000newer");
    private static final Commit HEAD = Commit.commit("https://example.com/app.git", "1".repeat(40));
    private static final Instant SINCE = Driver.BEGINNING;

    private final Driver run = Driver.waiting(Pipeline.define("app", p -> {
        p.concurrency(group("ci").superseding());
        p.build("a", container("alpine").runs("true"));
        p.build("clean-up", container("alpine").runs("true")).always();
    }));

    @Test
    void a_run_that_waits_runs_nothing() {
        assertThat(run.phase("a")).isEqualTo(Phase.PENDING);
        run.tell(new Signal.TurnGranted(4));
        assertThat(run.phase("a")).isEqualTo(Phase.SCHEDULED);
        assertThat(run.tell(new Signal.TurnGranted(4))).isEmpty();
        assertThat(run.tell(new Signal.TurnGranted(5))).isEmpty();
    }

    @Test
    void a_run_that_is_refused_runs_nothing_and_cleans_nothing_up() {
        run.tell(new Signal.TurnLost(Optional.empty()));
        assertThat(run.cause("a")).isEqualTo(Cause.GROUP_FULL);
        assertThat(run.verdict("clean-up").detail()).isEqualTo("group 'ci' takes no more runs");
        assertThat(run.run().head().outcome()).contains(Outcome.CANCELLATION);
    }

    @Test
    void a_run_that_a_newer_one_replaces_stops_and_cleans_up() {
        run.tell(new Signal.TurnGranted(4));
        run.accept("a");
        run.tell(new Signal.TurnLost(Optional.of(NEWER)));
        run.end("a", Cause.LOST_WORKER);
        assertThat(run.cause("a")).isEqualTo(Cause.SUPERSEDED);
        assertThat(run.verdict("a").detail())
                .isEqualTo("stopped, since run " + NEWER + ", which is newer, took its place in group 'ci'");
        assertThat(run.phase("clean-up")).isEqualTo(Phase.SCHEDULED);
    }

    @Test
    void a_refusal_that_comes_after_the_grant_changes_nothing() {
        run.tell(new Signal.TurnGranted(4));
        assertThat(run.tell(new Signal.TurnLost(Optional.empty()))).isEmpty();
    }

    @Test
    void what_is_told_of_the_turn_of_a_run_that_is_to_end_changes_nothing() {
        run.cancel();
        assertThat(run.run().hasEnded()).isTrue();
        Driver going = Driver.begun(Pipeline.define("app", p -> {
            p.concurrency(group("ci"));
            p.build("a", container("alpine").runs("true"));
        }));
        going.accept("a");
        going.cancel();
        assertThat(going.tell(new Signal.TurnLost(Optional.of(NEWER)))).isEmpty();
    }

    @Test
    void a_run_without_a_group_has_no_turn_to_hear_of() {
        Driver free = Driver.begun(
                Pipeline.define("app", p -> p.build("a", container("alpine").runs("true"))));
        assertThat(free.tell(new Signal.TurnLost(Optional.of(NEWER)))).isEmpty();
        assertThatIllegalStateException()
                .isThrownBy(() -> free.run().fold(new RunEvent.TurnGranted("ci", 1), SINCE))
                .withMessage("a turn that nobody asked for");
    }

    @Test
    void a_group_of_all_runs_has_its_own_name_and_one_per_branch_that_of_its_line() {
        Concurrency all = group("ci");
        Concurrency branch = group("ci").perBranch();
        SourceEvent main = push("refs/heads/main");
        assertThat(Turns.key(all, main)).isEqualTo("ci");
        assertThat(Turns.key(branch, main)).matches("ci\\.[0-9a-f]{16}").isEqualTo(Turns.key(branch, main));
        assertThat(Turns.key(branch, main)).isNotEqualTo(Turns.key(branch, push("refs/heads/dev")));
        SourceEvent seven = change("7");
        assertThat(Turns.key(branch, seven))
                .isNotEqualTo(Turns.key(branch, main))
                .isNotEqualTo(Turns.key(branch, change("8")));
        SourceEvent loose = new SourceEvent.Asked(HEAD, "ada");
        SourceEvent other = new SourceEvent.Asked(Commit.commit("https://example.com/app.git", "2".repeat(40)), "ada");
        assertThat(Turns.key(branch, loose)).isNotEqualTo(Turns.key(branch, other));
        SourceEvent moved = new SourceEvent.Asked(Commit.commit("https://example.com/b.git", "1".repeat(40)), "ada");
        assertThat(Turns.key(branch, moved)).isNotEqualTo(Turns.key(branch, loose));
    }

    private static SourceEvent push(String ref) {
        return new SourceEvent.Pushed(HEAD.at(ref), "ada", TrustLevel.TRUSTED);
    }

    private static SourceEvent change(String number) {
        return new SourceEvent.ChangeProposed(HEAD.at("refs/heads/main"), "main", number, "ada", TrustLevel.INTERNAL);
    }

    @Test
    void the_terms_are_those_of_the_group() {
        assertThat(Terms.of(group("ci").queueing(7), SINCE)).isEqualTo(new Terms(SINCE, 1, 7, false));
        assertThat(Terms.of(group("ci").parallel(3), SINCE)).isEqualTo(new Terms(SINCE, 3, Concurrency.MOST, false));
        assertThat(Terms.of(group("ci").superseding(), SINCE)).isEqualTo(new Terms(SINCE, 1, 1, true));
        assertThat(Terms.of(group("ci").rejecting(), SINCE)).isEqualTo(new Terms(SINCE, 1, 0, false));
        assertThat(Terms.alone(SINCE)).isEqualTo(new Terms(SINCE, 1, Integer.MAX_VALUE, false));
    }
}
