// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.cumulane.pipeline.Digest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FunctionOrderTest {
    private static final FunctionOrder ORDER = new FunctionOrder(
            Bench.ATTEMPT,
            "com.example.Smoke$Test",
            "4f1c2ab".repeat(6).substring(2),
            List.of(new OrderInput("build", "jar", "a", Digest.of(new byte[] {1}), 12)),
            List.of("summary"),
            new TreeMap<>(Map.of("B", "$(x)\n\"", "A", "1")),
            600);

    @Test
    void readsWhatItWrote() throws RefusedInputException {
        assertThat(FunctionOrder.parse(ORDER.bytes())).isEqualTo(ORDER);
        assertThat(FunctionOrder.parse(ORDER.bytes()).bytes()).isEqualTo(ORDER.bytes());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "\"format\":1|\"format\":9",
                "com.example|com/example",
                "com.example|com..example",
                "4f1c2ab|HEAD",
                "\"summary\"|\"Summary\"",
                "\"summary\"|\"summary\",\"summary\"",
                "\"jar\"|\"../jar\"",
                "\"A\"|\"CUMULANE_TOKEN\"",
                "\"A\"|\"a b\"",
                ":600|:0",
                ":600|:\"600\"",
                "\"stage\":\"build\",\"number\"|\"stage\":\"..\",\"number\"",
            })
    void refusesAnOrderWithOneThingWrong(String good, String bad) {
        String text = new String(ORDER.bytes(), StandardCharsets.UTF_8);
        assertThat(text).contains(good);

        assertThatExceptionOfType(RefusedInputException.class)
                .isThrownBy(() -> FunctionOrder.parse(text.replace(good, bad).getBytes(StandardCharsets.UTF_8)))
                .withMessageStartingWith("the function order is refused: ");
    }
}
