// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.status;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cumulane.internal.http.Answer;
import dev.cumulane.internal.http.Call;
import dev.cumulane.internal.http.Json;
import dev.cumulane.internal.http.Url;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.source.Forge;
import dev.cumulane.source.Repository;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How one forge is told the status of a commit: endpoint, words and limits of its published API. Pure. */
interface ForgeStatuses {
    /** The request that tells it, without a credential. Sent twice, it changes nothing more. */
    Call call(CommitStatus status);

    /** Whether the forge knows it now. */
    default boolean isHeard(Answer answer) {
        return answer.isSuccess();
    }

    /** What has to be asked before the commit's change request is told, where a forge keeps statuses of change requests apart; empty if it does not, or the run is for none. */
    default Optional<Call> question(CommitStatus status) {
        return Optional.empty();
    }

    /** The request that tells the change request, once the question is answered; empty if the commit is no head of it. */
    default Optional<Call> call(CommitStatus status, Answer answer) {
        return Optional.empty();
    }

    /**
     * The forge's way.
     *
     * @throws IllegalArgumentException if the forge has none, or the repository's address says too little
     */
    static ForgeStatuses of(Repository repository) {
        String api = repository
                .api()
                .orElseThrow(() -> new IllegalArgumentException("the address of the API of " + repository
                        + " does not follow from its clone URL; say it with api(...)"));
        return switch (repository.forge()) {
            case GITHUB -> new GitHub(Url.of(api).with("repos").path(repository.fullName()));
            case GITLAB -> new GitLab(Url.of(api).with("projects", repository.fullName()));
            case BITBUCKET_CLOUD ->
                new BitbucketCloud(repository, Url.of(api).with("repositories").path(repository.fullName()));
            case BITBUCKET_DATA_CENTER -> BitbucketDataCenter.of(repository, Url.of(api));
            case AZURE_REPOS -> AzureRepos.of(repository, Url.of(api));
            case GITEA, FORGEJO -> new Gitea(Url.of(api).with("repos").path(repository.fullName()));
            case STANDARD_WEBHOOKS ->
                throw new IllegalArgumentException("a repository of " + Forge.STANDARD_WEBHOOKS
                        + " has no commit statuses; give " + repository + " no credential");
        };
    }

    /** GitHub: a status of a context takes the place of the one before it. */
    record GitHub(Url repository) implements ForgeStatuses {
        @Override
        public Call call(CommitStatus status) {
            String state = switch (status.standing()) {
                case PENDING, EXECUTING -> "pending";
                case SUCCESS, SKIP -> "success";
                case FAILURE -> "failure";
                case ERROR, TIMEOUT, CANCELLATION -> "error";
            };
            return hub(repository, status, state);
        }
    }

    /** GitLab: refuses a status that says the same again, and one that would go back. */
    record GitLab(Url project) implements ForgeStatuses {
        private static final int LONGEST_URL = 255;

        @Override
        public Call call(CommitStatus status) {
            ObjectNode body = Json.object()
                    .put(
                            "state",
                            switch (status.standing()) {
                                case PENDING -> "pending";
                                case EXECUTING -> "running";
                                // Older versions know no "skipped" (issue 23636 of GitLab).
                                case SUCCESS, SKIP -> "success";
                                case FAILURE, ERROR, TIMEOUT -> "failed";
                                case CANCELLATION -> "canceled";
                            })
                    .put("name", status.context())
                    .put("description", status.description());
            status.branchOrTag().ifPresent(ref -> body.put("ref", ref));
            status.page().filter(page -> page.length() <= LONGEST_URL).ifPresent(page -> body.put("target_url", page));
            return Call.json(
                    "POST", project.with("statuses", status.commit().id()).uri(), Json.bytes(body));
        }

        @Override
        public boolean isHeard(Answer answer) {
            return answer.isSuccess()
                    || (answer.status() == 400
                            && new String(answer.body(), StandardCharsets.UTF_8).contains("Cannot transition status"));
        }
    }

    /** Bitbucket Cloud: a status of a key takes the place of the one before it; an address is demanded. */
    record BitbucketCloud(Repository repository, Url api) implements ForgeStatuses {
        @Override
        public Call call(CommitStatus status) {
            ObjectNode body = bitbucket(repository, status, "STOPPED");
            status.branchOrTag().ifPresent(ref -> body.put("refname", ref));
            return Call.json(
                    "POST",
                    api.with("commit", status.commit().id(), "statuses", "build")
                            .uri(),
                    Json.bytes(body));
        }
    }

    /** Bitbucket Data Center from 7.4 on. */
    record BitbucketDataCenter(Repository repository, Url project) implements ForgeStatuses {
        static BitbucketDataCenter of(Repository repository, Url rest) {
            String[] name = repository.fullName().split("/", -1);
            return new BitbucketDataCenter(
                    repository, rest.with("api", "latest", "projects", name[0]).with("repos", name[1]));
        }

