// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

import static dev.cumulane.pipeline.Policy.all;
import static dev.cumulane.pipeline.Policy.atLeast;
import static dev.cumulane.pipeline.Policy.failingFast;
import static dev.cumulane.pipeline.Work.container;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cumulane.pipeline.FanOutHandle;
import dev.cumulane.pipeline.Output;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.Policy;
import dev.cumulane.pipeline.Work;
import dev.cumulane.pipeline.WorkHandle;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.RunEvent;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of a stage that runs for each item of a list; after each test, what a snapshot remembers asks for the same as the history. */
class CellsTest {
    private static final Work WORK = container("alpine").runs("true");
    private static final Output<List<String>> LIST = Output.list("list");

    private Driver run = begun(all());

    private static Driver begun(Policy policy) {
        return Driver.begun(Pipeline.define("fan", p -> {
            WorkHandle split = p.build("split", WORK.outputs(LIST));
            WorkHandle base = p.build("base", WORK);
            FanOutHandle fan = p.forEach(
                            "fan",
                            split.value(LIST),
                            item -> p.build(item.name(), WORK.env("ITEM", item)).reuseWhenUnchanged())
                    .after(base)
                    .atMost(1000)
                    .policy(policy);
            p.build("next", WORK).after(fan);
            p.build("alarm", WORK).onFailure();
            p.build("clean-up", WORK).always();
        }));
    }

    @AfterEach
    void aSnapshotSaysTheSame() {
        run.goesOnFromAnySnapshot();
    }

    private void fansOut(String... items) {
        run.list("split", "list", items);
        run.succeed("base");
    }

    private void fails(String cell) {
        run.accept(cell);
        run.end(cell, Cause.COMMAND_FAILED);
    }

    @Test
    void each_item_has_a_cell_and_what_comes_after_waits_for_all() {
        fansOut("a", "b");
        assertThat(run.phase("fan")).isEqualTo(Phase.FANNED_OUT);
        run.succeed("fan-2");
        assertThat(run.phase("next")).isEqualTo(Phase.PENDING);
        run.succeed("fan-1");
        assertThat(run.verdict("fan").detail()).isEqualTo("2 of 2 succeeded");
        run.succeed("next", "clean-up");
        assertThat(run.run().head().outcome()).contains(Outcome.SUCCESS);
    }

    @Test
    void nothing_fans_out_before_all_that_its_cells_come_after() {
        run.list("split", "list", "a");
        assertThat(run.phase("fan")).isEqualTo(Phase.PENDING);
        run.succeed("base");
        assertThat(run.phase("fan-1")).isEqualTo(Phase.RECALLING);
    }

    @Test
    void a_list_without_items_is_a_success() {
        fansOut();
        assertThat(run.verdict("fan").detail()).isEqualTo("the list has no items");
        assertThat(run.cause("fan")).isEqualTo(Cause.COMPLETED);
        run.succeed("next");
    }

    @Test
    void a_list_without_items_is_too_little_for_one_that_must_succeed() {
        run = begun(atLeast(1));
        fansOut();
        assertThat(run.verdict("fan").detail()).isEqualTo("0 of 0 succeeded; 1 had to");
        assertThat(run.cause("fan")).isEqualTo(Cause.TOO_FEW_SUCCEEDED);
    }

    @Test
    void a_failed_cell_fails_the_whole_once_all_have_ended() {
        fansOut("a", "b", "c");
        fails("fan-2");
        assertThat(run.phase("fan")).isEqualTo(Phase.FANNED_OUT);
        run.succeed("fan-1", "fan-3");
        assertThat(run.cause("fan")).isEqualTo(Cause.TOO_FEW_SUCCEEDED);
        assertThat(run.cause("next")).isEqualTo(Cause.NEEDS_UNMET);
        run.succeed("alarm", "clean-up");
        assertThat(run.run().head().outcome()).contains(Outcome.FAILURE);
    }

    @Test
    void failing_fast_stops_the_other_cells() {
        run = begun(failingFast());
        fansOut("a", "b", "c");
        run.accept("fan-1");
        fails("fan-2");
        assertThat(run.phase("fan-1")).isEqualTo(Phase.STOPPING);
        assertThat(run.cause("fan-3")).isEqualTo(Cause.NOT_NEEDED);
        run.end("fan-1", Cause.LOST_WORKER);
        assertThat(run.cause("fan")).isEqualTo(Cause.TOO_FEW_SUCCEEDED);
    }

