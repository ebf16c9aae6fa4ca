// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.forge;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cumulane.internal.http.Url;
import dev.cumulane.run.SourceEvent;
import java.util.List;
import java.util.Optional;

/** The repositories of Azure DevOps. Their API tells nobody's permissions in one call, so that nobody may command by comments. */
final class AzureReposApi implements ForgeApi {
    private static final String VERSION = "7.1";
    private static final String BRANCHES = "refs/heads/";
    private static final int FULL = 100;

    private final Asking asking;
    private final Url home;

    AzureReposApi(Asking asking) {
        this.asking = asking;
        String[] name = asking.repository().fullName().split("/", 2);
        this.home = asking.api().with(name[0], "_apis", "git", "repositories", name[name.length - 1]);
    }

    @Override
    public List<SourceEvent.Pushed> heads() {
        return refs("heads/");
    }

    @Override
    public List<SourceEvent.Pushed> tags() {
        return refs("tags/");
    }

    private List<SourceEvent.Pushed> refs(String filter) {
        Url refs = home.with("refs").parameter("filter", filter).parameter("api-version", VERSION);
        return asking.heads(asking.get(refs).path("value").valueStream().toList(), "", "/objectId");
    }

    @Override
    public List<SourceEvent.ChangeProposed> openChanges() {
        Url active = home.with("pullrequests").parameter("searchCriteria.status", "active");
        return asking
                .all(
                        (page, size) -> active.parameter("$top", Integer.toString(size))
                                .parameter("$skip", Integer.toString((page - 1) * size))
                                .parameter("api-version", VERSION),
                        "value",
                        FULL)
                .stream()
                .flatMap(request -> change(request).stream())
                .toList();
    }

    @Override
    public Optional<SourceEvent.ChangeProposed> change(String number) {
        return asking.find(home.with("pullrequests", number).parameter("api-version", VERSION))
                .filter(request -> request.path("status").asText().equals("active"))
                .flatMap(this::change);
    }

    @Override
    public boolean mayWrite(String user) {
        return false;
    }

    private Optional<SourceEvent.ChangeProposed> change(JsonNode request) {
        String target = request.path("targetRefName").asText();
        return asking.change(
                request.path("pullRequestId").asLong(),
                request.path("lastMergeSourceCommit").path("commitId").asText(),
                target.startsWith(BRANCHES) ? target.substring(BRANCHES.length()) : target,
                request.path("createdBy").path("uniqueName").asText(),
                request.has("forkSource"));
    }
}
