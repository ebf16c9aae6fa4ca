// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.cumulane.run.Headline;
import dev.cumulane.run.SourceEvent;
import dev.cumulane.source.Happening;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names, titles and paths are anybody's to choose. Those that are only shown are made harmless; those that decide are refused. */
class HostileNamesTest {
    private static final String HOSTILE = "\\u202eada\\u001b[2J\\n";

    @ParameterizedTest
    @EnumSource
    void aPusherWhoseNameCannotBeShownIsShownOtherwise(Sender sender) {
        byte[] body = bytes(Sample.PUSH.text(sender).replace("\"ada\"", "\"" + HOSTILE + "\""));

        SourceEvent event = head(sender.read(Sample.PUSH.event(sender), body));
        assertThat(event.by()).matches("[A-Za-z{} ]+");
    }

    @ParameterizedTest
    @EnumSource
    void aCommenterWhoseNameIsNoNameIsNotBelieved(Sender sender) {
        byte[] body = bytes(Sample.COMMENT
                .text(sender)
                .replace("\"linus\"", "\"" + HOSTILE + "\"")
                .replace("\"557058:linus\"", "\"" + HOSTILE + "\"")
                .replace("\"{linus}\"", "\"" + HOSTILE + "\""));

        assertThat(sender.read(Sample.COMMENT.event(sender), body))
                .isEqualTo(new Reading.Malformed("nobody who can be named wrote the comment"));
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"BITBUCKET_DATA_CENTER"})
    void aCommitMessageBecomesOnePlainLine(Sender sender) {
        byte[] body = bytes(Sample.PUSH.text(sender).replace("Fix rounding", "Fix " + HOSTILE.replace("\\n", "")));

        Headline headline =
                head(sender.read(Sample.PUSH.event(sender), body)).headline().orElseThrow();
        assertThat(headline.title()).isEqualTo("Fix  ada [2J");
    }

    @ParameterizedTest
    @EnumSource
    void aTargetThatIsNoBranchIsRefused(Sender sender) {
        if (sender == Sender.BITBUCKET_CLOUD) {
            byte[] body = bytes(text("bitbucket-cloud/change-in-full").replace("\"main\"", "\"a..b\""));
            assertThat(sender.read("pullrequest:updated", body)).isInstanceOf(Reading.Malformed.class);
            return;
        }
        byte[] body = bytes(Sample.CHANGE_FROM_FORK
                .text(sender)
                .replace("\"main\"", "\"a..b\"")
                .replace("refs/heads/main", "refs/heads/a..b"));

        assertThat(sender.read(Sample.CHANGE_FROM_FORK.event(sender), body)).isInstanceOf(Reading.Malformed.class);
    }

    @Test
    void aPathThatIsNoPlainLineMakesThePathsUnknown() {
        byte[] body = bytes(Sample.PUSH.text(Sender.GITHUB).replace("src/Total.java", "src/\\u001b[2J"));

        assertThat(head(Sender.GITHUB.read("push", body)).changed()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example/pull/17",
                "javascript:alert(1)",
            })
    void aLinkInAPayloadIsNeverUsed(String link) {
        byte[] body = bytes(Sample.CHANGE_FROM_FORK
                .text(Sender.GITHUB)
                .replace("https://git.example.com/acme/shop/pull/17", link)
                .replace("https://git.example.com/acme/shop.git", link));

        SourceEvent event = head(Sender.GITHUB.read("pull_request", body));
        assertThat(event.headline().flatMap(Headline::link)).contains("https://git.example.com/acme/shop/pull/17");
        assertThat(event.commit().repository()).isEqualTo("https://git.example.com/acme/shop.git");
    }

    @Test
    void aPushOfOneThousandCommitsIsReadAndItsPathsAreTooManyToKnow() {
        String push = Sample.PUSH.text(Sender.GITHUB);
        int start = push.indexOf("\"commits\": [") + "\"commits\": [".length();
        String commit = push.substring(start, push.indexOf("],\n  \"head_commit\""));
        StringBuilder commits = new StringBuilder(commit.replace("src/Total.java", "src/Total-0.java"));
        for (int i = 1; i < 1_000; i++) {
            commits.append(',').append(commit.replace("src/Total.java", "src/Total-" + i + ".java"));
        }
        byte[] body = bytes(push.replace(commit, commits));

        assertThat(body).hasSizeBetween(700_000, Webhooks.MOST_BYTES);
        assertThat(head(Sender.GITHUB.read("push", body)).changed()).isEmpty();
    }

    @Test
    void ofAnEndlessCommentTheFirstCommandsAreRead() {
        String comment = Sample.COMMENT.text(Sender.GITHUB).replace("/retest\\n", "/again\\n".repeat(50_000));

        Reading.Told told = (Reading.Told) Sender.GITHUB.read("issue_comment", bytes(comment));
        assertThat(((Happening.Commented) told.happenings().get(0)).commands())
                .hasSize(10)
                .containsOnly("/again");
    }

    @Test
    void aSecretThatCanBeGuessedIsRefusedByName() {
        assertThat(catchThrowable(() -> WebhookSecret.of("shop-hook", bytes("hunter2hunter2\r\n"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'shop-hook' has 14 bytes")
                .hasMessageNotContaining("hunter2");
        assertThat(catchThrowable(() -> WebhookSecret.of("shop-hook", bytes("whsec_AQIDBAUGBw=="))))
                .as("the bytes of the key count, not those of the text")
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has 7 bytes");
        assertThat(catchThrowable(() -> WebhookSecret.of("shop-hook", bytes("whsec_not base64 but quite long"))))
                .hasMessageContaining("has 0 bytes");
        assertThat(WebhookSecret.of("shop-hook", bytes("0123456789abcdef\n")).bytes())
                .hasSize(16);
        assertThat(Optional.of(WebhookSecret.of("shop-hook", bytes("0123456789abcdef")))
                        .toString())
                .doesNotContain("0123");
    }

    private static SourceEvent head(Reading reading) {
        assertThat(reading).isInstanceOf(Reading.Told.class);
        List<Happening> happenings = ((Reading.Told) reading).happenings();
        return ((Happening.Head) happenings.get(0)).event();
    }

    private static String text(String name) {
        return new String(Sample.bytes(name), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
