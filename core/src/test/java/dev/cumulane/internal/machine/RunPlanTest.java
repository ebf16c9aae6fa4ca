// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

import static dev.cumulane.pipeline.Policy.all;
import static dev.cumulane.pipeline.Work.container;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.pipeline.Output;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.Work;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The stages of a run, with the cells of those that have fanned out behind those of the plan. */
class RunPlanTest {
    private static final Work WORK = container("alpine").runs("true");
    private static final Output<List<String>> LIST = Output.list("list");

    private final RunPlan plain = RunPlan.of(Pipeline.define("app", p -> {
                var split = p.build("split", WORK.outputs(LIST));
                p.group("two", all(), p.build("a", WORK), p.build("b", WORK));
                p.forEach("fan", split.value(LIST), item -> p.build(item.name(), WORK))
                        .atMost(10);
                p.forEach("gun", split.value(LIST), item -> p.build(item.name(), WORK))
                        .atMost(10);
                p.build("clean-up", WORK).always();
            })
            .plan());
    private final RunPlan spread = plain.spreading(List.of(new RunPlan.Fan("gun", 2), new RunPlan.Fan("fan", 3)));

    private int number(String stage) {
        return spread.graph().number(stage);
    }

    @Test
    void cells_come_behind_the_stages_of_the_plan_in_the_order_in_which_they_came_to_be() {
        assertThat(spread.graph().keys().subList(plain.size(), spread.size()))
                .containsExactly("gun-1", "gun-2", "fan-1", "fan-2", "fan-3");
        assertThat(spread.spreading(spread.fans())).isSameAs(spread);
    }

    @Test
    void a_whole_has_its_cells_as_members_and_a_group_those_that_it_names() {
        assertThat(spread.members("two")).containsExactly("a", "b");
        assertThat(spread.members("fan")).containsExactly("fan-1", "fan-2", "fan-3");
        assertThat(spread.members("gun")).containsExactly("gun-1", "gun-2");
        assertThat(plain.members("fan")).isEmpty();
    }

    @Test
    void a_cell_knows_its_whole_and_its_place() {
        assertThat(spread.groupOf(number("fan-2"))).isEqualTo(number("fan"));
        assertThat(spread.groupOf(number("a"))).isEqualTo(number("two"));
        assertThat(spread.groupOf(number("split"))).isEqualTo(-1);
        assertThat(spread.place(number("gun-1"))).isZero();
        assertThat(spread.place(number("gun-2"))).isEqualTo(1);
        assertThat(spread.place(number("fan-1"))).isZero();
        assertThat(spread.place(number("fan-3"))).isEqualTo(2);
    }

    @Test
    void what_cleans_up_after_a_whole_comes_behind_all_of_its_cells() {
        for (String cell : List.of("gun-1", "gun-2", "fan-1", "fan-3")) {
            assertThat(spread.graph().isBehind(number("clean-up"), number(cell)))
                    .isTrue();
        }
        assertThat(spread.graph().isBehind(number("a"), number("fan-1"))).isFalse();
    }
}
