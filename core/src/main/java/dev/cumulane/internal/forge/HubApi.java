// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.forge;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cumulane.internal.http.Url;
import dev.cumulane.run.SourceEvent;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** GitHub, and Gitea and Forgejo, whose API is of the same form but for a few names. */
final class HubApi implements ForgeApi {
    private static final Set<String> WRITERS = Set.of("admin", "maintain", "write", "owner");

    private static final Pattern USER = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._\\[\\]-]{0,99}");

    private final Asking asking;
    private final Url home;
    private final String commitId;
    private final String pageSize;
    private final int full;

    private HubApi(Asking asking, String commitId, String pageSize, int full) {
        this.asking = asking;
        this.home = asking.api().with("repos").path(asking.repository().fullName());
        this.commitId = commitId;
        this.pageSize = pageSize;
        this.full = full;
    }

    static HubApi gitHub(Asking asking) {
        return new HubApi(asking, "sha", "per_page", 100);
    }

    static HubApi gitea(Asking asking) {
        return new HubApi(asking, "id", "limit", 50);
    }

    @Override
    public List<SourceEvent.Pushed> heads() {
        return asking.heads(all("branches"), "refs/heads/", "/commit/" + commitId);
    }

    @Override
    public List<SourceEvent.Pushed> tags() {
        return asking.heads(all("tags"), "refs/tags/", "/commit/sha");
    }

    private List<JsonNode> all(String what) {
        return asking.all((page, size) -> paged(home.with(what), page, size), "", full);
    }

    @Override
    public List<SourceEvent.ChangeProposed> openChanges() {
        Url open = home.with("pulls").parameter("state", "open");
        return asking.all((page, size) -> paged(open, page, size), "", full).stream()
                .flatMap(request -> change(request).stream())
                .toList();
    }

    @Override
    public Optional<SourceEvent.ChangeProposed> change(String number) {
        return asking.find(home.with("pulls", number))
                .filter(request -> request.path("state").asText().equals("open"))
                .flatMap(this::change);
    }

    @Override
    public boolean mayWrite(String user) {
        return USER.matcher(user).matches()
                && asking.find(home.with("collaborators", user, "permission"))
                        .map(answer -> answer.path("permission").asText())
                        .filter(WRITERS::contains)
                        .isPresent();
    }

    private Url paged(Url url, int page, int size) {
        return url.parameter(pageSize, Integer.toString(size)).parameter("page", Integer.toString(page));
    }

    private Optional<SourceEvent.ChangeProposed> change(JsonNode request) {
        String from = request.path("head").path("repo").path("full_name").asText();
        String own = request.path("base").path("repo").path("full_name").asText();
        return asking.change(
                request.path("number").asLong(),
                request.path("head").path("sha").asText(),
                request.path("base").path("ref").asText(),
                request.path("user").path("login").asText(),
                // A fork that was deleted has no name any more.
                from.isEmpty() || !from.equals(own));
    }
}
