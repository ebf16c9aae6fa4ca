// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

import static dev.cumulane.pipeline.Matrix.axis;
import static dev.cumulane.pipeline.Matrix.shards;
import static dev.cumulane.pipeline.Policy.all;
import static dev.cumulane.pipeline.Policy.atLeast;
import static dev.cumulane.pipeline.Policy.failingFast;
import static dev.cumulane.pipeline.Work.container;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class GroupDefinitionTest {
    private static final Work WORK = container("alpine").runs("true").writes("out", "out");

    private static Stage.Group group(Matrix matrix) {
        Plan plan = Pipeline.define("shop", p -> p.matrix("unit", matrix, cell -> p.test(cell.name(), WORK)))
                .plan();
        return (Stage.Group) plan.stages().get(plan.stages().size() - 1);
    }

    private static List<String> cells(Matrix matrix) {
        return group(matrix).members().stream().map(Stage.Member::stage).toList();
    }

    private static void refused(String message, Consumer<PipelineDefinition> body) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Pipeline.define("shop", body))
                .withMessage(message);
    }

    @Test
    void a_matrix_has_a_stage_for_each_combination_of_its_values_in_their_order() {
        assertThat(cells(axis("java", "17", "21").by("os", "linux", "windows")))
                .containsExactly("unit-17-linux", "unit-17-windows", "unit-21-linux", "unit-21-windows");
    }

    @Test
    void combinations_are_left_out_and_others_are_added() {
        Matrix matrix = axis("java", "17", "21")
                .by("os", "linux", "windows")
                .except("os", "windows")
                .including("java", "25-ea", "os", "linux");
        assertThat(cells(matrix)).containsExactly("unit-17-linux", "unit-21-linux", "unit-25-ea-linux");
        assertThat(group(matrix).members().get(2).at()).isEqualTo(Map.of("java", "25-ea", "os", "linux"));
    }

    @Test
    void a_name_that_would_be_too_long_or_is_taken_becomes_a_number() {
        assertThat(cells(axis("image", "a".repeat(60), "A/b", "a.b"))).containsExactly("unit-1", "unit-a-b", "unit-3");
    }

    @Test
    void shards_are_numbered() {
        assertThat(cells(shards(3))).containsExactly("unit-1", "unit-2", "unit-3");
    }

    @Test
    void mistakes_in_a_matrix_are_refused_with_the_choices() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> axis("java", "17").except("jdk", "17"))
                .withMessage("there is no axis 'jdk'; there are: java");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> axis("java", "17", "21").except("java", "8"))
                .withMessage("axis 'java' has no value '8'; it has: 17, 21");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> axis("java", "17").by("java", "21"))
                .withMessage("axis 'java' is named twice");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> axis("java", "17\n18"))
                .withMessage("value '17?18' of axis 'java' is not usable: one plain line of 1 to 100 characters");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> axis("java", "17").including("java", "21", "os", "linux"))
                .withMessage(
                        "a cell to include needs a value for each axis, [java], and no other; it has {java=21, os=linux}");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> axis("java", "17").except("java"))
                .withMessage("coordinates are pairs of an axis and a value, such as \"java\", \"21\"; got [java]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> cells(axis("java", "17").except("java", "17")))
                .withMessage("a matrix has 1 to 1000 cells, not 0; look at its exclusions");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> shards(1001))
                .withMessage("work can be cut into 1 to 1000 shards, not 1001");
    }

    @Test
    void a_matrix_of_a_thousand_cells_is_fine_and_one_more_is_too_many() {
        assertThat(cells(shards(1000))).hasSize(1000);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> cells(shards(1000).including("shard", "more")))
                .withMessage("a matrix has 1 to 1000 cells, not 1001; look at its exclusions");
    }

    @Test
    void an_explosion_of_axes_is_refused_before_it_is_built() {
        String[] hundred = java.util.stream.IntStream.range(0, 100)
                .mapToObj(Integer::toString)
                .toArray(String[]::new);
        Matrix huge = axis("a", hundred)
                .by("b", hundred)
                .by("c", hundred)
                .by("d", hundred)
                .by("e", hundred);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> cells(huge))
                .withMessage("the matrix [a, b, c, d, e] has more than 100000 combinations; at most 1000 cells may be "
                        + "left of them");
    }

    @Test
    void a_cell_and_a_group_know_what_they_have() {
        Pipeline.define("shop", p -> {
            GroupHandle unit = p.matrix("unit", axis("java", "17", "21"), cell -> {
                assertThatIllegalArgumentException()
                        .isThrownBy(() -> cell.get("os"))
                        .withMessage("there is no axis 'os'; there are: java");
                return p.test(cell.name(), WORK);
            });
            assertThat(unit.cell("java", "21").name()).isEqualTo("unit-21");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> unit.cell("java", "8"))
                    .withMessage("'unit' has nothing at {java=8}; there are: {java=17}, {java=21}");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> unit.artifacts("jar"))
                    .withMessage("stage 'unit-17' writes no artifact 'jar'; it writes out");
        });
    }

    @Test
    void mistakes_in_a_group_are_refused() {
        refused("group 'any' has no stages", p -> p.group("any", all()));
        refused("stage 'a' is twice in group 'any'", p -> {
            WorkHandle a = p.build("a", WORK);
            p.group("any", all(), a, a);
        });
        refused("stage 'a' is of group 'one' already and cannot be of group 'two', too", p -> {
            WorkHandle a = p.build("a", WORK);
            p.group("one", all(), a);
            p.group("two", all(), a);
        });
        refused(
                "at least 2 of group 'any' cannot succeed: it has 1 stages",
                p -> p.group("any", atLeast(2), p.build("a", WORK)));
        refused(
                "at least -1 of a group cannot succeed: choose 0 or more",
                p -> p.group("any", atLeast(-1), p.build("a", WORK)));
        refused(
                "group 'any' begins with its stages and ends with them: give always() to those",
                p -> p.group("any", failingFast(), p.build("a", WORK)).always());
        refused(
                "stage 'a' cleans up and cannot be of group 'any': it runs however others end",
                p -> p.group(
                        "any", all(), p.build("b", WORK), p.build("a", WORK).always()));
    }

    @Test
    void a_plan_with_a_group_is_read_as_it_was_written() {
        Plan plan = Pipeline.define("shop", p -> {
                    GroupHandle unit = p.matrix("unit", axis("java", "17", "21"), cell -> p.build(cell.name(), WORK));
                    p.build(
                            "report",
                            container("alpine").reads(unit.artifacts("out")).runs("ls"));
                })
                .plan();
        assertThat(Plan.parse(plan.bytes())).isEqualTo(plan);
    }
}
