// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.forge;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cumulane.internal.http.Url;
import dev.cumulane.run.SourceEvent;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Bitbucket Cloud. It holds no ref for the commits of forks, so that their change requests start no run. */
final class BitbucketCloudApi implements ForgeApi {
    private static final int FULL = 50;
    private static final Pattern ACCOUNT = Pattern.compile("[A-Za-z0-9:{}-]{1,100}");

    private final Asking asking;
    private final Url home;

    BitbucketCloudApi(Asking asking) {
        this.asking = asking;
        this.home = asking.api().with("repositories").path(asking.repository().fullName());
    }

    @Override
    public List<SourceEvent.Pushed> heads() {
        return asking.heads(all("branches"), "refs/heads/", "/target/hash");
    }

    @Override
    public List<SourceEvent.Pushed> tags() {
        return asking.heads(all("tags"), "refs/tags/", "/target/hash");
    }

    private List<JsonNode> all(String what) {
        return asking.all((page, size) -> paged(home.with("refs", what), page, size), "values", FULL);
    }

    @Override
    public List<SourceEvent.ChangeProposed> openChanges() {
        Url open = home.with("pullrequests").parameter("state", "OPEN");
        return asking.all((page, size) -> paged(open, page, size), "values", FULL).stream()
                .flatMap(request -> change(request).stream())
                .toList();
    }

    @Override
    public Optional<SourceEvent.ChangeProposed> change(String number) {
        return asking.find(home.with("pullrequests", number))
                .filter(request -> request.path("state").asText().equals("OPEN"))
                .flatMap(this::change);
    }

    @Override
    public boolean mayWrite(String user) {
        if (!ACCOUNT.matcher(user).matches()) {
            return false;
        }
        String[] name = asking.repository().fullName().split("/");
        String key = user.startsWith("{") ? "user.uuid" : "user.account_id";
        JsonNode permissions = asking.get(asking.api()
                .with("workspaces", name[0], "permissions", "repositories", name[1])
                .parameter("q", key + "=\"" + user + "\""));
        for (JsonNode one : permissions.path("values")) {
            boolean isUser = one.path("user").path("account_id").asText().equals(user)
                    || one.path("user").path("uuid").asText().equals(user);
            String permission = one.path("permission").asText();
            if (isUser && (permission.equals("write") || permission.equals("admin"))) {
                return true;
            }
        }
        return false;
    }

    private static Url paged(Url url, int page, int size) {
        return url.parameter("pagelen", Integer.toString(size)).parameter("page", Integer.toString(page));
    }

    private Optional<SourceEvent.ChangeProposed> change(JsonNode request) {
        JsonNode source = request.path("source");
        String from = source.path("repository").path("full_name").asText();
        String own =
                request.path("destination").path("repository").path("full_name").asText();
        String shortened = source.path("commit").path("hash").asText();
        if (shortened.isEmpty() || from.isEmpty() || !from.equals(own)) {
            return Optional.empty();
        }
        String author = request.path("author").path("nickname").asText();
        return asking.find(home.with("commit", shortened))
                .flatMap(commit -> asking.change(
                        request.path("id").asLong(),
                        "refs/heads/" + source.path("branch").path("name").asText(),
                        commit.path("hash").asText(),
                        request.path("destination").path("branch").path("name").asText(),
                        author,
                        false));
    }
}
