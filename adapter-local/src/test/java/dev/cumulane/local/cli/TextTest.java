// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TextTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0.0 s",
        "999, 0.9 s",
        "59999, 59.9 s",
        "60000, 1 min",
        "75000, 1 min 15 s",
        "3600000, 1 h",
        "11520000, 3 h 12 min",
        "356400000, 4 d 3 h",
        "-5, 0.0 s"
    })
    void a_duration_is_said_in_the_two_units_that_matter(long millis, String said) {
        assertThat(Text.duration(Duration.ofMillis(millis))).isEqualTo(said);
    }

    @Test
    void escape_sequences_go_as_a_whole() {
        assertThat(Text.clean("\u001b[31;1mred\u001b[0m\ttab\u0007\u009b2J\u200b"))
                .isEqualTo("red tab2J");
    }

    @Test
    void cutting_counts_columns_and_keeps_characters_whole() {
        assertThat(Text.cut("日本語です", 8)).isEqualTo("日本...");
        assertThat(Text.cut("short", 5)).isEqualTo("short");
        assertThat(Text.cut("\uD83D\uDE00\uD83D\uDE00\uD83D\uDE00", 5)).isEqualTo("\uD83D\uDE00...");
    }

    @Test
    void a_shell_reads_a_quoted_word_back_as_it_is() {
        assertThat(Text.quoted("deploy-production")).isEqualTo("deploy-production");
        assertThat(Text.quoted("it's $(touch x)")).isEqualTo("'it'\\''s $(touch x)'");
        assertThat(Text.quoted("")).isEqualTo("''");
    }
}
