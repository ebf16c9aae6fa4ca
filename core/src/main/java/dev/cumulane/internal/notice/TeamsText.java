// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.notice;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cumulane.internal.http.Json;
import java.util.List;

/**
 * A card as an Adaptive Card 1.4 in the envelope that the Teams workflow takes. All text goes into text runs, which know no Markdown: what a run says cannot become a
 * link. Teams takes 28 KB; what is longer loses its details.
 */
final class TeamsText {
    private static final int LARGEST = 24 * 1024;

    private TeamsText() {}

    /** The message. */
    static ObjectNode message(Card card) {
        ObjectNode whole = message(card, card.details());
        return Json.bytes(whole).length <= LARGEST
                ? whole
                : message(card, List.of("The details are too long for this message."));
    }

    private static ObjectNode message(Card card, List<String> details) {
        ObjectNode message = Json.object().put("type", "message");
        ObjectNode attachment = message.putArray("attachments")
                .addObject()
                .put("contentType", "application/vnd.microsoft.card.adaptive");
        attachment.putNull("contentUrl");
        ObjectNode content = attachment
                .putObject("content")
                .put("$schema", "http://adaptivecards.io/schemas/adaptive-card.json")
                .put("type", "AdaptiveCard")
                .put("version", "1.4");
        ArrayNode body = content.putArray("body");
        run(body, card.title()).put("size", "Large").put("weight", "Bolder").put("color", color(card));
        run(body, card.summary());
        card.facts().forEach(fact -> {
            ArrayNode inlines = body.addObject().put("type", "RichTextBlock").putArray("inlines");
            inlines.addObject()
                    .put("type", "TextRun")
                    .put("text", fact.name() + ": ")
                    .put("weight", "Bolder");
            inlines.addObject().put("type", "TextRun").put("text", fact.value());
        });
        details.forEach(detail -> run(body, detail).put("isSubtle", true));
        card.page()
                .ifPresent(page -> content.putArray("actions")
                        .addObject()
                        .put("type", "Action.OpenUrl")
                        .put("title", "Open")
                        .put("url", page));
        return message;
    }

    private static ObjectNode run(ArrayNode body, String text) {
        return body.addObject()
                .put("type", "RichTextBlock")
                .putArray("inlines")
                .addObject()
                .put("type", "TextRun")
                .put("text", text);
    }

    private static String color(Card card) {
        return switch (card.tone()) {
            case GOOD -> "Good";
            case BAD -> "Attention";
            case URGENT -> "Warning";
            case NEUTRAL -> "Default";
        };
    }
}
