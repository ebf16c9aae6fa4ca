// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.source;

import dev.cumulane.source.Forge;
import dev.cumulane.source.Happening;
import dev.cumulane.source.WebhookRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Bitbucket Data Center: {@code X-Hub-Signature} with SHA-256. It never tells which paths changed. */
final class BitbucketDataCenter implements ForgeRules {
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
        return new Headers("X-Event-Key", "X-Request-Id");
    }

    @Override
    public Optional<String> repository(Payload body) {
        return body.maybe("repository")
                .or(() -> body.maybe("pullRequest")
                        .map(request -> request.at("toRef").at("repository")))
                .map(repository -> repository.at("project").text("key") + "/" + repository.text("slug"));
    }

    @Override
    public Reading read(Telling telling, String event, Payload body) {
        return switch (event) {
            case "repo:refs_changed" -> push(telling, body);
            case "pr:opened", "pr:reopened", "pr:from_ref_updated", "pr:modified" ->
                Telling.told(telling.proposed(change(body), by(body)));
            case "pr:merged" -> Telling.told(telling.closed(change(body), by(body), true));
            case "pr:declined", "pr:deleted" -> Telling.told(telling.closed(change(body), by(body), false));
            case "pr:comment:added" -> comment(telling, body);
            case "" -> throw new Payload.MalformedException("no header says which kind of event it is");
            default -> new Reading.Nothing("an event of kind " + event);
        };
    }

    private static Reading push(Telling telling, Payload body) {
        List<Happening> heads = new ArrayList<>();
        for (Payload change : body.each("changes")) {
            telling.pushed(new Push(change.at("ref").text("id"), change.text("toHash"), by(body), "", Optional.empty()))
                    .ifPresent(heads::add);
        }
        return Telling.told(heads, "a push that leaves no branch or tag behind");
    }

    private static Change change(Payload body) {
        Payload request = body.at("pullRequest");
        long number = request.number("id");
        Payload from = request.at("fromRef");
        Payload into = request.at("toRef");
        return new Change(
                number,
                ChangeRefs.of(Forge.BITBUCKET_DATA_CENTER, number).orElseThrow(),
                from.text("latestCommit"),
                RefName.branch(into.text("id")),
                request.maybeText("title").orElse(""),
                from.at("repository").number("id") != into.at("repository").number("id"),
                request.flag("draft"),
                request.maybe("author")
                        .flatMap(author -> author.maybe("user"))
                        .flatMap(user -> user.maybeText("name")));
    }

    private static Reading comment(Telling telling, Payload body) {
        Change change = change(body);
        return telling.commented(
                change.number(),
                Optional.of(telling.commit(change.ref(), change.head())),
                body.at("actor").maybeText("name"),
                Optional.empty(),
                body.at("comment").text("text"));
    }

    private static String by(Payload body) {
        return Telling.who(List.of(
                body.maybe("actor").flatMap(actor -> actor.maybeText("name")),
                body.maybe("actor").flatMap(actor -> actor.maybeText("displayName"))));
    }
}
