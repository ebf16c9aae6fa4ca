// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

import static dev.cumulane.pipeline.Approvers.anyOf;
import static dev.cumulane.pipeline.Work.container;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.pipeline.Output;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.PipelineDefinition;
import dev.cumulane.pipeline.Work;
import dev.cumulane.run.Cause;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.RunId;
import dev.cumulane.run.Verdict;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Which stages another run need not run again. */
class TakenOverTest {
    private static final Work WORK = container("alpine").runs("true");
    private static final Output<List<String>> LIST = Output.list("list");

    private static Driver begun(Consumer<PipelineDefinition> more) {
        return Driver.begun(Pipeline.define("app", more::accept));
    }

    private static Set<String> successes(Driver run) {
        return TakenOver.successes(run.run()).stages().keySet();
    }

    private static Set<String> notBehind(Driver run, String stage) {
        return TakenOver.notBehind(run.run(), run.run().number(stage)).stages().keySet();
    }

    /** Two lines of two stages, and one behind both. */
    private static Driver lines() {
        return begun(p -> {
            var a = p.build("a", WORK);
            var b = p.build("b", WORK);
            var c = p.build("c", WORK).after(a);
            var d = p.build("d", WORK).after(b);
            p.build("e", WORK).after(c, d);
        });
    }

    @Test
    void what_succeeded_is_taken_over_and_what_failed_or_never_ran_is_not() {
        Driver run = lines();
        run.succeed("a", "b", "c");
        run.end("d", Cause.COMMAND_FAILED);
        assertThat(successes(run)).containsExactly("a", "b", "c");
    }

    @Test
    void what_has_not_ended_is_not_taken_over() {
        Driver run = lines();
        run.succeed("a");
        assertThat(successes(run)).containsExactly("a");
    }

    @Test
    void a_fork_runs_a_stage_and_all_behind_it_again() {
        Driver run = lines();
        run.succeed("a", "b", "c", "d", "e");
        assertThat(notBehind(run, "c")).containsExactly("a", "b", "d");
        assertThat(notBehind(run, "a")).containsExactly("b", "d");
        assertThat(notBehind(run, "e")).containsExactly("a", "b", "c", "d");
    }

    @Test
    void what_comes_behind_something_that_runs_again_runs_again_though_it_went_well() {
        Driver run = begun(p -> {
            var failing = p.build("failing", WORK);
            var anyhow = p.build("anyhow", WORK).after(failing).always();
            p.build("last", WORK).after(anyhow).always();
            p.build("beside", WORK);
        });
        run.end("failing", Cause.COMMAND_FAILED);
        run.succeed("beside", "anyhow", "last");
        assertThat(successes(run)).containsExactly("beside");
    }

    /** An approval lets through what a build wrote that it does not wait for itself. */
    private static Driver approving() {
        return begun(p -> {
            var jar = p.build("jar", WORK.writes("jar", "app.jar"));
            var first = p.build("first", WORK);
            var release = p.approval("release", anyOf("ada")).after(first);
            var quiet = p.approval("quiet", anyOf("ada")).after(first);
            p.build("noise", WORK.reads(p.source())).after(quiet);
            p.build("ship", WORK.reads(jar.artifact("jar"))).after(release);
        });
    }

    private static Driver approved() {
        Driver run = approving();
        run.succeed("jar", "first");
        run.approve("release", "ada");
        run.approve("quiet", "ada");
        run.succeed("noise", "ship");
        return run;
    }

    @Test
    void an_approval_is_asked_for_again_when_what_it_let_through_is_written_again() {
        assertThat(notBehind(approved(), "jar")).containsExactly("first", "noise", "quiet");
        assertThat(notBehind(approved(), "ship")).containsExactly("first", "jar", "noise", "quiet", "release");
        assertThat(notBehind(approved(), "first")).containsExactly("jar");
    }

    @Test
    void an_approval_stays_given_when_what_is_done_again_was_not_read_behind_it() {
        Driver run = begun(p -> {
            var release = p.approval("release", anyOf("ada"));
            var checked = p.build("checked", WORK.writes("report", "report"));
            p.build("ship", WORK).after(checked, release);
        });
        run.approve("release", "ada");
        run.succeed("checked", "ship");
        assertThat(notBehind(run, "checked")).containsExactly("release");
    }

    @Test
    void a_stage_that_runs_for_each_item_knows_the_parameters_of_its_cells() {
        Driver run = begun(p -> {
            var region = p.parameter("region").defaultsTo("eu");
            var split = p.build("split", WORK.outputs(LIST));
            p.forEach("each", split.value(LIST), item -> p.build(item.name(), WORK.env("REGION", region)))
                    .atMost(10);
            p.build("plain", WORK);
        });
        run.list("split", "list", "a", "b");
        run.succeed("each-1", "each-2", "plain");
        TakenOver taken = TakenOver.successes(run.run());
        assertThat(taken.stages()).containsKeys("split", "each", "each-1", "plain");
        assertThat(taken.knowing(run.plan().plan(), Set.of("region"))).containsExactly("each");
        assertThat(taken.knowing(run.plan().plan(), Set.of("other"))).isEmpty();
    }

    @Test
    void an_approval_stays_given_when_what_is_written_again_comes_behind_it() {
        Driver run = begun(p -> {
            var release = p.approval("release", anyOf("ada"));
            var jar = p.build("jar", WORK.writes("jar", "app.jar")).after(release);
            p.build("ship", WORK.reads(jar.artifact("jar"))).after(release);
        });
        run.approve("release", "ada");
        run.succeed("jar", "ship");
        assertThat(notBehind(run, "jar")).containsExactly("release");
    }

    @Test
    void what_is_taken_over_ends_as_it_did_and_says_where() {
        Driver run = lines();
        RunId first = run.run().run();
        run.succeed("a", "b", "c");
        run.end("d", Cause.COMMAND_FAILED);
        run.repeatFailed();
        assertThat(run.events())
                .contains(new RunEvent.StageReused("c", first), new RunEvent.StageFinished("c", 0, Verdict.success()));
        assertThat(run.slot("a").from()).contains(first);
        assertThat(run.phase("d")).isEqualTo(Phase.SCHEDULED);
        assertThat(TakenOver.successes(run.run()).stages().get("a"))
                .isEqualTo(new TakenOver.Taken(first, run.verdict("a")));
    }

    @Test
    void those_that_know_a_parameter_are_named() {
        Driver run = begun(p -> {
            var region = p.parameter("region").defaultsTo("eu");
            var mode = p.parameter("mode").defaultsTo("fast");
            p.build("a", WORK.env("REGION", region).env("PLAIN", "x"));
            p.test("b", WORK.env("MODE", mode));
            p.build("c", WORK.env("REGION", region));
            p.build("d", WORK);
        });
        run.succeed("a", "b", "d");
        TakenOver taken = TakenOver.successes(run.run());
        assertThat(taken.knowing(run.plan().plan(), Set.of("region"))).containsExactly("a");
        assertThat(taken.knowing(run.plan().plan(), Set.of("region", "mode"))).containsExactly("a", "b");
        assertThat(taken.knowing(run.plan().plan(), Set.of())).isEmpty();
        assertThat(new TakenOver(new TreeMap<>()).knowing(run.plan().plan(), Set.of("region")))
                .isEmpty();
    }
}
