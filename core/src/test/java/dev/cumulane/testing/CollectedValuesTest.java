// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.testing;

import static dev.cumulane.pipeline.Matrix.axis;
import static dev.cumulane.pipeline.Policy.atLeast;
import static dev.cumulane.pipeline.Work.container;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cumulane.pipeline.Output;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.Policy;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Outcome;
import org.junit.jupiter.api.Test;

class CollectedValuesTest {
    private final PipelineTester tester = tester(Policy.all());

    private static PipelineTester tester(Policy policy) {
        return PipelineTester.of(Pipeline.define("covered", p -> {
            var tests = p.matrix(
                            "test",
                            axis("java", "17", "21", "25"),
                            cell -> p.test(
                                    cell.name(),
                                    container("eclipse-temurin:" + cell.get("java"))
                                            .runs("./test.sh")
                                            .outputs(Output.number("coverage"), Output.text("notes"))))
                    .policy(policy);
            p.build(
                    "report",
                    container("alpine")
                            .env("COVERAGE", tests.values("coverage"))
                            .runs("./report.sh"));
            p.build(
                    "notes",
                    container("alpine").env("NOTES", tests.values("notes")).runs("./publish.sh"));
        }));
    }

    private static void outputs(PipelineTester tester, String stage, String coverage, String notes) {
        tester.stage(stage).outputs("coverage", coverage).outputs("notes", notes);
    }

    @Test
    void a_stage_is_given_the_values_of_all_members_by_their_names() {
        outputs(tester, "test-17", "87.5", "all \"well\"\n$(true)");
        outputs(tester, "test-21", "90", "x".repeat(2000));
        outputs(tester, "test-25", "91", "");

        TestedRun run = tester.start().assertSucceeded();

        assertThat(run.env("report"))
                .containsEntry("COVERAGE", "{\"test-17\":\"87.5\",\"test-21\":\"90\",\"test-25\":\"91\"}");
        assertThat(run.env("notes").get("NOTES"))
                .startsWith("{\"test-17\":\"all \\\"well\\\"\\n$(true)\",\"test-21\":\"xxx")
                .endsWith("\",\"test-25\":\"\"}");
    }

    @Test
    void a_member_that_failed_is_left_out() {
        PipelineTester tester = tester(atLeast(2));
        outputs(tester, "test-17", "87.5", "a");
        outputs(tester, "test-25", "91", "b");
        tester.stage("test-21").fails();

        TestedRun run = tester.start();

        run.assertStage("report", Outcome.SUCCESS);
        assertThat(run.env("report")).containsEntry("COVERAGE", "{\"test-17\":\"87.5\",\"test-25\":\"91\"}");
    }

    @Test
    void values_that_fit_into_no_variable_are_refused_and_artifacts_proposed() {
        outputs(tester, "test-17", "1", "y".repeat(40_000));
        outputs(tester, "test-21", "1", "y".repeat(40_000));
        outputs(tester, "test-25", "1", "y");

        TestedRun run = tester.start().assertEnded(Outcome.ERROR);

        assertThat(run.stage("notes").progress().verdict().orElseThrow())
                .matches(verdict -> verdict.cause() == Cause.REFUSED)
                .matches(verdict -> verdict.detail()
                        .equals("the values 'notes' of group 'test' have more than 65536 bytes together,"
                                + " and do not fit into a variable; collect artifacts instead"));
        run.assertStage("report", Outcome.SUCCESS);
    }

    @Test
    void a_value_that_a_member_does_not_hand_on_cannot_be_collected() {
        assertThatThrownBy(() -> Pipeline.define("p", p -> {
                    var one = p.build("one", container("alpine").runs("true").outputs(Output.text("v")));
                    var two = p.build("two", container("alpine").runs("true"));
                    p.group("both", atLeast(1), one, two).values("v");
                }))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("stage 'two' hands on no value 'v'; it hands on none");
    }
}
