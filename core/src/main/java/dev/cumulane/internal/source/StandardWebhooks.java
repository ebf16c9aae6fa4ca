// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.source;

import dev.cumulane.run.Commit;
import dev.cumulane.source.WebhookRequest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Anything that signs as Standard Webhooks says, and sends our own small body: {@code {"type": …, "data": {…}}}, as the documentation lists it. */
final class StandardWebhooks implements ForgeRules {
    @Override
    public Optional<String> refusal(WebhookRequest request, List<WebhookSecret> secrets, Instant now) {
        return StandardSignature.refusal(request, secrets, now);
    }

    @Override
    public Optional<String> headRefusal(WebhookRequest head, List<WebhookSecret> secrets, Instant now) {
        return StandardSignature.headRefusal(head, now);
    }

    @Override
    public Headers headers() {
        return new Headers("", StandardSignature.ID);
    }

    @Override
    public Optional<String> repository(Payload body) {
        return body.maybe("data").flatMap(data -> data.maybeText("repository"));
    }

    @Override
    public Reading read(Telling telling, String event, Payload body) {
        Payload data = body.at("data");
        String by = Telling.who(List.of(data.maybeText("by")));
        String kind = body.text("type");
        return switch (kind) {
            case "push" -> push(telling, data, by);
            case "change.proposed" -> Telling.told(telling.proposed(change(data), by));
            case "change.merged" -> Telling.told(telling.closed(change(data), by, true));
            case "change.declined" -> Telling.told(telling.closed(change(data), by, false));
            case "change.commented" -> comment(telling, data);
            default -> new Reading.Nothing("an event of kind " + kind);
        };
    }

    private static Reading push(Telling telling, Payload data, String by) {
        List<String> changed = data.texts("changed");
        Push push = new Push(
                data.text("ref"),
                data.text("commit"),
                by,
                data.maybeText("message").orElse(""),
                changed.isEmpty() ? Optional.empty() : Optional.of(changed));
        return Telling.told(telling.pushed(push).stream().toList(), "a push that leaves no branch or tag behind");
    }

    private static Change change(Payload data) {
        return new Change(
                data.number("change"),
                data.text("ref"),
                data.text("commit"),
                data.text("target"),
                data.maybeText("title").orElse(""),
                // Who does not say that it is no fork is believed to be one.
                data.maybeText("from").filter(data.text("repository")::equals).isEmpty(),
                data.flag("draft"),
                Optional.empty());
    }

    private static Reading comment(Telling telling, Payload data) {
        Optional<Commit> head = data.maybeText("commit").map(id -> telling.commit(data.text("ref"), id));
        return telling.commented(
                data.number("change"), head, data.maybeText("by"), Optional.empty(), data.text("text"));
    }
}
