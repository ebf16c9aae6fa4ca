// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.source;

import dev.cumulane.source.Forge;
import dev.cumulane.source.WebhookRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * GitHub, and Gitea and Forgejo, which send bodies of the same form. GitHub's older {@code X-Hub-Signature} is SHA-1 and never looked at; the others send GitHub's headers,
 * too, and prove themselves by their own.
 *
 * @param headers where a request says what it is called
 * @param proof the header with the signature
 * @param prefix what stands before the signature
 */
record Hub(Headers headers, String proof, String prefix) implements ForgeRules {
    /** GitHub lists no more commits of one push. */
    private static final int MOST_COMMITS = 2048;

    static Hub gitHub() {
        return new Hub(new Headers("X-GitHub-Event", "X-GitHub-Delivery"), "X-Hub-Signature-256", "sha256=");
    }

    /** Gitea or Forgejo, by the name in its headers. */
    static Hub gitea(String brand) {
        String begin = "X-" + brand + "-";
        return new Hub(new Headers(begin + "Event", begin + "Delivery"), begin + "Signature", "");
    }

    @Override
    public Optional<String> refusal(WebhookRequest request, List<WebhookSecret> secrets, Instant now) {
        return Proofs.hmac(request, proof, prefix, secrets);
    }

    @Override
    public Optional<String> headRefusal(WebhookRequest head, List<WebhookSecret> secrets, Instant now) {
        return Proofs.hmacForm(head, proof, prefix);
    }

    @Override
    public Optional<String> repository(Payload body) {
        return body.maybe("repository").map(repository -> repository.text("full_name"));
    }

    @Override
    public Reading read(Telling telling, String event, Payload body) {
        return switch (event) {
            case "push" -> push(telling, body);
            case "pull_request" -> pullRequest(telling, body);
            case "issue_comment" -> comment(telling, body);
            case "" -> throw new Payload.MalformedException("no header says which kind of event it is");
            default -> new Reading.Nothing("an event of kind " + event);
        };
    }

    private static Reading push(Telling telling, Payload body) {
        Optional<Payload> head = body.maybe("head_commit");
        String ref = body.text("ref");
        // An annotated tag is an object of its own, and "after" is its id; the head commit is what it names.
        String id = head.filter(commit -> ref.startsWith("refs/tags/"))
                .map(commit -> commit.text("id"))
                .orElse(body.text("after"));
        // Gitea lists the newest first, GitHub last, and older Gitea has no head commit.
        String message = head.or(() -> withId(body.each("commits"), id))
                .flatMap(commit -> commit.maybeText("message"))
                .orElse("");
        Push push = new Push(
                ref, id, Telling.who(List.of(login(body, "sender"), login(body, "pusher"))), message, changed(body));
        return Telling.told(telling.pushed(push).stream().toList(), "a push that leaves no branch or tag behind");
    }

    /** The paths that the pushed commits touched; unknown if not all commits are listed, or if what they are compared with is no ancestor. */
    private static Optional<List<String>> changed(Payload body) {
        List<Payload> commits = body.each("commits");
        boolean isNew = body.flag("created")
                || body.maybeText("before").map(Telling::isNone).orElse(true);
        boolean isCut = commits.size() >= MOST_COMMITS
                || body.count("total_commits").orElse((long) commits.size()) != commits.size();
        return isNew || isCut || body.flag("forced") ? Optional.empty() : touched(commits);
    }

    /** The paths that commits added, removed or modified; unknown if there is no commit, or one that does not say. */
    static Optional<List<String>> touched(List<Payload> commits) {
        Set<String> paths = new LinkedHashSet<>();
        for (Payload commit : commits) {
            List<String> own = new ArrayList<>(commit.texts("added"));
            own.addAll(commit.texts("removed"));
            own.addAll(commit.texts("modified"));
            if (own.isEmpty()) {
                return Optional.empty();
            }
            paths.addAll(own);
        }
        return commits.isEmpty() ? Optional.empty() : Optional.of(List.copyOf(paths));
    }

    private static Reading pullRequest(Telling telling, Payload body) {
        String action = body.text("action");
        String by = Telling.who(List.of(login(body, "sender")));
        return switch (action) {
            case "opened", "reopened", "synchronize", "synchronized", "ready_for_review" ->
                Telling.told(telling.proposed(change(body), by));
            case "edited" ->
                isRetargeted(body)
                        ? Telling.told(telling.proposed(change(body), by))
                        : new Reading.Nothing("a change request with another title or description");
            case "closed" ->
                Telling.told(
                        telling.closed(change(body), by, body.at("pull_request").flag("merged")));
            default -> new Reading.Nothing("a change request whose head stayed as it was");
        };
    }

    private static boolean isRetargeted(Payload body) {
        return body.maybe("changes")
                .filter(changes -> changes.maybe("base").isPresent()
                        || changes.maybe("ref").isPresent())
                .isPresent();
    }

    private static Change change(Payload body) {
        Payload request = body.at("pull_request");
        long number = request.number("number");
        Optional<String> own = request.at("base").maybe("repo").map(repo -> repo.text("full_name"));
        Optional<String> from = request.at("head").maybe("repo").map(repo -> repo.text("full_name"));
        return new Change(
                number,
                ChangeRefs.of(Forge.GITHUB, number).orElseThrow(),
                request.at("head").text("sha"),
                request.at("base").text("ref"),
                request.maybeText("title").orElse(""),
                // A fork that was deleted has no name any more.
                own.isEmpty() || !own.equals(from),
                request.flag("draft"),
                login(request, "user"));
    }

    private static Reading comment(Telling telling, Payload body) {
        Payload issue = body.at("issue");
        boolean isOnChange = issue.maybe("pull_request").isPresent() || body.flag("is_pull");
        if (!body.text("action").equals("created") || !isOnChange) {
            return new Reading.Nothing("a comment that is no new one on a change request");
        }
        Payload comment = body.at("comment");
        return telling.commented(
                issue.number("number"),
                Optional.empty(),
                login(comment, "user"),
                comment.maybeText("author_association"),
                comment.maybeText("body").orElse(""));
    }

    private static Optional<String> login(Payload where, String field) {
        return where.maybe(field).flatMap(user -> user.maybeText("login").or(() -> user.maybeText("name")));
    }

    /** The commit of this id, if it is listed. */
    static Optional<Payload> withId(List<Payload> commits, String id) {
        return commits.stream()
                .filter(commit -> commit.maybeText("id").filter(id::equals).isPresent())
                .findFirst();
    }
}
