// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.html;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HtmlTest {
    @Test
    void text_and_values_of_attributes_are_escaped() {
        assertThat(Tag.P.of("<b>\"'&").with(Attr.TITLE, "\"><script>").markup())
                .isEqualTo("<p title=\"&quot;&gt;&lt;script&gt;\">&lt;b&gt;&quot;&#39;&amp;</p>");
    }

    @Test
    void what_cannot_be_seen_is_shown() {
        assertThat(Html.text("a\u0000b\u202ec\u001bd\ud800e\u200bf\tg\nh").markup())
                .isEqualTo("a\ufffdb\ufffdc\ufffdd\ufffde\ufffdf\tg\nh");
        for (String unseen : List.of(
                "\u00ad",
                "\u061c",
                "\u180e",
                "\u200c",
                "\u200d",
                "\u2028",
                "\u2029",
                "\u2060",
                "\u3164",
                "\ufff9",
                "\udb40\udc41")) {
            assertThat(Html.text("ma" + unseen + "in").markup()).isEqualTo("ma\ufffdin");
        }
        assertThat(Html.text("\ud83d\ude00").markup()).isEqualTo("\ud83d\ude00");
    }

    @Test
    void an_element_without_content_has_no_end() {
        assertThat(Tag.INPUT.of().with(Attr.REQUIRED).markup()).isEqualTo("<input required=\"\">");
        assertThatIllegalArgumentException().isThrownBy(() -> Tag.INPUT.of("x"));
    }

    @Test
    void a_script_is_a_file_of_its_own() {
        assertThat(Tag.SCRIPT.of().to(Address.ours("a.js")).markup()).isEqualTo("<script src=\"/a.js\"></script>");
        assertThatIllegalArgumentException().isThrownBy(() -> Tag.SCRIPT.of("alert(1)"));
        assertThatIllegalArgumentException().isThrownBy(() -> Tag.P.of("x").to(Address.ours()));
    }

    @Test
    void the_first_line_break_of_preformatted_text_stays() {
        assertThat(Tag.PRE.of("\nx").markup()).isEqualTo("<pre>\n\nx</pre>");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "javascript:alert(1)",
                "JavaScript:alert(1)",
                "data:text/html,x",
                "vbscript:x",
                "//evil.example.com",
                "/\\evil.example.com",
                "\\\\evil",
                "https:evil",
                "https://",
                "https://\"onmouseover",
                "https://example.com/<script>",
                "https://example.com/\n",
                " https://example.com",
                "ftp://example.com",
                "x",
                "",
                "?x",
                "/a b",
                "/\"",
                "/é"
            })
    void what_leads_elsewhere_than_to_a_page_is_no_address(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> new Address(text));
        assertThat(Address.web(text)).isEmpty();
    }

    @Test
    void an_address_of_ours_keeps_what_is_in_its_segments() {
        assertThat(Address.ours("a/b", "c?d#e", "f'g")
                        .with("x", "1&2=3")
                        .at("h'i")
                        .text())
                .isEqualTo("/a%2Fb/c%3Fd%23e/f%27g?x=1%262%3D3#h%27i");
        assertThatIllegalArgumentException().isThrownBy(() -> Address.ours("a", ".."));
        assertThat(Address.web("https://example.com/a?b=c&d=(e)'")).isPresent();
    }
}
