// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RefusalsTest {
    private final List<String> printed = new ArrayList<>();
    private Instant now = Instant.parse("2026-11-24T09:00:00Z");
    private final Refusals refusals = new Refusals(() -> now, printed::add);

    @Test
    void a_thousand_at_once_are_a_line_and_the_next_one_counts_them() {
        for (int i = 0; i < 1000; i++) {
            refusals.accept("a request to hook 'shop' is answered with 401: why");
        }
        now = now.plusSeconds(2);
        refusals.accept("another");
        now = now.plusSeconds(2);
        refusals.accept("a third");

        assertThat(printed).hasSize(3);
        assertThat(printed.get(0)).endsWith("  a request to hook 'shop' is answered with 401: why");
        assertThat(printed.get(1)).endsWith("  another (and 999 more since the last line)");
        assertThat(printed.get(2)).endsWith("  a third");
    }

    @Test
    void what_is_refused_cannot_steer_the_terminal() {
        refusals.accept("hook '\u001b[2Jx\n'");

        assertThat(printed).singleElement().asString().endsWith("  hook 'x'");
    }
}
