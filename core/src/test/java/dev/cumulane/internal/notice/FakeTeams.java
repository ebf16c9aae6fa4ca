// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.notice;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cumulane.internal.http.FakeService.Reply;
import dev.cumulane.internal.http.FakeService.Request;
import dev.cumulane.internal.http.FakeService.Rules;
import dev.cumulane.internal.json.RecordJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The workflow "Post to a channel when a webhook request is received": takes an Adaptive Card in its envelope, and accepts it before it posts. */
public final class FakeTeams implements Rules {
    public static final String PATH = "/workflows/abc/triggers/manual/paths/invoke?api-version=2016-06-01&sig=canary";

    private final String pages;
    private final List<JsonNode> cards = new ArrayList<>();

    /** Cards lead to the pages at {@code https://ci.example.com}. */
    public FakeTeams() {
        this("https://ci.example.com");
    }

    /** Cards lead to the pages at this address. */
    public FakeTeams(String pages) {
        this.pages = pages;
    }

    @Override
    public Reply answer(Request request) {
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.path()).isEqualTo(PATH);
        assertThat(request.header("Content-Type")).startsWith("application/json");
        assertThat(request.body().getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(28 * 1024);
        JsonNode message = RecordJson.foreignTree(request.body().getBytes(StandardCharsets.UTF_8), 100_000);
        assertThat(message.path("type").asText()).isEqualTo("message");
        assertThat(message.path("attachments").size()).isEqualTo(1);
        JsonNode attachment = message.path("attachments").path(0);
        assertThat(attachment.path("contentType").asText()).isEqualTo("application/vnd.microsoft.card.adaptive");
        assertThat(attachment.path("contentUrl").isNull()).isTrue();
        JsonNode card = attachment.path("content");
        assertThat(card.path("$schema").asText()).isEqualTo("http://adaptivecards.io/schemas/adaptive-card.json");
        assertThat(card.path("type").asText()).isEqualTo("AdaptiveCard");
        assertThat(card.path("version").asText()).isEqualTo("1.4");
        assertThat(card.path("body").size()).isPositive();
        card.path("body").forEach(FakeTeams::check);
        card.path("actions").forEach(action -> {
            assertThat(action.path("type").asText()).isEqualTo("Action.OpenUrl");
            assertThat(action.path("title").asText()).isNotEmpty();
            assertThat(action.path("url").asText()).startsWith(pages + "/runs/");
        });
        cards.add(card);
        return Reply.of(202, "");
    }

    /** By the schema of Adaptive Cards 1.4: colour, size and weight belong to the runs of text, which know no Markdown. */
    private static void check(JsonNode element) {
        assertThat(element.path("type").asText()).isEqualTo("RichTextBlock");
        element.fieldNames().forEachRemaining(field -> assertThat(field).isIn("type", "inlines"));
        assertThat(element.path("inlines").size()).isPositive();
        element.path("inlines").forEach(run -> {
            run.fieldNames()
                    .forEachRemaining(field ->
                            assertThat(field).isIn(Set.of("type", "text", "size", "weight", "color", "isSubtle")));
            assertThat(run.path("type").asText()).isEqualTo("TextRun");
            assertThat(run.path("text").asText()).isNotEmpty();
            assertThat(run.path("color").asText("Default")).isIn("Default", "Good", "Warning", "Attention");
        });
    }

    /** The cards. */
    public List<JsonNode> cards() {
        return cards;
    }

    /** What a card says first. */
    public static String title(JsonNode card) {
        return card.path("body").path(0).path("inlines").path(0).path("text").asText();
    }
}
