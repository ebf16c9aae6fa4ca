// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadlineTest {
    @Test
    void aTitleIsMadeOnePlainLine() {
        assertThat(title(" Fix\u001b[2J the\nbuild\u202e \ud83d\ude80\u0000 "))
                .isEqualTo("Fix [2J the build  \ud83d\ude80");
        assertThat(title("x".repeat(500))).hasSize(200).endsWith("...");
        assertThat(title("x".repeat(196) + "\ud83d\ude80".repeat(10)))
                .hasSize(200)
                .doesNotContain("\ud83d");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "javascript:alert(1)",
                "ftp://example.com",
                "https://example.com/\n",
                "https://exämple.com",
                "//x"
            })
    void aLinkThatIsNoWebAddressIsRefused(String link) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Headline("title", Optional.of(link)))
                .withMessageStartingWith("not a web address");
    }

    private static String title(String text) {
        return new Headline(text, Optional.of("https://example.com/")).title();
    }
}
