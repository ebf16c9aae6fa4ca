// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import static dev.cumulane.pipeline.Work.container;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.pipeline.Output;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.Plan;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PlanAndGraphTest {
    private final Plan plan = ShopPipeline.pipeline().plan();

    @Test
    void a_plan_reads_as_a_table() {
        assertThat(PlanTable.lines(plan))
                .containsExactly(
                        "pipeline     shop",
                        "fingerprint  " + plan.fingerprint().hex() + ", before the digest of its functions' code",
                        "starts on    a push to main; a change request into any branch",
                        "",
                        "stage              kind      waits for                            limits                              does",
                        "build              build     -                                    15 min, 2x again after lost worker  maven:3.9-eclipse-temurin-21: mvn -B package and 1 more",
                        "end                test      build                                1 h                                 maven:3.9: mvn surefire:test",
                        "inspect            function  build                                10 min                              dev.cumulane.local.cli.ShopPipeline$Inspect",
                        "release            approval  end, inspect                         7 d                                 asks ada or grace",
                        "deploy-production  deploy    release, build                       15 min a step                       build/jar to production, 10 % for 5 min first, unless alarm shop-5xx rings",
                        "clean-up           build     deploy-production, however they end  1 h                                 alpine:3: true");
    }

    @Test
    void a_stage_that_runs_for_each_item_is_one_line() {
        Output<List<String>> modules = Output.list("modules");
        Plan fan = Pipeline.define("fan", p -> {
                    var split = p.build("split", container("alpine").runs("ls").outputs(modules));
                    p.forEach(
                                    "test",
                                    split.value(modules),
                                    item -> p.test(
                                            item.name(),
                                            container("maven:3.9")
                                                    .env("MODULE", item)
                                                    .runs("mvn verify")))
                            .atMost(50);
                })
                .plan();

        assertThat(PlanTable.lines(fan))
                .contains("test   test each  split      1 h     for each of at most 50 modules: maven:3.9: mvn verify");
        assertThat(Graph.lines(fan, Graph.Format.MERMAID))
                .contains("    s2[\"test<br/>test each\"]", "    s1 -- \"modules\" --> s2");
    }

    @Test
    void a_mermaid_flowchart_has_a_node_for_each_stage_and_names_what_is_handed_over() {
        assertThat(Graph.lines(plan, Graph.Format.MERMAID))
                .containsExactly(
                        "flowchart LR",
                        "    s1[\"build<br/>build\"]",
                        "    s2[\"end<br/>test\"]",
                        "    s3[\"inspect<br/>function\"]",
                        "    s4{{\"release<br/>approval\"}}",
                        "    s5[/\"deploy-production<br/>deploy\"/]",
                        "    s6[\"clean-up<br/>build, always\"]",
                        "    s1 -- \"tests, jar\" --> s2",
                        "    s1 -- \"jar\" --> s3",
                        "    s2 --> s4",
                        "    s3 --> s4",
                        "    s4 --> s5",
                        "    s1 -- \"jar\" --> s5",
                        "    s5 --> s6");
    }

    @Test
    void a_dot_digraph_is_what_graphviz_takes() {
        assertThat(Graph.lines(plan, Graph.Format.DOT))
                .startsWith("digraph \"shop\" {", "    rankdir=LR;")
                .contains(
                        "    \"release\" [label=\"release\\napproval\", shape=hexagon];",
                        "    \"build\" -> \"end\" [label=\"tests, jar\"];",
                        "    \"deploy-production\" -> \"clean-up\";")
                .endsWith("}");
    }

    @Test
    void equal_plans_give_equal_text() {
        Plan again = ShopPipeline.pipeline().plan();
        assertThat(PlanTable.lines(again)).isEqualTo(PlanTable.lines(plan));
        assertThat(Graph.lines(again, Graph.Format.DOT)).isEqualTo(Graph.lines(plan, Graph.Format.DOT));
    }
}
