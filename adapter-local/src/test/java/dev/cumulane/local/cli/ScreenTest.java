// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class ScreenTest {
    @Test
    void a_dumb_terminal_is_not_drawn_on() {
        assertThat(Screen.of(Map.of("TERM", "dumb"), true).live()).isFalse();
        assertThat(Screen.of(Map.of(), true).live()).isFalse();
    }

    @Test
    void a_terminal_that_does_not_know_its_size_gets_the_usual_one() {
        assertThat(Screen.parse("50 132")).isEqualTo(new Screen.Size(50, 132));
        assertThat(Screen.parse("0 0")).isEqualTo(new Screen.Size(24, 80));
        assertThat(Screen.parse("stty: not a tty")).isEqualTo(new Screen.Size(24, 80));
    }
}
