// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class AnsiTest {
    @Test
    void colours_and_bold_are_kept() {
        assertThat(html("a\u001b[31mred\u001b[1mbold\u001b[22mthin\u001b[0mb"))
                .isEqualTo(
                        "a<span class=\"c1\">red</span><span class=\"c1 b\">bold</span><span class=\"c1\">thin</span>b");
        assertThat(html("\u001b[1;92mok\u001b[39m!\u001b[mx"))
                .isEqualTo("<span class=\"c2 b\">ok</span><span class=\"b\">!</span>x");
    }

    @Test
    void what_steers_a_terminal_otherwise_is_dropped() {
        assertThat(html("a\u001b[2Jb\u001b]0;title\u0007c\u001b]8;;http://evil\u001b\\d\u001b[38;5;196me\u001b(Bf"))
                .isEqualTo("abcdef");
        assertThat(html("10%\r20%\r\ndone")).isEqualTo("10%\n20%\ndone");
        assertThat(html("a\u001b")).isEqualTo("a");
        assertThat(html("\u001b[999999999999m\u001b[;;;mx")).isEqualTo("x");
    }

    @Test
    void what_it_prints_is_text() {
        assertThat(html("\u001b[31m<b>&\u001b[0m\u0000\u202e"))
                .isEqualTo("<span class=\"c1\">&lt;b&gt;&amp;</span>\ufffd\ufffd");
    }

    private static String html(String printed) {
        return Ansi.of(printed).markup();
    }
}
