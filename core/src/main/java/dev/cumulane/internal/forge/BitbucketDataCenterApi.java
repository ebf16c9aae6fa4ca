// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.forge;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cumulane.internal.http.Url;
import dev.cumulane.run.SourceEvent;
import java.util.List;
import java.util.Optional;

/** Bitbucket Data Center. An annotated tag is told by its own id, as its webhooks do. */
final class BitbucketDataCenterApi implements ForgeApi {
    private static final int FULL = 100;
    private static final String BRANCHES = "refs/heads/";

    private final Asking asking;
    private final Url rest;
    private final String project;
    private final String slug;

    BitbucketDataCenterApi(Asking asking) {
        this.asking = asking;
        this.rest = asking.api().with("api", "latest");
        String[] name = asking.repository().fullName().split("/", 2);
        this.project = name[0];
        this.slug = name[name.length - 1];
    }

    @Override
    public List<SourceEvent.Pushed> heads() {
        return refs("branches");
    }

    @Override
    public List<SourceEvent.Pushed> tags() {
        return refs("tags");
    }

    private List<SourceEvent.Pushed> refs(String what) {
        return all(home().with(what)).stream()
                .flatMap(ref ->
                        asking
                                .head(
                                        ref.path("id").asText(),
                                        ref.path("hash")
                                                .asText(ref.path("latestCommit").asText()))
                                .stream())
                .toList();
    }

    @Override
    public List<SourceEvent.ChangeProposed> openChanges() {
        return all(home().with("pull-requests").parameter("state", "OPEN")).stream()
                .flatMap(request -> change(request).stream())
                .toList();
    }

    @Override
    public Optional<SourceEvent.ChangeProposed> change(String number) {
        return asking.find(home().with("pull-requests", number))
                .filter(request -> request.path("state").asText().equals("OPEN"))
                .flatMap(this::change);
    }

    /** Asks for users who may write, by groups or by the project, too; the filter finds parts of names and of mail addresses. */
    @Override
    public boolean mayWrite(String user) {
        Url writers = rest.with("users")
                .parameter("filter", user)
                .parameter("permission.1", "REPO_WRITE")
                .parameter("permission.1.projectKey", project)
                .parameter("permission.1.repositorySlug", slug);
        return all(writers).stream()
                .anyMatch(one -> one.path("name").asText().equals(user)
                        && one.path("active").asBoolean());
    }

    private Url home() {
        return rest.with("projects", project, "repos", slug);
    }

    private List<JsonNode> all(Url url) {
        return asking.all(
                (page, size) -> url.parameter("limit", Integer.toString(size))
                        .parameter("start", Integer.toString((page - 1) * size)),
                "values",
                FULL);
    }

    private Optional<SourceEvent.ChangeProposed> change(JsonNode request) {
        JsonNode from = request.path("fromRef");
        JsonNode into = request.path("toRef");
        String target = into.path("id").asText();
        return asking.change(
                request.path("id").asLong(),
                from.path("latestCommit").asText(),
                target.startsWith(BRANCHES) ? target.substring(BRANCHES.length()) : target,
                request.path("author").path("user").path("name").asText(),
                from.path("repository").path("id").asLong(-1)
                        != into.path("repository").path("id").asLong(-2));
    }
}
