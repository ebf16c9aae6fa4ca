// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

import static dev.cumulane.pipeline.Policy.all;
import static dev.cumulane.pipeline.Policy.atLeast;
import static dev.cumulane.pipeline.Policy.failingFast;
import static dev.cumulane.pipeline.Work.container;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.pipeline.Condition;
import dev.cumulane.pipeline.GroupHandle;
import dev.cumulane.pipeline.Matrix;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.Policy;
import dev.cumulane.pipeline.Work;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Outcome;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a group makes of the ends of its members; after each test, what a snapshot remembers asks for the same as the history. */
class GroupTest {
    private static final Work WORK = container("alpine").runs("true");

    private Driver run = begun(all());

    /** Three members, one stage after the group and one that cleans up. */
    private static Driver begun(Policy policy) {
        return Driver.begun(Pipeline.define("scans", p -> {
            GroupHandle scans = p.group("scans", policy, p.build("a", WORK), p.build("b", WORK), p.build("c", WORK));
            p.build("publish", WORK).after(scans);
            p.build("alarm", WORK).onFailure();
            p.build("clean-up", WORK).always();
        }));
    }

    @AfterEach
    void aSnapshotSaysTheSame() {
        run.goesOnFromAnySnapshot();
    }

    private Outcome outcome() {
        return run.run().head().outcome().orElseThrow();
    }

    @Test
    void all_must_succeed_and_then_what_comes_after_goes_on() {
        run.succeed("a", "b");
        assertThat(run.phase("scans")).isEqualTo(Phase.PENDING);
        run.succeed("c");
        assertThat(run.verdict("scans").detail()).isEqualTo("3 of 3 succeeded");
        run.succeed("publish", "clean-up");
        assertThat(run.cause("alarm")).isEqualTo(Cause.NOT_NEEDED);
        assertThat(outcome()).isEqualTo(Outcome.SUCCESS);
    }

    @Test
    void the_others_go_on_when_one_fails_so_that_all_that_is_wrong_is_known() {
        run.end("a", Cause.COMMAND_FAILED);
        assertThat(run.phase("b")).isEqualTo(Phase.SCHEDULED);
        run.succeed("b");
        run.end("c", Cause.TIMED_OUT);
        assertThat(run.cause("scans")).isEqualTo(Cause.TOO_FEW_SUCCEEDED);
        assertThat(run.verdict("scans").detail()).isEqualTo("1 of 3 succeeded; 3 had to");
        assertThat(run.cause("publish")).isEqualTo(Cause.NEEDS_UNMET);
        run.succeed("alarm", "clean-up");
        assertThat(outcome()).isEqualTo(Outcome.FAILURE);
    }

    @Test
    void the_first_failure_stops_the_others_if_that_is_wanted() {
        run = begun(failingFast());
        run.accept("a", "b");
        run.end("a", Cause.COMMAND_FAILED);
        assertThat(run.last().commands())
                .contains(
                        new Command.StopWork("b", 1, java.util.Optional.of("service-b"), Cause.NOT_NEEDED),
                        new Command.StopWork("c", 1, java.util.Optional.empty(), Cause.NOT_NEEDED));
        assertThat(run.phase("scans")).isEqualTo(Phase.PENDING);
        run.end("b", Cause.LOST_WORKER);
        run.end("c", Cause.LOST_WORKER);
        assertThat(run.verdict("c").detail()).isEqualTo("stopped, since 'scans' could not succeed any more");
        assertThat(run.cause("scans")).isEqualTo(Cause.TOO_FEW_SUCCEEDED);
        run.succeed("alarm", "clean-up");
        assertThat(outcome()).isEqualTo(Outcome.FAILURE);
    }

    @Test
    void a_failing_fast_group_does_not_try_again_what_it_stops() {
        run = Driver.begun(Pipeline.define(
                "scans",
                p -> p.group(
                        "scans",
                        failingFast(),
                        p.build("a", WORK),
                        p.build(
                                "b",
                                WORK.retrying(
                                        dev.cumulane.pipeline.Retry.twice().onLostWorker())))));
        run.accept("a", "b");
        run.end("a", Cause.COMMAND_FAILED);
        run.end("b", Cause.LOST_WORKER);
        assertThat(run.cause("b")).isEqualTo(Cause.NOT_NEEDED);
        assertThat(outcome()).isEqualTo(Outcome.FAILURE);
    }

