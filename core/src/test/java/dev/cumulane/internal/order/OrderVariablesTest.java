// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cumulane.internal.order.OrderVariables.Stored;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.pipeline.ValueKind;
import dev.cumulane.run.StageValue;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class OrderVariablesTest {
    private static final Digest DIGEST = Digest.of(new byte[0]);

    private static OrderVariables some() {
        SortedMap<String, String> given = new TreeMap<>();
        given.put("A", "$(x)' \u00e4\n");
        given.put("EMPTY", "");
        SortedMap<String, Stored> fetched = new TreeMap<>();
        fetched.put("BIG", new Stored(DIGEST, 2000));
        return new OrderVariables(given, fetched);
    }

    @Test
    void areReadBackFromAScript() throws RefusedInputException {
        BuildOrder order = new BuildOrder(
                Bench.ATTEMPT, BuildOrder.Source.none(), List.of(), Bench.work(List.of("set_variable A 'x'")), some());

        assertThat(OrderVariables.of(order.script().getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(some());
    }

    @Test
    void areReadBackFromAFunctionsOrder() throws RefusedInputException {
        SortedMap<String, ValueKind> values = new TreeMap<>();
        values.put("version", ValueKind.TEXT);
        FunctionOrder order =
                new FunctionOrder(Bench.ATTEMPT, "a.B", "a".repeat(40), List.of(), List.of(), values, some(), 60);

        assertThat(FunctionOrder.parse(order.bytes())).isEqualTo(order);
        assertThat(OrderVariables.of(order.bytes())).isEqualTo(some());
    }

    @Test
    void haveOneValueEach() {
        SortedMap<String, String> given = new TreeMap<>();
        given.put("BIG", "small");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new OrderVariables(given, some().fetched()))
                .withMessage("environment variable BIG has two values");
    }

    @Test
    void fitIntoAnEnvironment() {
        SortedMap<String, Stored> fetched = new TreeMap<>();
        for (int i = 0; i < 9; i++) {
            fetched.put("V" + i, new Stored(DIGEST, StageValue.LARGEST));
        }

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new OrderVariables(new TreeMap<>(), fetched))
                .withMessage("the values that the stage uses have 589824 bytes together; at most 524288 fit into an"
                        + " environment");
    }

    @Test
    void areNotCalledLikeOurOwn() {
        SortedMap<String, Stored> fetched = new TreeMap<>();
        fetched.put("CUMULANE_TOKEN", new Stored(DIGEST, 1));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new OrderVariables(new TreeMap<>(), fetched))
                .withMessage("environment variable name 'CUMULANE_TOKEN' cannot be set by a work order");
    }
}
