// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

import static dev.cumulane.pipeline.Policy.atLeast;
import static dev.cumulane.pipeline.Work.container;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.PipelineDefinition;
import dev.cumulane.pipeline.Work;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.Verdict;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Which stages run when their turn comes, and what is said of those that do not. */
class OpeningTest {
    private static final Work WORK = container("alpine").runs("true");

    private static Driver begun(Consumer<PipelineDefinition> more) {
        return Driver.begun(Pipeline.define("app", more::accept));
    }

    @Test
    void what_is_for_failures_runs_when_something_failed() {
        Driver run = begun(p -> {
            p.build("a", WORK);
            p.build("b", WORK);
            p.build("alarm", WORK).onFailure();
        });
        run.succeed("a");
        run.end("b", Cause.COMMAND_FAILED);
        assertThat(run.phase("alarm")).isEqualTo(Phase.SCHEDULED);
    }

    @Test
    void what_is_for_failures_does_not_run_for_one_that_its_group_bears() {
        Driver run = begun(p -> {
            p.group("enough", atLeast(1), p.build("a", WORK), p.build("b", WORK));
            p.build("alarm", WORK).onFailure();
        });
        run.end("a", Cause.COMMAND_FAILED);
        run.succeed("b");
        assertThat(run.verdict("alarm")).isEqualTo(Verdict.of(Cause.NOT_NEEDED, "nothing failed before it"));
        assertThat(run.run().head().outcome()).contains(Outcome.SUCCESS);
    }

    @Test
    void a_stage_names_the_first_that_it_needs_and_that_did_not_succeed() {
        Driver run = begun(p -> {
            var a = p.build("a", WORK);
            var b = p.build("b", WORK);
            var c = p.build("c", WORK);
            p.build("it", WORK).after(a, b, c);
        });
        run.succeed("a");
        run.end("b", Cause.COMMAND_FAILED);
        assertThat(run.phase("it")).isEqualTo(Phase.PENDING);
        run.end("c", Cause.TIMED_OUT);
        assertThat(run.verdict("it")).isEqualTo(Verdict.of(Cause.NEEDS_UNMET, "'b' ended in FAILURE"));
    }

    @Test
    void a_condition_on_a_failure_does_not_make_what_failed_readable() {
        Driver run = begun(p -> {
            var a = p.build("a", WORK.writes("out", "out"));
            p.build("reads", WORK.reads(a.artifact("out"))).onlyWhen(a.failed());
            p.build("tells", WORK).onlyWhen(a.failed());
        });
        run.end("a", Cause.COMMAND_FAILED);
        assertThat(run.cause("reads")).isEqualTo(Cause.NEEDS_UNMET);
        assertThat(run.phase("tells")).isEqualTo(Phase.SCHEDULED);
    }

    @Test
    void what_reads_from_a_stage_that_was_left_out_says_so_for_the_same_reason() {
        Driver run = begun(p -> {
            var a = p.build("a", WORK.writes("out", "out"));
            p.build("reads", WORK.reads(a.artifact("out")));
            p.build("after", WORK).after(a);
        });
        run.skip("a", "ada");
        run.end("a", Cause.LOST_WORKER);
        assertThat(run.verdict("reads")).isEqualTo(Verdict.of(Cause.SKIPPED, "reads from 'a', which was skipped"));
        assertThat(run.phase("after")).isEqualTo(Phase.SCHEDULED);
    }

    @Test
    void the_worst_end_of_a_stage_is_that_of_its_run() {
        assertThat(outcome(Cause.COMPLETED, Cause.COMPLETED)).isEqualTo(Outcome.SUCCESS);
        assertThat(outcome(Cause.LOST_WORKER, Cause.COMPLETED)).isEqualTo(Outcome.ERROR);
        assertThat(outcome(Cause.LOST_WORKER, Cause.TIMED_OUT)).isEqualTo(Outcome.TIMEOUT);
        assertThat(outcome(Cause.TIMED_OUT, Cause.LOST_WORKER)).isEqualTo(Outcome.TIMEOUT);
        assertThat(outcome(Cause.COMMAND_FAILED, Cause.TIMED_OUT)).isEqualTo(Outcome.FAILURE);
        assertThat(outcome(Cause.TIMED_OUT, Cause.COMMAND_FAILED)).isEqualTo(Outcome.FAILURE);
    }

    private static Outcome outcome(Cause a, Cause b) {
        Driver run = begun(p -> {
            p.build("a", WORK);
            p.build("b", WORK);
            p.build("last", WORK).onFailure();
        });
        run.end("a", a);
        run.end("b", b);
        run.succeed("last");
        return run.run().head().outcome().orElseThrow();
    }
}
