// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.forge;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cumulane.internal.http.Url;
import dev.cumulane.run.SourceEvent;
import java.util.List;
import java.util.Optional;

/** GitLab. A project is named by its whole path, as one segment. */
final class GitLabApi implements ForgeApi {
    /** Developer: the lowest role that may push. */
    private static final int DEVELOPER = 30;

    private static final int FULL = 100;

    private final Asking asking;
    private final Url home;

    GitLabApi(Asking asking) {
        this.asking = asking;
        this.home = asking.api().with("projects").with(asking.repository().fullName());
    }

    @Override
    public List<SourceEvent.Pushed> heads() {
        return asking.heads(all("branches"), "refs/heads/", "/commit/id");
    }

    @Override
    public List<SourceEvent.Pushed> tags() {
        return asking.heads(all("tags"), "refs/tags/", "/commit/id");
    }

    private List<JsonNode> all(String what) {
        return asking.all((page, size) -> paged(home.with("repository", what), page, size), "", FULL);
    }

    @Override
    public List<SourceEvent.ChangeProposed> openChanges() {
        Url open = home.with("merge_requests").parameter("state", "opened");
        return asking.all((page, size) -> paged(open, page, size), "", FULL).stream()
                .flatMap(request -> change(request).stream())
                .toList();
    }

    @Override
    public Optional<SourceEvent.ChangeProposed> change(String number) {
        return asking.find(home.with("merge_requests", number))
                .filter(request -> request.path("state").asText().equals("opened"))
                .flatMap(this::change);
    }

    @Override
    public boolean mayWrite(String user) {
        for (JsonNode known : asking.get(asking.api().with("users").parameter("username", user))) {
            if (known.path("username").asText().equalsIgnoreCase(user)) {
                return asking.find(home.with("members", "all", known.path("id").asText()))
                        .filter(member -> member.path("access_level").asInt() >= DEVELOPER)
                        .isPresent();
            }
        }
        return false;
    }

    private static Url paged(Url url, int page, int size) {
        return url.parameter("per_page", Integer.toString(size)).parameter("page", Integer.toString(page));
    }

    private Optional<SourceEvent.ChangeProposed> change(JsonNode request) {
        return asking.change(
                request.path("iid").asLong(),
                request.path("sha").asText(),
                request.path("target_branch").asText(),
                request.path("author").path("username").asText(),
                request.path("source_project_id").asLong(-1)
                        != request.path("target_project_id").asLong(-2));
    }
}
