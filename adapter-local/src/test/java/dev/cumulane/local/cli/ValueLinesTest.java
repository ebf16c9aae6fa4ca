// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import static dev.cumulane.pipeline.Work.container;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.pipeline.Output;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.run.RunView;
import dev.cumulane.testing.PipelineTester;
import org.junit.jupiter.api.Test;

final class ValueLinesTest {
    private final Pipeline pipeline = Pipeline.define("shop", p -> {
        var region = p.parameter("region").choices("eu", "us").defaultsTo("eu");
        p.parameter("note").defaultsTo("");
        p.parameter("machines").between(1, 3);
        var build = p.build(
                "build",
                container("alpine:3.22")
                        .env("REGION", region)
                        .runs("make")
                        .writes("jar", "shop.jar")
                        .outputs(Output.text("version"), Output.list("modules"), Output.text("notes")));
        p.test("unit", container("alpine:3.22").env("V", build.value("version")).runs("make test"));
        p.returns("version", build.value("version"));
        p.returns("app", build.artifact("jar"));
    });

    private RunView run() {
        PipelineTester tester = PipelineTester.of(pipeline).with("region", "us").with("machines", "3");
        tester.stage("build")
                .outputs("version", "1.2\u001b[2J\u0007")
                .outputs("modules", "core", "web")
                .outputs("notes", "x".repeat(2000));
        return tester.start().assertSucceeded().view();
    }

    @Test
    void a_run_shows_what_it_was_told_handed_on_and_returns() {
        assertThat(ValueLines.of(run()).stream().map(Line::text))
                .anySatisfy(
                        line -> assertThat(line).matches("  app      artifact of [0-9]+ bytes, sha-256 [0-9a-f]{12}"))
                .anySatisfy(line -> assertThat(line).matches("  notes    2000 bytes, sha-256 [0-9a-f]{12}"))
                .filteredOn(line -> !line.contains("sha-256"))
                .containsExactly(
                        "",
                        "parameters",
                        "  machines  3",
                        "  note",
                        "  region    us",
                        "",
                        "values of build",
                        "  modules  core, web",
                        "  version  1.2",
                        "",
                        "returns",
                        "  version  1.2");
    }

    @Test
    void as_json_they_are_objects_by_name() {
        assertThat(Json.object(run()).toString())
                .contains(
                        "\"parameters\":{\"machines\":\"3\",\"note\":\"\",\"region\":\"us\"}",
                        "\"values\":{\"modules\":{\"type\":\"Inline\",\"kind\":\"LIST\",\"text\":\"core\\nweb\"}",
                        "\"returned\":{\"values\":{\"version\":{\"type\":\"Inline\"");
    }

    @Test
    void a_plan_lists_its_parameters_and_what_it_returns() {
        assertThat(PlanTable.lines(pipeline.plan()))
                .containsSubsequence(
                        "parameter  default  may be",
                        "machines   -        a number from 1 to 3",
                        "note       nothing  one line of at most 200 characters without control characters",
                        "region     eu       eu or us",
                        "returns  which is",
                        "app      artifact jar of build",
                        "version  value version of build");
    }
}