    @Test
    void enough_is_enough_and_the_rest_goes_on_without_a_word() {
        run = begun(atLeast(2));
        run.end("a", Cause.COMMAND_FAILED);
        run.succeed("b", "c");
        assertThat(run.verdict("scans").detail()).isEqualTo("2 of 3 succeeded");
        run.succeed("publish", "clean-up");
        assertThat(run.cause("alarm")).isEqualTo(Cause.NOT_NEEDED);
        assertThat(outcome()).isEqualTo(Outcome.SUCCESS);
    }

    @Test
    void what_comes_after_goes_on_as_soon_as_enough_have_succeeded_but_a_clean_up_waits_for_the_rest() {
        run = begun(atLeast(1));
        run.succeed("a");
        assertThat(run.phase("publish")).isEqualTo(Phase.SCHEDULED);
        run.succeed("publish");
        assertThat(run.phase("clean-up")).isEqualTo(Phase.PENDING);
        run.end("b", Cause.COMMAND_FAILED);
        run.end("c", Cause.COMMAND_FAILED);
        assertThat(run.phase("clean-up")).isEqualTo(Phase.SCHEDULED);
        run.succeed("clean-up");
        assertThat(outcome()).isEqualTo(Outcome.SUCCESS);
    }

    @Test
    void the_rest_is_stopped_when_enough_have_succeeded_if_that_is_wanted() {
        run = begun(atLeast(1).stoppingTheRest());
        run.accept("b", "c");
        run.succeed("a");
        assertThat(run.cause("scans")).isEqualTo(Cause.COMPLETED);
        assertThat(run.phase("b")).isEqualTo(Phase.STOPPING);
        run.end("b", Cause.LOST_WORKER);
        run.succeed("c");
        assertThat(run.cause("b")).isEqualTo(Cause.NOT_NEEDED);
        assertThat(run.verdict("b").detail()).isEqualTo("stopped, since enough others of 'scans' had succeeded");
        assertThat(run.cause("c")).isEqualTo(Cause.COMPLETED);
        run.succeed("publish", "clean-up");
        assertThat(outcome()).isEqualTo(Outcome.SUCCESS);
    }

    @Test
    void a_group_that_bears_any_failure_ends_at_once() {
        run = begun(atLeast(0));
        assertThat(run.phase("publish")).isEqualTo(Phase.SCHEDULED);
        run.succeed("publish");
        for (String one : new String[] {"a", "b", "c"}) {
            run.end(one, Cause.COMMAND_FAILED);
        }
        run.succeed("clean-up");
        assertThat(run.cause("alarm")).isEqualTo(Cause.NOT_NEEDED);
        assertThat(outcome()).isEqualTo(Outcome.SUCCESS);
    }

    @Test
    void a_cancelled_run_cancels_the_group_and_its_members() {
        run.accept("a");
        run.succeed("b");
        run.cancel();
        run.end("a", Cause.LOST_WORKER);
        run.end("c", Cause.LOST_WORKER);
        assertThat(run.cause("a")).isEqualTo(Cause.CANCELLED);
        assertThat(run.cause("scans")).isEqualTo(Cause.CANCELLED);
        run.succeed("alarm", "clean-up");
        assertThat(outcome()).isEqualTo(Outcome.CANCELLATION);
    }

    @Test
    void a_member_that_is_left_out_by_a_condition_of_its_own_is_not_a_failure_but_no_success_either() {
        run = Driver.begun(Pipeline.define("scans", p -> {
            GroupHandle strict = p.group(
                    "strict",
                    all(),
                    p.build("a", WORK),
                    p.build("b", WORK).onlyWhen(Condition.branch().is("other")));
            p.group(
                    "some",
                    atLeast(1),
                    p.build("c", WORK).after(strict).onlyWhen(Condition.branch().is("other")));
        }));
        run.succeed("a");
        assertThat(run.verdict("strict").detail()).isEqualTo("1 of 2 succeeded, 1 were left out");
        assertThat(run.cause("strict")).isEqualTo(Cause.COMPLETED);
        assertThat(run.cause("some")).isEqualTo(Cause.TOO_FEW_SUCCEEDED);
        assertThat(outcome()).isEqualTo(Outcome.FAILURE);
    }

    @Test
    void a_matrix_of_a_thousand_cells_is_opened_in_steps_of_two_hundred() {
        run = Driver.begun(Pipeline.define(
                "wide", p -> p.matrix("cell", Matrix.shards(1000), cell -> p.build(cell.name(), WORK))));
        assertThat(run.records())
                .allSatisfy(record -> assertThat(record.events()).hasSizeLessThanOrEqualTo(201))
                .hasSizeGreaterThanOrEqualTo(5);
        for (int i = 1; i <= 1000; i++) {
            run.succeed("cell-" + i);
        }
        assertThat(outcome()).isEqualTo(Outcome.SUCCESS);
    }
}
