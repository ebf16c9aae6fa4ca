// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.source;

import dev.cumulane.source.Happening;
import dev.cumulane.source.WebhookRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Bitbucket Cloud: {@code X-Hub-Signature}, here with SHA-256. Its change requests name commits by 12 digits, and it has no ref for the head of a fork's: those
 * are hints, and the forge is asked.
 */
final class BitbucketCloud implements ForgeRules {
    @Override
    public Optional<String> refusal(WebhookRequest request, List<WebhookSecret> secrets, Instant now) {
        return Proofs.hmac(request, "X-Hub-Signature", "sha256=", secrets);
    }

    @Override
    public Optional<String> headRefusal(WebhookRequest head, List<WebhookSecret> secrets, Instant now) {
        return Proofs.hmacForm(head, "X-Hub-Signature", "sha256=");
    }

    @Override
    public Headers headers() {
        return new Headers("X-Event-Key", "X-Request-UUID");
    }

    @Override
    public Optional<String> repository(Payload body) {
        return body.maybe("repository").map(repository -> repository.text("full_name"));
    }

    @Override
    public Reading read(Telling telling, String event, Payload body) {
        return switch (event) {
            case "repo:push" -> push(telling, body);
            case "pullrequest:created", "pullrequest:updated" -> proposed(telling, body);
            case "pullrequest:fulfilled" -> Telling.told(telling.closed(change(body), by(body), true));
            case "pullrequest:rejected" -> Telling.told(telling.closed(change(body), by(body), false));
            case "pullrequest:comment_created" -> comment(telling, body);
            case "" -> throw new Payload.MalformedException("no header says which kind of event it is");
            default -> new Reading.Nothing("an event of kind " + event);
        };
    }

    private static Reading push(Telling telling, Payload body) {
        List<Happening> heads = new ArrayList<>();
        for (Payload change : body.at("push").each("changes")) {
            Optional<Payload> now = change.maybe("new");
            Optional<String> kind = now.flatMap(head -> kind(head.text("type")));
            if (now.isPresent() && kind.isPresent()) {
                Payload target = now.get().at("target");
                telling.pushed(new Push(
                                kind.get() + now.get().text("name"),
                                target.text("hash"),
                                by(body),
                                target.maybeText("message").orElse(""),
                                Optional.empty()))
                        .ifPresent(heads::add);
            }
        }
        return Telling.told(heads, "a push that leaves no branch or tag behind");
    }

    private static Optional<String> kind(String type) {
        return switch (type) {
            case "branch", "named_branch" -> Optional.of("refs/heads/");
            case "tag", "annotated_tag" -> Optional.of("refs/tags/");
            default -> Optional.empty();
        };
    }

    private static Reading proposed(Telling telling, Payload body) {
        Change change = change(body);
        return Telling.told(
                change.fork() || !Telling.isFull(change.head())
                        ? new Happening.Hinted(Long.toString(change.number()))
                        : telling.proposed(change, by(body)));
    }

    private static Change change(Payload body) {
        Payload request = body.at("pullrequest");
        Payload source = request.at("source");
        Optional<String> from = source.maybe("repository").map(repository -> repository.text("full_name"));
        return new Change(
                request.number("id"),
                "refs/heads/" + source.at("branch").text("name"),
                source.maybe("commit").map(commit -> commit.text("hash")).orElse(""),
                request.at("destination").at("branch").text("name"),
                request.maybeText("title").orElse(""),
                !from.equals(body.at("repository").maybeText("full_name")),
                request.flag("draft"),
                request.maybe("author").flatMap(author -> author.maybeText("nickname")));
    }

    private static Reading comment(Telling telling, Payload body) {
        // The id is what the permissions' API asks for; nicknames are not unique.
        Optional<String> writer = body.maybe("actor")
                .flatMap(actor -> actor.maybeText("account_id").or(() -> actor.maybeText("uuid")));
        return telling.commented(
                body.at("pullrequest").number("id"),
                Optional.empty(),
                writer,
                Optional.empty(),
                body.at("comment").at("content").maybeText("raw").orElse(""));
    }

    private static String by(Payload body) {
        Optional<Payload> actor = body.maybe("actor");
        return Telling.who(List.of(
                actor.flatMap(who -> who.maybeText("nickname")),
                actor.flatMap(who -> who.maybeText("display_name")),
                actor.flatMap(who -> who.maybeText("uuid"))));
    }
}
