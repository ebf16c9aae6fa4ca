// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cumulane.internal.json.RecordJson;
import java.nio.charset.StandardCharsets;
import java.util.List;
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

    @Test
    void anEventKeepsItsHeadlineInTheJournalAndWithoutOneHasNone() {
        Commit head = new Commit("https://example.com/shop.git", "refs/heads/main", "4f1c2ab0".repeat(5));
        Headline headline = new Headline("Fix rounding", Optional.of("https://example.com/shop/commit/4f1c"));
        SourceEvent with = new SourceEvent.Pushed(
                head, "ada", TrustLevel.TRUSTED, Optional.of(List.of("pom.xml")), Optional.of(headline));
        SourceEvent without = new SourceEvent.Pushed(head, "ada", TrustLevel.TRUSTED);

        byte[] json = RecordJson.write(SourceEvent.class, with);
        assertThat(RecordJson.read(SourceEvent.class, json, 1_000)).isEqualTo(with);
        assertThat(new String(RecordJson.write(SourceEvent.class, without), StandardCharsets.UTF_8))
                .doesNotContain("headline");
    }

    private static String title(String text) {
        return new Headline(text, Optional.of("https://example.com/")).title();
    }
}