        @Override
        public Call call(CommitStatus status) {
            ObjectNode body = bitbucket(repository, status, "CANCELLED");
            if (status.commit().ref().startsWith("refs/")) {
                body.put("ref", status.commit().ref());
            }
            return Call.json(
                    "POST",
                    project.with("commits", status.commit().id(), "builds").uri(),
                    Json.bytes(body));
        }
    }

    /**
     * Azure Repos: the newest status of a genre and name counts. Branch policies look at the statuses of the change request, not at those of commits; one that names no
     * iteration would stand for commits that were pushed later, too.
     */
    record AzureRepos(Url repository) implements ForgeStatuses {
        private static final Pattern CHANGE = Pattern.compile("refs/pull/([0-9]+)/merge");

        static AzureRepos of(Repository repository, Url organisation) {
            String[] name = repository.fullName().split("/", -1);
            return new AzureRepos(organisation.with(name[0], "_apis", "git", "repositories", name[1]));
        }

        @Override
        public Call call(CommitStatus status) {
            return told(repository.with("commits", status.commit().id(), "statuses"), status);
        }

        @Override
        public Optional<Call> question(CommitStatus status) {
            return iterations(status).map(url -> Call.of("GET", versioned(url)));
        }

        @Override
        public Optional<Call> call(CommitStatus status, Answer answer) {
            Optional<String> latest = Optional.empty();
            for (JsonNode iteration : Json.of(answer).path("value")) {
                if (iteration
                        .path("sourceRefCommit")
                        .path("commitId")
                        .asText()
                        .equals(status.commit().id())) {
                    latest = Optional.of(Long.toString(iteration.path("id").asLong()));
                }
            }
            return latest.flatMap(id -> iterations(status).map(url -> told(url.with(id, "statuses"), status)));
        }

        private Optional<Url> iterations(CommitStatus status) {
            Matcher change = CHANGE.matcher(status.commit().ref());
            return change.matches()
                    ? Optional.of(repository.with("pullRequests", change.group(1), "iterations"))
                    : Optional.empty();
        }

        private static Call told(Url where, CommitStatus status) {
            int slash = status.context().indexOf('/');
            ObjectNode body = Json.object()
                    .put(
                            "state",
                            switch (status.standing()) {
                                case PENDING, EXECUTING -> "pending";
                                case SUCCESS -> "succeeded";
                                case FAILURE -> "failed";
                                case ERROR, TIMEOUT, CANCELLATION -> "error";
                                case SKIP -> "notApplicable";
                            })
                    .put("description", status.description());
            body.putObject("context")
                    .put("genre", status.context().substring(0, slash))
                    .put("name", status.context().substring(slash + 1));
            status.page().ifPresent(page -> body.put("targetUrl", page));
            return Call.json("POST", versioned(where), Json.bytes(body));
        }

        private static URI versioned(Url url) {
            return url.parameter("api-version", "7.1").uri();
        }
    }

    /** Gitea and Forgejo. */
    record Gitea(Url repository) implements ForgeStatuses {
        @Override
        public Call call(CommitStatus status) {
            String state = switch (status.standing()) {
                case PENDING, EXECUTING -> "pending";
                case SUCCESS -> "success";
                case FAILURE -> "failure";
                case ERROR, TIMEOUT, CANCELLATION -> "error";
                case SKIP -> "skipped";
            };
            return hub(repository, status, state);
        }
    }

    /** The request of GitHub, which Gitea and Forgejo took over. */
    private static Call hub(Url repository, CommitStatus status, String state) {
        ObjectNode body = Json.object()
                .put("state", state)
                .put("context", status.context())
                .put("description", status.description());
        status.page().ifPresent(page -> body.put("target_url", page));
        return Call.json(
                "POST", repository.with("statuses", status.commit().id()).uri(), Json.bytes(body));
    }

    /** What both kinds of Bitbucket take; they differ in the word for what was cancelled. */
    private static ObjectNode bitbucket(Repository repository, CommitStatus status, String cancelled) {
        return Json.object()
                .put("key", key(status.context()))
                .put("name", status.context())
                .put(
                        "state",
                        switch (status.standing()) {
                            case PENDING, EXECUTING -> "INPROGRESS";
                            case SUCCESS, SKIP -> "SUCCESSFUL";
                            case FAILURE, ERROR, TIMEOUT -> "FAILED";
                            case CANCELLATION -> cancelled;
                        })
                .put("url", page(repository, status))
                .put("description", status.description());
    }

    /** Bitbucket keeps 40 characters of a key: a longer context is known by its beginning and its digest. */
    private static String key(String context) {
        int most = 40;
        if (context.length() <= most) {
            return context;
        }
        String digest = Digest.of(context.getBytes(StandardCharsets.UTF_8)).hex();
        return context.substring(0, most - 13) + "-" + digest.substring(0, 12);
    }

    private static String page(Repository repository, CommitStatus status) {
        return status.page().or(() -> repository.pageOf(status.commit().id())).orElse(repository.url());
    }
}