    @Test
    void when_enough_have_succeeded_others_go_on_and_what_cleans_up_waits_for_them() {
        run = begun(atLeast(1));
        fansOut("a", "b");
        run.succeed("fan-1");
        assertThat(run.cause("fan")).isEqualTo(Cause.COMPLETED);
        run.succeed("next");
        assertThat(run.phase("clean-up")).isEqualTo(Phase.PENDING);
        fails("fan-2");
        assertThat(run.cause("alarm")).isEqualTo(Cause.NOT_NEEDED);
        run.succeed("clean-up");
        assertThat(run.run().head().outcome()).contains(Outcome.SUCCESS);
    }

    @Test
    void many_cells_are_opened_in_several_records() {
        String[] items = IntStream.rangeClosed(1, 500).mapToObj(i -> "x").toArray(String[]::new);
        fansOut(items);
        assertThat(run.run().size()).isEqualTo(506);
        assertThat(run.phase("fan-500")).isEqualTo(Phase.RECALLING);
        assertThat(run.records())
                .allSatisfy(record -> assertThat(record.events()).hasSizeLessThanOrEqualTo(Machine.MOST_OPENED + 1));
    }

    @Test
    void a_cancelled_run_stops_its_cells_and_then_cleans_up() {
        fansOut("a", "b");
        run.accept("fan-1");
        run.cancel();
        assertThat(run.cause("fan-2")).isEqualTo(Cause.CANCELLED);
        run.end("fan-1", Cause.LOST_WORKER);
        assertThat(run.cause("fan")).isEqualTo(Cause.CANCELLED);
        run.succeed("clean-up");
    }

    @Test
    void one_cell_can_be_skipped_the_whole_only_before_it_has_fanned_out() {
        fansOut("a", "b");
        run.skip("fan-1", "ada");
        assertThat(run.cause("fan-1")).isEqualTo(Cause.SKIPPED);
        assertThat(Skips.refusal(run.run(), run.run().number("fan"), "ada", ""))
                .contains("it has fanned out and has nothing of its own to skip; skip its cells");
        run.succeed("fan-2");
        assertThat(run.verdict("fan").detail()).isEqualTo("1 of 2 succeeded, 1 were left out");
        assertThat(run.cause("fan")).isEqualTo(Cause.COMPLETED);
    }

    @Test
    void a_list_that_nobody_can_read_is_an_error() {
        fansOut("x".repeat(1000), "y".repeat(1000));
        assertThat(run.last().commands()).contains(new Command.CountItems("fan"));
        run.tell(new Signal.Counted("fan", Optional.empty(), "its list cannot be read: it is not there"));
        assertThat(run.cause("fan")).isEqualTo(Cause.INPUT_CORRUPT);
        assertThat(run.tell(new Signal.Counted("fan", Optional.of(2), ""))).isEmpty();
    }

    @Test
    void a_past_success_is_found_by_the_item_whatever_its_number() {
        fansOut("a", "b");
        var before = run.slot("fan-2").reuse();
        run = begun(all());
        fansOut("b", "a");
        assertThat(run.slot("fan-1").reuse()).isEqualTo(before);
        assertThat(run.slot("fan-2").reuse()).isNotEqualTo(before);
    }

    @Test
    void what_a_repetition_takes_over_of_its_cells_is_in_it_again() {
        fansOut("a", "b");
        run.succeed("fan-1");
        fails("fan-2");
        run.succeed("alarm", "clean-up");
        run.repeatFailed();
        assertThat(run.slot("fan-1").from()).isPresent();
        assertThat(run.phase("fan-2")).isEqualTo(Phase.RECALLING);
        run.succeed("fan-2");
        assertThat(run.cause("fan")).isEqualTo(Cause.COMPLETED);
    }

    @Test
    void a_whole_that_is_taken_over_has_its_cells_again() {
        fansOut("a", "b");
        run.succeed("fan-1", "fan-2");
        fails("next");
        run.succeed("alarm", "clean-up");
        run.repeatFailed();
        assertThat(run.cause("fan")).isEqualTo(Cause.COMPLETED);
        assertThat(run.slot("fan-2").from()).isPresent();
        assertThat(run.phase("next")).isEqualTo(Phase.SCHEDULED);
    }

    @Test
    void a_history_that_fans_out_twice_or_too_wide_is_damaged() {
        fansOut("a");
        RunProgress twice = Driver.replay(run.plan(), run.journal());
        assertThatThrownBy(() -> twice.fold(new RunEvent.FannedOut("fan", 1), Instant.MAX))
                .hasMessageContaining("fans out twice");
        RunProgress other = RunProgress.before(run.plan());
        other.fold(run.events().get(0), Driver.BEGINNING);
        assertThatThrownBy(() -> other.fold(new RunEvent.FannedOut("fan", 1001), Instant.MAX))
                .hasMessageContaining("1001 cells");
        assertThatThrownBy(() -> other.fold(new RunEvent.FannedOut("base", 1), Instant.MAX))
                .hasMessageContaining("does not fan out");
    }
}
