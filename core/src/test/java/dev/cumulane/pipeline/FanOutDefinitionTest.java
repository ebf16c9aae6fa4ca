// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

import static dev.cumulane.pipeline.Policy.atLeast;
import static dev.cumulane.pipeline.Work.container;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/** Stages that run for each item of a list: what they compile to, and what cannot be said of them. */
class FanOutDefinitionTest {
    private static final Output<List<String>> MODULES = Output.list("modules");
    private static final Work WORK = container("alpine").runs("true");

    /** A pipeline whose stage {@code split} hands on a list. */
    private static Plan plan(BiConsumer<PipelineDefinition, ValueHandle<List<String>>> rest) {
        return Pipeline.define("fan", p -> {
                    var split = p.build("split", WORK.outputs(MODULES).writes("src", "src"));
                    rest.accept(p, split.value(MODULES));
                })
                .plan();
    }

    private static void refused(String why, BiConsumer<PipelineDefinition, ValueHandle<List<String>>> rest) {
        assertThatThrownBy(() -> plan(rest))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    private static FanOutHandle fan(PipelineDefinition p, ValueHandle<List<String>> items) {
        return p.forEach(
                "test",
                items,
                item -> p.test(item.name(), WORK.env("MODULE", item).writes("out", "out")));
    }

    @Test
    void a_plan_has_one_template_for_all_items() {
        Plan plan = plan((p, items) -> {
            var base = p.build("base", WORK);
            var fan = fan(p, items).after(base).atMost(7).policy(atLeast(2).stoppingTheRest());
            p.build("merge", WORK.reads(fan.artifacts("out")));
        });

        assertThat(plan.stages()).extracting(Stage::name).containsExactly("split", "base", "test", "merge");
        Stage.FanOut fan = (Stage.FanOut) plan.stages().get(2);
        assertThat(fan.before()).containsExactly("base", "split");
        assertThat(fan.items()).isEqualTo(new Input.Handed("split", "modules"));
        assertThat(fan.atMost()).isEqualTo(7);
        assertThat(fan.policy()).isEqualTo(atLeast(2).stoppingTheRest());
        assertThat(((Stage.Test) fan.template()).commands().env())
                .containsEntry("MODULE", new Value.Item("split", "modules", 0));
        assertThat(plan.stages().get(3).before()).containsExactly("test");
        assertThat(Plan.parse(plan.bytes())).isEqualTo(plan);
    }

    @Test
    void a_cell_is_the_template_with_a_name_an_item_and_files_of_its_own() {
        Stage.FanOut fan =
                (Stage.FanOut) plan((p, items) -> fan(p, items)).stages().get(1);

        Stage.Test cell = (Stage.Test) fan.cell(12);
        assertThat(cell.name()).isEqualTo("test-12");
        assertThat(cell.needs()).isEqualTo(fan.needs());
        assertThat(cell.commands().env()).containsEntry("MODULE", new Value.Item("split", "modules", 12));
        assertThat(cell.commands().writes()).containsExactly(new Artifact.File("test-12", "out", "out"));
        assertThat(fan.couldName("test-100")).isTrue();
        assertThat(List.of("test-101", "test-0", "test-01", "test-", "test", "test-1-1", "tests-1"))
                .noneMatch(fan::couldName);
    }

    @Test
    void functions_run_for_each_item_too() {
        Stage.FanOut fan = (Stage.FanOut) plan((p, items) -> p.forEach(
                        "check",
                        items,
                        item -> p.function(item.name(), EverythingPipeline.Inspect.class)
                                .env("MODULE", item)))
                .stages()
                .get(1);
        assertThat(((Stage.Function) fan.cell(3)).code().env())
                .containsEntry("MODULE", new Value.Item("split", "modules", 3));
    }

    @Test
    void only_work_runs_for_each_item() {
        refused(
                "only builds, tests and functions",
                (p, items) -> p.forEach("ask", items, item -> p.approval(item.name(), Approvers.anyOf("ada"))));
        refused(
                "cannot be of a group",
                (p, items) -> p.forEach("test", items, item -> {
                    var test = p.test(item.name(), WORK);
                    p.group("all", Policy.all(), test);
                    return test;
                }));
        refused("cannot clean up", (p, items) -> fan(p, items).always());
        refused(
                "cannot clean up",
                (p, items) -> p.forEach(
                        "test", items, item -> p.test(item.name(), WORK).always()));
    }

    @Test
    void what_runs_is_defined_there_and_called_as_the_item_says() {
        refused("call it item.name(), 'test'", (p, items) -> p.forEach("test", items, item -> p.test("other", WORK)));
        refused("call it item.name(), 'test'", (p, items) -> {
            var earlier = p.test("earlier", WORK);
            p.forEach("test", items, item -> earlier);
        });
    }

    @Test
    void an_item_is_known_to_its_own_stage_alone() {
        List<ItemHandle> leaked = new ArrayList<>();
        refused("known to stage 'test' alone", (p, items) -> {
            p.forEach("test", items, item -> {
                leaked.add(item);
                return p.test(item.name(), WORK);
            });
            p.build("other", WORK.env("MODULE", leaked.get(0)));
        });
    }

    @Test
    void nobody_reads_from_one_cell() {
        refused("those of all are artifacts(\"out\")", (p, items) -> {
            List<StageHandle<?>> leaked = new ArrayList<>();
            p.forEach("test", items, item -> {
                var test = p.test(item.name(), WORK.writes("out", "out"));
                leaked.add(test);
                return test;
            });
            p.build("merge", WORK.reads(leaked.get(0).artifact("out")));
        });
        refused("those of all are values(\"modules\")", (p, items) -> {
            List<StageHandle<?>> leaked = new ArrayList<>();
            p.forEach("test", items, item -> {
                var test = p.test(item.name(), WORK.outputs(MODULES));
                leaked.add(test);
                return test;
            });
            p.returns("all", leaked.get(0).value(MODULES));
        });
        refused("hands on no value 'size'", (p, items) -> fan(p, items).values("size"));
        refused("writes no artifact 'in'", (p, items) -> fan(p, items).artifacts("in"));
        refused("writes no artifact 'out'", (p, items) -> fan(p, items).artifact("out"));
    }

    @Test
    void cells_have_names_that_no_stage_has() {
        refused("'test-1' to 'test-100'", (p, items) -> {
            p.build("test-7", WORK);
            fan(p, items);
        });
        refused("at most 35 characters", (p, items) -> {
            String name = "t".repeat(36);
            p.forEach(name, items, item -> p.test(name, WORK));
        });
    }

    @Test
    void there_is_a_limit_that_a_run_can_bear() {
        refused("choose 1 to 1000", (p, items) -> fan(p, items).atMost(0));
        refused("choose 1 to 1000", (p, items) -> fan(p, items).atMost(1001));
        refused("it has at most 3", (p, items) -> fan(p, items).atMost(3).policy(atLeast(4)));
        refused("it could have 10012", (p, items) -> {
            for (int i = 0; i < 10; i++) {
                p.forEach("fan" + i, items, item -> p.test(item.name(), WORK)).atMost(1000);
            }
            p.build("more", WORK);
        });
    }

    @Test
    void its_cells_are_a_group_and_cannot_be_of_another() {
        refused("its cells are a group already", (p, items) -> p.group("all", Policy.all(), fan(p, items)));
    }

    @Test
    void a_list_of_another_pipeline_is_refused() {
        List<ValueHandle<List<String>>> leaked = new ArrayList<>();
        plan((p, items) -> leaked.add(items));
        refused("belongs to pipeline 'fan'", (p, items) -> fan(p, leaked.get(0)));
    }
}
