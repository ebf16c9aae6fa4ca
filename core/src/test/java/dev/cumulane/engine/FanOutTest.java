// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.engine;

import static dev.cumulane.pipeline.Work.container;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cumulane.pipeline.EverythingPipeline;
import dev.cumulane.pipeline.Output;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.Policy;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.StageView;
import dev.cumulane.testing.PipelineTester;
import dev.cumulane.testing.TestedRun;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A stage that runs for each item of a list, on a whole simulated cloud. */
class FanOutTest {
    private static final Output<List<String>> MODULES = Output.list("modules");

    private static final Pipeline PIPELINE = Pipeline.define("modules", p -> {
        var split = p.build("split", container("alpine").runs("ls").outputs(MODULES));
        var tests = p.forEach(
                        "test",
                        split.value(MODULES),
                        item -> p.test(
                                item.name(),
                                container("alpine")
                                        .env("MODULE", item)
                                        .runs("./test.sh \"$MODULE\"")
                                        .writes("report", "report.xml")))
                .atMost(400);
        p.forEach(
                        "check",
                        split.value(MODULES),
                        item -> p.function(item.name(), EverythingPipeline.Inspect.class)
                                .env("MODULE", item))
                .atMost(400);
        p.build("merge", container("alpine").reads(tests.artifacts("report")).runs("ls test/*"));
    });

    private final PipelineTester tester = PipelineTester.of(PIPELINE);

    private TestedRun startedWith(String... items) {
        tester.stage("split").outputs("modules", items);
        return tester.start();
    }

    @Test
    void each_cell_has_its_own_item_as_it_is() {
        String evil = "web\"; $(rm -rf /) '\\ \u00e9";
        TestedRun run = startedWith("core", evil);

        run.assertSucceeded().assertEnv("test-1", "MODULE", "core").assertEnv("test-2", "MODULE", evil);
        run.assertEnv("check-2", "MODULE", evil);
        assertThat(run.view().stages())
                .extracting(StageView::name)
                .containsExactly("split", "test", "test-1", "test-2", "check", "check-1", "check-2", "merge");
        assertThat(run.view().stage("test-2").item()).contains(evil);
        assertThat(run.view().stage("test").item()).isEmpty();
    }

    @Test
    void a_list_too_long_for_the_record_and_items_too_long_for_it_come_whole() {
        String longest = "x".repeat(60_000);
        TestedRun run = startedWith("core", longest);

        run.assertSucceeded().assertEnv("test-1", "MODULE", "core").assertEnv("test-2", "MODULE", longest);
        assertThat(run.view().stage("test-1").item()).isEmpty();
    }

    @Test
    void hundreds_of_items_are_opened_step_by_step() {
        String[] items =
                IntStream.rangeClosed(1, 400).mapToObj(i -> "module-" + i).toArray(String[]::new);

        startedWith(items).assertSucceeded().assertEnv("test-400", "MODULE", "module-400");
    }

    @Test
    void one_more_item_than_it_bears_is_a_failure_that_says_so() {
        String[] items = IntStream.rangeClosed(1, 401).mapToObj(i -> "m").toArray(String[]::new);

        TestedRun run = startedWith(items).assertFailed();
        assertThat(run.view().stage("test").progress().verdict().orElseThrow().cause())
                .isEqualTo(Cause.TOO_MANY_ITEMS);
        assertThat(run.view().stage("test").progress().verdict().orElseThrow().detail())
                .isEqualTo("the list has 401 items; it runs for at most 400");
    }

    @Test
    void no_items_are_no_work_and_what_follows_runs() {
        startedWith().assertSucceeded().assertStage("test", Outcome.SUCCESS).assertStage("merge", Outcome.SUCCESS);
    }

    @Test
    void values_of_all_cells_that_succeeded_come_together() {
        PipelineTester sized = PipelineTester.of(Pipeline.define("sizes", p -> {
            var split = p.build("split", container("alpine").runs("ls").outputs(MODULES));
            var sizes = p.forEach(
                            "size",
                            split.value(MODULES),
                            item -> p.build(
                                    item.name(),
                                    container("alpine")
                                            .env("MODULE", item)
                                            .runs("./size.sh")
                                            .outputs(Output.text("size"))))
                    .policy(Policy.atLeast(2));
            p.build(
                    "sum",
                    container("alpine").env("SIZES", sizes.values("size")).runs("./sum.sh"));
        }));
        sized.stage("split").outputs("modules", "core", "web", "docs");
        sized.stage("size-1").outputs("size", "12 \"MB\"");
        sized.stage("size-2").fails();

        sized.start().assertEnv("sum", "SIZES", "{\"size-1\":\"12 \\\"MB\\\"\",\"size-3\":\"size of size\"}");
    }

    @Test
    void a_script_is_for_all_cells_or_for_one() {
        tester.stage("check").fails("too slow");
        tester.stage("test-2").first().losesItsWorker();
        TestedRun run = startedWith("a", "b").assertFailed();

        run.assertStage("test-1", Outcome.SUCCESS)
                .assertStage("test-2", Outcome.ERROR)
                .assertStage("check-1", Outcome.FAILURE)
                .assertStage("check-2", Outcome.FAILURE);
        assertThatThrownBy(() -> tester.stage("test-401")).hasMessageContaining("there is no stage 'test-401'");
    }

    @Test
    void what_failed_runs_again_and_what_others_wrote_is_collected() {
        tester.stage("test-2").fails();
        TestedRun run = startedWith("a", "b").assertFailed();

        tester.stage("test-2").succeeds();
        TestedRun again = run.rerunFromFailed("ada").assertSucceeded();
        assertThat(again.view().stage("test-1").progress().from()).contains(run.id());
        assertThat(again.view().stage("test-2").progress().from()).isEmpty();
        again.assertEnv("test-2", "MODULE", "b");
    }
}
