// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.source;

import dev.cumulane.run.Commit;
import dev.cumulane.source.Forge;
import dev.cumulane.source.WebhookRequest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * GitLab: a signing token ({@code whsec_}) demands the signature of Standard Webhooks, any other secret is the one in {@code X-Gitlab-Token}. While one takes the
 * other's place, a signature that is there alone decides.
 */
final class GitLab implements ForgeRules {
    private static final String TOKEN = "X-Gitlab-Token";

    @Override
    public Optional<String> refusal(WebhookRequest request, List<WebhookSecret> secrets, Instant now) {
        return isSigned(request, secrets)
                ? StandardSignature.refusal(request, keys(secrets), now)
                : token(request, secrets);
    }

    @Override
    public Optional<String> headRefusal(WebhookRequest head, List<WebhookSecret> secrets, Instant now) {
        return isSigned(head, secrets) ? StandardSignature.headRefusal(head, now) : token(head, secrets);
    }

    /** Whether its signature decides. */
    private static boolean isSigned(WebhookRequest request, List<WebhookSecret> secrets) {
        boolean hasSignature = !request.header(StandardSignature.HEADER).isEmpty();
        return !keys(secrets).isEmpty() && (hasSignature || secrets.stream().allMatch(GitLab::isKey));
    }

    private static Optional<String> token(WebhookRequest request, List<WebhookSecret> secrets) {
        List<WebhookSecret> tokens =
                secrets.stream().filter(secret -> !isKey(secret)).toList();
        return Proofs.token(request, TOKEN, tokens);
    }

    private static List<WebhookSecret> keys(List<WebhookSecret> secrets) {
        return secrets.stream().filter(GitLab::isKey).toList();
    }

    private static boolean isKey(WebhookSecret secret) {
        return secret.text().startsWith(StandardSignature.SHARED);
    }

    @Override
    public Headers headers() {
        return new Headers("", "Idempotency-Key");
    }

    @Override
    public Optional<String> repository(Payload body) {
        return body.maybe("project").map(project -> project.text("path_with_namespace"));
    }

    @Override
    public Reading read(Telling telling, String event, Payload body) {
        String kind = body.text("object_kind");
        return switch (kind) {
            case "push", "tag_push" -> push(telling, body);
            case "merge_request" -> mergeRequest(telling, body);
            case "note" -> note(telling, body);
            default -> new Reading.Nothing("an event of kind " + kind);
        };
    }

    private static Reading push(Telling telling, Payload body) {
        List<Payload> commits = body.each("commits");
        String after = body.text("after");
        // An annotated tag is an object of its own, and "after" is its id.
        String head =
                Telling.isNone(after) ? after : body.maybeText("checkout_sha").orElse(after);
        String message = Hub.withId(commits, head)
                .flatMap(commit -> commit.maybeText("message"))
                .orElse("");
        boolean isWhole =
                body.count("total_commits_count").orElse(-1L) == commits.size() && !Telling.isNone(body.text("before"));
        Push push = new Push(
                body.text("ref"),
                head,
                Telling.who(List.of(body.maybeText("user_username"), body.maybeText("user_name"))),
                message,
                isWhole ? Hub.touched(commits) : Optional.empty());
        return Telling.told(telling.pushed(push).stream().toList(), "a push that leaves no branch or tag behind");
    }

    private static Reading mergeRequest(Telling telling, Payload body) {
        Payload request = body.at("object_attributes");
        Change change = change(request);
        String by = Telling.who(List.of(username(body)));
        return switch (request.maybeText("action").orElse("")) {
            case "open", "reopen" -> Telling.told(telling.proposed(change, by));
            case "update" ->
                isUpdated(body, request)
                        ? Telling.told(telling.proposed(change, by))
                        : new Reading.Nothing("a change request whose head stayed as it was");
            case "merge" -> Telling.told(telling.closed(change, by, true));
            case "close" -> Telling.told(telling.closed(change, by, false));
            default -> new Reading.Nothing("a change request whose head stayed as it was");
        };
    }

    /** An update has an old revision only if the head moved; another target or the end of a draft counts as well. */
    private static boolean isUpdated(Payload body, Payload request) {
        return request.maybeText("oldrev").isPresent()
                || body.maybe("changes")
                        .filter(changes -> changes.maybe("target_branch").isPresent()
                                || changes.maybe("draft").isPresent())
                        .isPresent();
    }

    private static Change change(Payload request) {
        long number = request.number("iid");
        return new Change(
                number,
                ChangeRefs.of(Forge.GITLAB, number).orElseThrow(),
                request.at("last_commit").text("id"),
                request.text("target_branch"),
                request.maybeText("title").orElse(""),
                request.count("source_project_id").orElse(-1L) != request.number("target_project_id"),
                request.flag("draft") || request.flag("work_in_progress"),
                // The opener is told by number alone.
                Optional.empty());
    }

    private static Reading note(Telling telling, Payload body) {
        Payload note = body.at("object_attributes");
        boolean isNew = note.maybeText("action").orElse("create").equals("create") && !note.flag("system");
        if (!isNew || !note.text("noteable_type").equals("MergeRequest")) {
            return new Reading.Nothing("a comment that is no new one on a change request");
        }
        Change change = change(body.at("merge_request"));
        Commit head = telling.commit(change.ref(), change.head());
        return telling.commented(
                change.number(), Optional.of(head), username(body), Optional.empty(), note.text("note"));
    }

    private static Optional<String> username(Payload body) {
        return body.maybe("user").flatMap(user -> user.maybeText("username"));
    }
}
