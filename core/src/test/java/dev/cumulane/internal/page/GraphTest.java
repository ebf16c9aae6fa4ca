// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.page;

import static dev.cumulane.pipeline.Matrix.axis;
import static dev.cumulane.pipeline.Work.container;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.internal.html.Html;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.Work;
import dev.cumulane.testing.PipelineTester;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class GraphTest {
    private static final Work WORK = container("alpine").runs("true");

    @Test
    void a_chain_has_a_line_between_neighbours_only() {
        String graph = graph(Pipeline.define("chain", p -> {
                    var a = p.build("a", WORK);
                    var b = p.build("b", WORK).after(a);
                    p.build("c", WORK).after(a, b);
                }))
                .orElseThrow();

        assertThat(count(graph, "class=\"edge\"")).isEqualTo(2);
        assertThat(count(graph, "class=\"box\"")).isEqualTo(3);
    }

    @Test
    void no_two_boxes_share_a_place() {
        String graph = graph(Pipeline.define("diamond", p -> {
                    var a = p.build("a", WORK);
                    var b = p.build("b", WORK).after(a);
                    var c = p.build("c", WORK).after(b);
                    var d = p.build("d", WORK).after(a);
                    var e = p.build("e", WORK);
                    p.build("f", WORK).after(c, d, e);
                }))
                .orElseThrow();

        Matcher places = Pattern.compile("translate\\(\\d+ \\d+\\)\"").matcher(graph);
        assertThat(places.results().map(place -> place.group()).filter(place -> !place.contains("(12 14)")))
                .hasSize(6)
                .doesNotHaveDuplicates();
    }

    @Test
    void a_name_of_24_characters_is_shown_whole_in_a_column_as_wide_as_it_needs() {
        String graph = graph(Pipeline.define("names", p -> {
                    var a = p.build("a", WORK);
                    var b = p.build("deploy-production-europe", WORK).after(a);
                    p.build("deploy-production-australia", WORK).after(b);
                }))
                .orElseThrow();

        assertThat(graph).contains(">deploy-production-europe</text>", ">deploy-production-austr…</text>");
        int end = 0;
        for (MatchResult box : Pattern.compile("translate\\((\\d+) \\d+\\)\"><title>.*?width=\"(\\d+)\"")
                .matcher(graph)
                .results()
                .toList()) {
            int left = Integer.parseInt(box.group(1));
            assertThat(left).isGreaterThan(end);
            end = left + Integer.parseInt(box.group(2));
        }
        assertThat(end).isBetween(500, 700);
    }

    @Test
    void many_members_of_a_group_are_one_box_that_counts_them() {
        String graph = graph(Pipeline.define("wide", p -> {
                    var a = p.build("a", WORK);
                    p.matrix(
                            "unit",
                            axis("n", "1", "2", "3", "4", "5", "6", "7", "8"),
                            cell -> p.build(cell.name(), WORK).after(a));
                }))
                .orElseThrow();

        assertThat(count(graph, "class=\"box\"")).isEqualTo(2);
        assertThat(graph).contains("8 of 8 succeeded");
        assertThat(count(graph, "class=\"edge\"")).isEqualTo(1);
    }

    @Test
    void what_nobody_could_look_at_is_not_drawn() {
        assertThat(graph(Pipeline.define("huge", p -> {
                    for (int i = 0; i < 200; i++) {
                        p.build("stage-" + i, WORK);
                    }
                })))
                .isEmpty();
    }

    private static Optional<String> graph(Pipeline pipeline) {
        return Graph.of(PipelineTester.of(pipeline).start().view(), pipeline.plan())
                .map(Html::markup);
    }

    private static long count(String text, String part) {
        return Pattern.compile(Pattern.quote(part)).matcher(text).results().count();
    }
}
