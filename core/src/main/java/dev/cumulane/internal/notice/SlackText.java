// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.notice;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cumulane.internal.http.Json;
import dev.cumulane.internal.people.Invitation;
import dev.cumulane.internal.people.VotingLinks;
import dev.cumulane.run.Vote;
import java.util.Optional;

/** A card as a message of Slack's Block Kit, within its limits: 150 characters in a header, 3,000 in a section, 2,000 in a field and 10 of these. */
final class SlackText {
    private static final int LONGEST_HEADER = 150;
    private static final int LONGEST_SECTION = 3_000;
    private static final int LONGEST_FIELD = 2_000;

    /** The actions of buttons. */
    static final String OPEN = "open";

    static final String APPROVE = "approve";
    static final String REJECT = "reject";

    private SlackText() {}

    /** The message. */
    static ObjectNode message(Card card) {
        ObjectNode message = Json.object();
        message.put("text", Card.cut(escaped(card.title() + ": " + card.summary()), LONGEST_SECTION));
        ArrayNode blocks = message.putArray("blocks");
        plain(
                blocks.addObject().put("type", "header").putObject("text"),
                Card.cut(mark(card) + card.title(), LONGEST_HEADER));
        plain(blocks.addObject().put("type", "section").putObject("text"), Card.cut(card.summary(), LONGEST_SECTION));
        ObjectNode section = blocks.addObject().put("type", "section");
        ArrayNode fields = section.putArray("fields");
        // Plain, since in markup an address becomes a link and @channel calls people, escaped or not; so no name is
        // bold.
        card.facts()
                .forEach(
                        fact -> plain(fields.addObject(), Card.cut(fact.name() + ":\n" + fact.value(), LONGEST_FIELD)));
        if (!card.details().isEmpty()) {
            plain(
                    blocks.addObject().put("type", "section").putObject("text"),
                    Card.cut(String.join("\n", card.details()), LONGEST_SECTION));
        }
        card.page().ifPresent(page -> button(actions(blocks), OPEN, "Open").put("url", page));
        message.put("unfurl_links", false).put("unfurl_media", false);
        return message;
    }

    /**
     * Buttons with which one person votes.
     *
     * @param approve the value of the one
     * @param reject the value of the other
     */
    record Buttons(String approve, String reject) {
        /** The buttons of an invitation; none without a key. */
        static Optional<Buttons> of(VotingLinks links, Invitation invitation) {
            Optional<String> reject = links.button(invitation, Vote.Decision.REJECT);
            return links.button(invitation, Vote.Decision.APPROVE)
                    .flatMap(yes -> reject.map(no -> new Buttons(yes, no)));
        }
    }

    /** A message to one approver. */
    static ObjectNode question(Card card, Optional<Buttons> buttons) {
        ObjectNode message = message(card);
        if (buttons.isPresent()) {
            ArrayNode elements = actions(message.withArray("blocks"));
            button(elements, APPROVE, "Approve")
                    .put("style", "primary")
                    .put("value", buttons.get().approve());
            button(elements, REJECT, "Reject")
                    .put("style", "danger")
                    .put("value", buttons.get().reject());
        }
        return message;
    }

    private static ArrayNode actions(ArrayNode blocks) {
        return blocks.addObject().put("type", "actions").putArray("elements");
    }

    private static ObjectNode button(ArrayNode elements, String action, String text) {
        ObjectNode button = elements.addObject().put("type", "button").put("action_id", action);
        plain(button.putObject("text"), text);
        return button;
    }

    /** A message for the thread. */
    static ObjectNode details(Card card) {
        ObjectNode message = Json.object();
        String text = card.details().isEmpty() ? card.summary() : String.join("\n", card.details());
        message.put("text", Card.cut(escaped(card.title()), LONGEST_SECTION));
        ArrayNode blocks = message.putArray("blocks");
        plain(
                blocks.addObject().put("type", "section").putObject("text"),
                Card.cut(card.title() + "\n" + text, LONGEST_SECTION));
        return message;
    }

    private static void plain(ObjectNode text, String value) {
        text.put("type", "plain_text").put("text", value).put("emoji", false);
    }

    private static String mark(Card card) {
        return switch (card.tone()) {
            case GOOD -> "✓ ";
            case BAD -> "✗ ";
            case URGENT -> "? ";
            case NEUTRAL -> "";
        };
    }

    /** The three characters that mean something to Slack: without them there are no links, and nobody is called. */
    static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
