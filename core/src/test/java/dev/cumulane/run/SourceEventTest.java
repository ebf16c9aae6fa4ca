// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a forge or a person says of itself is shown on one line and handed to git: it is checked where it comes in. */
class SourceEventTest {
    private static final Commit HEAD =
            new Commit("https://example.com/shop.git", "refs/heads/main", "4f1c2ab0".repeat(5));

    /** Each place into which an identity comes. */
    static List<Function<String, Event>> identities() {
        return List.of(
                by -> new SourceEvent.Pushed(HEAD, by, TrustLevel.TRUSTED),
                by -> new SourceEvent.ChangeProposed(HEAD, "main", "17", by, TrustLevel.UNTRUSTED),
                change -> new SourceEvent.ChangeProposed(HEAD, "main", change, "ada", TrustLevel.UNTRUSTED),
                by -> new SourceEvent.Asked(HEAD, by),
                by -> new RunEvent.CancellationRequested(by, ""),
                by -> new RunEvent.VoteCounted("release", new Vote(by, Vote.Decision.APPROVE, "", Instant.EPOCH)));
    }

    @ParameterizedTest
    @MethodSource("identities")
    void anIdentityIsOnePlainLineOfAtMost200Characters(Function<String, Event> with) {
        for (String hostile : List.of(
                "",
                " ",
                "a\nb",
                "a\u0000",
                "\u001b[2J",
                "a\u0085b",
                "a\u2028b",
                "ada\u202egrace",
                "ada\u2066",
                "ada\u200f",
                "\u061cada",
                "\ud800",
                "x".repeat(201))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> with.apply(hostile))
                    .withMessageStartingWith("not ")
                    .withMessageContaining("1 to 200 characters")
                    .satisfies(SourceEventTest::isOneShortLine);
        }
        assertThat(with.apply("Ada Lovelace <ada@example.com>")).isNotNull();
        assertThat(with.apply("\u0645\u0647\u200c\u0646\u0627\u0632 \ud83d\ude80")
                        .toString())
                .contains("\ud83d\ude80");
        assertThat(with.apply("x".repeat(200))).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"--upload-pack=x", "main\nnext", "main\u0000", "\u001b]0;x\u0007", "a\u202eb"})
    void aRefThatGitOrALogCouldTakeForSomethingElseIsRefused(String ref) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HEAD.at(ref))
                .withMessageStartingWith("not a ref: '")
                .satisfies(SourceEventTest::isOneShortLine);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> proposedInto(ref))
                .withMessageStartingWith("not a branch: '")
                .satisfies(SourceEventTest::isOneShortLine);
    }

    @Test
    void aChangeRequestNamesABranchOfAtMost1024Characters() {
        assertThat(proposedInto("b".repeat(1024)).target()).hasSize(1024);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> proposedInto("b".repeat(1025)))
                .satisfies(SourceEventTest::isOneShortLine);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> proposedInto(""))
                .withMessage("change request '17' names no branch");
    }

    private static SourceEvent.ChangeProposed proposedInto(String target) {
        return new SourceEvent.ChangeProposed(HEAD, target, "17", "ada", TrustLevel.UNTRUSTED);
    }

    private static void isOneShortLine(Throwable refusal) {
        assertThat(refusal.getMessage())
                .hasSizeLessThan(200)
                .doesNotContain("\n", "\u0000", "\u001b", "\u0085", "\u2028", "\u202e", "\u2066");
    }
}
