// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordJsonTest {
    private static final int MOST = 10_000;

    sealed interface Shape {
        record Circle(int radius) implements Shape {}

        record Named(Name name) implements Shape {}
    }

    record Name(String value) {
        Name {
            if (value.isEmpty()) {
                throw new IllegalArgumentException("a name is not empty");
            }
        }
    }

    enum Colour {
        RED,
        GREEN
    }

    record Everything(
            String text,
            Name name,
            int number,
            long large,
            boolean flag,
            Colour colour,
            Duration duration,
            Instant instant,
            Optional<Shape> shape,
            List<Everything> more,
            SortedMap<String, Name> names) {}

    /** One way to write each field. */
    private static final SortedMap<String, String> VALID = new TreeMap<>(Map.of(
            "text", "\"t\"",
            "name", "\"n\"",
            "number", "1",
            "large", "2",
            "flag", "true",
            "colour", "\"RED\"",
            "duration", "\"PT1S\"",
            "instant", "\"2026-01-05T09:00:00Z\"",
            "shape", "{\"type\":\"Circle\",\"radius\":1}",
            "names", "{}"));

    private static Everything everything(String text, List<Everything> more) {
        SortedMap<String, Name> names = new TreeMap<>();
        names.put("b", new Name("two"));
        names.put("a", new Name("one"));
        return new Everything(
                text,
                new Name("n"),
                -7,
                Long.MAX_VALUE,
                true,
                Colour.GREEN,
                Duration.ofMillis(1500),
                Instant.parse("2026-01-05T09:00:00.000000001Z"),
                Optional.of(new Shape.Circle(3)),
                more,
                Collections.unmodifiableSortedMap(names));
    }

    private static Everything read(String json) {
        return RecordJson.read(Everything.class, json.getBytes(UTF_8), MOST);
    }

    private static String json(Everything value) {
        return new String(RecordJson.write(Everything.class, value), UTF_8);
    }

    @Test
    void whatIsWrittenIsReadAgain() {
        Everything inner = everything("inner \" \\ \n é 漢 😀", List.of());
        Everything value = everything("", List.of(inner, inner));
        assertThat(read(json(value))).isEqualTo(value);
    }

    @Test
    void fieldsComeInTheOrderOfTheComponentsAndEmptyOnesAreLeftOut() {
        Everything bare = new Everything(
                "t",
                new Name("n"),
                0,
                0,
                false,
                Colour.RED,
                Duration.ZERO,
                Instant.EPOCH,
                Optional.empty(),
                List.of(),
                new TreeMap<>());
        assertThat(json(bare))
                .isEqualTo("{\"text\":\"t\",\"name\":\"n\",\"number\":0,\"large\":0,\"colour\":\"RED\","
                        + "\"duration\":\"PT0S\",\"instant\":\"1970-01-01T00:00:00Z\"}");
        assertThat(read(json(bare))).isEqualTo(bare);
    }

    @Test
    void unknownFieldsAreIgnored() {
        String json = json(everything("t", List.of()));
        String newer = "{\"later\":{\"type\":\"Unheard\",\"list\":[1,null,{}]}," + json.substring(1);
        assertThat(read(newer)).isEqualTo(everything("t", List.of()));
    }

    @Test
    void halfASurrogatePairIsReplacedSoThatEveryRecordCanBeWritten() {
        Everything cut = everything("cut \ud83d", List.of());
        assertThat(read(json(cut)).text()).isEqualTo("cut \ufffd");
        assertThat(read(json(everything("\ude00 \ud83d\ude00", List.of()))).text())
                .isEqualTo("\ufffd \ud83d\ude00");
    }

    @Test
    void theFieldsMayComeInAnyOrder() {
        assertThat(read(object(VALID)).shape()).contains(new Shape.Circle(1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "[]",
                "1",
                "\"text\"",
                "{",
                "{}",
                "{} {}",
                "{\"text\":\"a\",\"text\":\"a\"}",
                "{\"text\":null}",
                "{\"text\":\"a\",\"name\":\"\"}",
                "{'text':1}",
                "{\"text\":NaN}",
                "/* */{}",
                "{\"text\":\"\u0000\"}"
            })
    void whatIsNoSuchRecordIsMalformed(String json) {
        assertThatThrownBy(() -> read(json)).isInstanceOf(MalformedJsonException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"number\":1e999999999",
                "\"number\":1.0",
                "\"number\":2147483648",
                "\"number\":\"1\"",
                "\"number\":null",
                "\"large\":9223372036854775808",
                "\"large\":11111111111111111111111111111111111111111111111111111111111",
                "\"flag\":\"true\"",
                "\"flag\":null",
                "\"colour\":\"BLUE\"",
                "\"colour\":1",
                "\"duration\":\"PT999999999999999999999H\"",
                "\"duration\":\"1 hour\"",
                "\"instant\":\"+1000000001-01-01T00:00:00Z\"",
                "\"instant\":\"yesterday\"",
                "\"shape\":null",
                "\"shape\":{}",
                "\"shape\":{\"type\":\"Square\"}",
                "\"shape\":{\"type\":[\"Circle\"],\"radius\":1}",
                "\"shape\":{\"type\":\"Circle\"}",
                "\"more\":{}",
                "\"more\":[null]",
                "\"names\":[]",
                "\"names\":{\"a\":null}",
                "\"names\":{\"a\":{\"value\":\"x\"}}"
            })
    void aFieldOfAnotherTypeIsMalformed(String field) {
        String name = field.substring(1, field.indexOf('"', 1));
        Map<String, String> fields = new LinkedHashMap<>(VALID);
        fields.put(name, field.substring(field.indexOf(':') + 1));
        assertThatThrownBy(() -> read(object(fields)))
                .isInstanceOf(MalformedJsonException.class)
                .hasMessageStartingWith("not ");
    }

    private static String object(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> '"' + field.getKey() + "\":" + field.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }

    @Test
    void aDocumentThatIsTooLargeIsRefusedBeforeItIsRead() {
        assertThatThrownBy(() -> RecordJson.read(Name.class, new byte[11], 10))
                .isInstanceOf(MalformedJsonException.class)
                .hasMessage("the document has 11 bytes; at most 10 are accepted");
    }

    @Test
    void aDocumentThatIsTooDeepIsRefused() {
        String deep = "{\"later\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}";
        assertThatThrownBy(() -> RecordJson.read(Everything.class, deep.getBytes(UTF_8), 100_000))
                .isInstanceOf(MalformedJsonException.class);
    }
}
