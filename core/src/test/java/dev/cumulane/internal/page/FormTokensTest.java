// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.testing.SimulatedCloud;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FormTokensTest {
    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");

    private final SimulatedCloud cloud = new Shop().tester.cloud();

    @Test
    void a_token_is_good_for_its_form_its_reader_and_half_a_day() {
        FormTokens tokens = tokens();
        String token = tokens.issue("/a", "ada", NOW);

        assertThat(tokens.isGood(token, "/a", "ada", NOW)).isTrue();
        assertThat(tokens.isGood(token, "/a", "ada", NOW.plus(Duration.ofHours(11))))
                .isTrue();
        assertThat(tokens.isGood(token, "/b", "ada", NOW)).isFalse();
        assertThat(tokens.isGood(token, "/a", "eve", NOW)).isFalse();
        assertThat(tokens.isGood(token, "/a", "ada", NOW.plus(FormTokens.LIFE))).isFalse();
        assertThat(tokens.isGood(token, "/a", "ada", NOW.minus(Duration.ofHours(1))))
                .isFalse();
    }

    @Test
    void another_instance_knows_the_key_if_it_is_a_secret_and_only_then() {
        cloud.addSecret("key", "one key of many bytes");
        cloud.addSecret("next", "the next key of many bytes");
        String token = tokens("key").issue("/a", "ada", NOW);

        assertThat(tokens("key").isGood(token, "/a", "ada", NOW)).isTrue();
        assertThat(tokens("next", "key").isGood(token, "/a", "ada", NOW)).isTrue();
        assertThat(tokens("next").isGood(token, "/a", "ada", NOW)).isFalse();
        assertThat(tokens().isGood(tokens().issue("/a", "ada", NOW), "/a", "ada", NOW))
                .isFalse();
    }

    private FormTokens tokens(String... references) {
        return new FormTokens(cloud.secrets(), List.of(references));
    }
}
