// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.common.primitives.ImmutableIntArray;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class StageGraphTest {
    private static Map.Entry<String, List<String>> edge(String key, String... before) {
        return Map.entry(key, List.of(before));
    }

    /** a, then b and c, then d behind both; e alone. */
    private final StageGraph diamond =
            StageGraph.of(List.of(edge("d", "b", "c", "b"), edge("b", "a"), edge("c", "a"), edge("a"), edge("e")));

    private boolean isBehind(String key, String other) {
        return diamond.isBehind(diamond.number(key), diamond.number(other));
    }

    @Test
    void keys_have_the_numbers_of_their_order() {
        assertThat(diamond.keys()).containsExactly("d", "b", "c", "a", "e");
        assertThat(diamond.size()).isEqualTo(5);
        assertThat(diamond.number("a")).isEqualTo(3);
        assertThat(diamond.key(3)).isEqualTo("a");
        assertThat(diamond.number("x")).isEqualTo(-1);
    }

    @Test
    void neighbours_are_named_once() {
        assertThat(diamond.before(0)).isEqualTo(ImmutableIntArray.of(1, 2));
        assertThat(diamond.behind(1)).isEqualTo(ImmutableIntArray.of(0));
        assertThat(diamond.behind(3)).isEqualTo(ImmutableIntArray.of(1, 2));
        assertThat(diamond.behind(4)).isEqualTo(ImmutableIntArray.of());
    }

    @Test
    void a_key_is_behind_another_directly_or_not() {
        assertThat(isBehind("b", "a")).isTrue();
        assertThat(isBehind("d", "a")).isTrue();
        assertThat(isBehind("a", "d")).isFalse();
        assertThat(isBehind("b", "c")).isFalse();
        assertThat(isBehind("e", "a")).isFalse();
        assertThat(isBehind("a", "a")).isFalse();
    }

    @Test
    @Timeout(10)
    void many_ways_from_one_key_to_another_are_not_all_gone() {
        List<Map.Entry<String, List<String>>> edges = new ArrayList<>(List.of(edge("0"), edge("0'")));
        for (int i = 1; i <= 100; i++) {
            edges.add(edge("" + i, "" + (i - 1), (i - 1) + "'"));
            edges.add(edge(i + "'", "" + (i - 1), (i - 1) + "'"));
        }
        StageGraph ladder = StageGraph.of(edges);
        assertThat(ladder.isBehind(ladder.number("100"), 0)).isTrue();
        assertThat(ladder.isBehind(0, 1)).isFalse();
        assertThat(ladder.cycle()).isEmpty();
    }

    @Test
    void a_cycle_is_a_path_that_ends_where_it_begins() {
        StageGraph graph = StageGraph.of(List.of(edge("x"), edge("a", "x", "c"), edge("b", "a"), edge("c", "b")));
        assertThat(graph.cycle()).contains(List.of("a", "b", "c", "a"));
        assertThat(StageGraph.of(List.of(edge("a", "a"))).cycle()).contains(List.of("a", "a"));
        assertThat(diamond.cycle()).isEmpty();
    }

    @Test
    void a_key_that_is_not_there_or_twice_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StageGraph.of(List.of(edge("a"), edge("b", "x"))))
                .withMessage("stage 'b' comes after 'x', which does not exist; there are: a, b");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StageGraph.of(List.of(edge("a"), edge("a"))))
                .withMessage("two stages are called 'a'");
    }
}
