// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.source;

import dev.cumulane.source.Forge;
import dev.cumulane.source.Happening;
import dev.cumulane.source.WebhookRequest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Azure Repos: its service hooks sign nothing. The secret is the password of Basic authentication, or the value of a header {@code X-Cumulane-Token}, or both;
 * what is there must fit. No path is told, and no kind of event and no id stands in a header. No documentation says that a webhook tells of forks as the API does: what
 * does not say that it is a fork's is a hint, and the forge is asked.
 */
final class AzureRepos implements ForgeRules {
    private static final String TOKEN = "X-Cumulane-Token";
    private static final String AUTHORIZATION = "Authorization";
    private static final String BASIC = "Basic ";

    @Override
    public Optional<String> refusal(WebhookRequest request, List<WebhookSecret> secrets, Instant now) {
        boolean hasToken = !request.header(TOKEN).isEmpty();
        boolean hasLogin = !request.header(AUTHORIZATION).isEmpty();
        if (!hasToken && !hasLogin) {
            return Optional.of("neither " + AUTHORIZATION + " nor " + TOKEN + " is there");
        }
        Optional<String> token = hasToken ? Proofs.token(request, TOKEN, secrets) : Optional.empty();
        Optional<String> login = hasLogin ? login(request, secrets) : Optional.empty();
        return token.or(() -> login);
    }

    @Override
    public Optional<String> headRefusal(WebhookRequest head, List<WebhookSecret> secrets, Instant now) {
        return refusal(head, secrets, now);
    }

    private static Optional<String> login(WebhookRequest request, List<WebhookSecret> secrets) {
        List<String> values = request.header(AUTHORIZATION);
        if (values.size() != 1 || !values.get(0).startsWith(BASIC)) {
            return Optional.of(AUTHORIZATION + " is not one Basic authentication");
        }
        String login;
        try {
            byte[] decoded = Base64.getDecoder().decode(values.get(0).substring(BASIC.length()));
            login = new String(decoded, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return Optional.of(AUTHORIZATION + " is no Base64");
        }
        String password = login.substring(login.indexOf(':') + 1);
        return Proofs.isOneOf(password, secrets) ? Optional.empty() : Optional.of(AUTHORIZATION + " fits no secret");
    }

    @Override
    public Headers headers() {
        return new Headers("", "");
    }

    @Override
    public Optional<String> repository(Payload body) {
        return body.maybe("resource")
                .flatMap(resource ->
                        resource.maybe("pullRequest").orElse(resource).maybe("repository"))
                .map(repository -> repository.at("project").text("name") + "/" + repository.text("name"));
    }

    @Override
    public Reading read(Telling telling, String event, Payload body) {
        Payload resource = body.at("resource");
        String kind = body.text("eventType");
        return switch (kind) {
            case "git.push" -> push(telling, resource);
            case "git.pullrequest.created", "git.pullrequest.updated" -> pullRequest(telling, resource);
            case "ms.vss-code.git-pullrequest-comment-event" -> comment(telling, resource);
            // Told when a merge was tried, too; when a change request ends, "updated" says so.
            case "git.pullrequest.merged" -> new Reading.Nothing("an attempt to merge");
            default -> new Reading.Nothing("an event of kind " + kind);
        };
    }

    private static Reading push(Telling telling, Payload resource) {
        String by = Telling.who(List.of(name(resource, "pushedBy"), display(resource, "pushedBy")));
        List<Payload> commits = resource.each("commits");
        List<Happening> heads = new ArrayList<>();
        for (Payload update : resource.each("refUpdates")) {
            String head = update.text("newObjectId");
            String message = commits.stream()
                    .filter(commit ->
                            commit.maybeText("commitId").filter(head::equals).isPresent())
                    .findFirst()
                    .flatMap(commit -> commit.maybeText("comment"))
                    .orElse("");
            telling.pushed(new Push(update.text("name"), head, by, message, Optional.empty()))
                    .ifPresent(heads::add);
        }
        return Telling.told(heads, "a push that leaves no branch or tag behind");
    }

    private static Reading pullRequest(Telling telling, Payload resource) {
        Change change = change(resource);
        String by = Telling.who(List.of(name(resource, "createdBy"), display(resource, "createdBy")));
        return switch (resource.text("status")) {
            case "active" ->
                Telling.told(
                        change.fork()
                                ? telling.proposed(change, by)
                                : new Happening.Hinted(Long.toString(change.number())));
            case "completed" -> Telling.told(telling.closed(change, by, true));
            case "abandoned" -> Telling.told(telling.closed(change, by, false));
            default -> new Reading.Nothing("a change request that is neither open nor closed");
        };
    }

    private static Change change(Payload request) {
        long number = request.number("pullRequestId");
        return new Change(
                number,
                ChangeRefs.of(Forge.AZURE_REPOS, number).orElseThrow(),
                request.at("lastMergeSourceCommit").text("commitId"),
                RefName.branch(request.text("targetRefName")),
                request.maybeText("title").orElse(""),
                request.maybe("forkSource").isPresent(),
                request.flag("isDraft"),
                Optional.empty());
    }

    private static Reading comment(Telling telling, Payload resource) {
        Payload comment = resource.at("comment");
        // System comments tell of votes and updates, deleted ones of nothing; an edited one cannot be told from a new
        // one.
        if (comment.flag("isDeleted")
                || comment.maybeText("commentType").orElse("text").equals("system")) {
            return new Reading.Nothing("a comment that nobody wrote");
        }
        Change change = change(resource.at("pullRequest"));
        return telling.commented(
                change.number(),
                Optional.of(telling.commit(change.ref(), change.head())),
                name(comment, "author"),
                Optional.empty(),
                comment.maybeText("content").orElse(""));
    }

    private static Optional<String> name(Payload where, String field) {
        return where.maybe(field).flatMap(person -> person.maybeText("uniqueName"));
    }

    private static Optional<String> display(Payload where, String field) {
        return where.maybe(field).flatMap(person -> person.maybeText("displayName"));
    }
}
