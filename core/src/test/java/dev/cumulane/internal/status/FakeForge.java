// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cumulane.internal.http.FakeService.Reply;
import dev.cumulane.internal.http.FakeService.Request;
import dev.cumulane.internal.http.FakeService.Rules;
import dev.cumulane.internal.json.RecordJson;
import dev.cumulane.source.Forge;
import dev.cumulane.source.Repository;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** The commit statuses of a forge, by its published API: refuses every path, header, field and word that this does not know. */
public final class FakeForge implements Rules {
    /** The commit that it knows. */
    public static final String SHA = "0123456789abcdef0123456789abcdef01234567";
    /** What it wants to be shown. */
    public static final String TOKEN = "canary-token";

    /** One forge's API. */
    private record Api(
            String path,
            String header,
            String value,
            List<String> states,
            List<String> ends,
            Set<String> required,
            Set<String> optional,
            int status) {}

    private final Forge forge;
    private final Api api;
    private final SortedMap<String, List<String>> told = new TreeMap<>();

    /** A forge of this kind. */
    public FakeForge(Forge forge) {
        this.forge = forge;
        this.api = APIS.get(forge);
    }

    private static final Map<Forge, Api> APIS = Map.of(
            Forge.GITHUB,
            new Api(
                    "/api/v3/repos/acme/shop/statuses/" + SHA,
                    "Authorization",
                    "Bearer " + TOKEN,
                    List.of("error", "failure", "pending", "success"),
                    List.of("error", "failure", "success"),
                    Set.of("state", "context", "description"),
                    Set.of("target_url"),
                    201),
            Forge.GITLAB,
            new Api(
                    "/api/v4/projects/acme%2Fshop/statuses/" + SHA,
                    "PRIVATE-TOKEN",
                    TOKEN,
                    List.of("pending", "running", "success", "failed", "canceled"),
                    List.of("success", "failed", "canceled"),
                    Set.of("state", "name", "description"),
                    Set.of("target_url", "ref"),
                    201),
            Forge.BITBUCKET_CLOUD,
            new Api(
                    "/2.0/repositories/acme/shop/commit/" + SHA + "/statuses/build",
                    "Authorization",
                    "Bearer " + TOKEN,
                    List.of("SUCCESSFUL", "FAILED", "INPROGRESS", "STOPPED"),
                    List.of("SUCCESSFUL", "FAILED", "STOPPED"),
                    Set.of("key", "state", "url"),
                    Set.of("name", "description", "refname"),
                    201),
            Forge.BITBUCKET_DATA_CENTER,
            new Api(
                    "/rest/api/latest/projects/acme/repos/shop/commits/" + SHA + "/builds",
                    "Authorization",
                    "Bearer " + TOKEN,
                    List.of("SUCCESSFUL", "FAILED", "INPROGRESS", "CANCELLED", "UNKNOWN"),
                    List.of("SUCCESSFUL", "FAILED", "CANCELLED"),
                    Set.of("key", "state", "url"),
                    Set.of("name", "description", "ref"),
                    204),
            Forge.AZURE_REPOS,
            new Api(
                    "/acme/web/_apis/git/repositories/shop/commits/" + SHA + "/statuses?api-version=7.1",
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString((":" + TOKEN).getBytes(StandardCharsets.UTF_8)),
                    List.of("notSet", "notApplicable", "pending", "succeeded", "failed", "error"),
                    List.of("notApplicable", "succeeded", "failed", "error"),
                    Set.of("state", "context"),
                    Set.of("description", "targetUrl"),
                    201),
            Forge.GITEA,
            new Api(
                    "/api/v1/repos/acme/shop/statuses/" + SHA,
                    "Authorization",
                    "token " + TOKEN,
                    List.of("pending", "success", "error", "failure", "warning", "skipped"),
                    List.of("success", "error", "failure", "skipped"),
                    Set.of("state", "context"),
                    Set.of("description", "target_url"),
                    201));

    /** A repository on this forge, whose API is at this origin. */
    Repository repository(String origin) {
        Repository repository = Repository.on(forge, "shop", "https://example.com/acme/shop.git")
                .token("shop-token");
        return switch (forge) {
            case GITHUB -> repository.api(origin + "/api/v3");
            case GITLAB -> repository.api(origin + "/api/v4");
            case BITBUCKET_CLOUD -> repository.api(origin + "/2.0");
            case BITBUCKET_DATA_CENTER -> repository.api(origin + "/rest");
            case AZURE_REPOS -> repository.api(origin + "/acme").called("web/shop");
            default -> repository.api(origin + "/api/v1");
        };
    }

    /** Azure's change request 7 has had two heads, the later of which is the commit that is known here. */
    private static final String ITERATIONS = "/acme/web/_apis/git/repositories/shop/pullRequests/7/iterations";

    private static final String VERSION = "?api-version=7.1";

    @Override
    public Reply answer(Request request) {
        if (forge == Forge.AZURE_REPOS && request.method().equals("GET")) {
            assertThat(request.path()).isEqualTo(ITERATIONS + VERSION);
            return Reply.of(
                    200,
                    "{\"count\":2,\"value\":[{\"id\":1,\"sourceRefCommit\":{\"commitId\":\"" + "1".repeat(40)
                            + "\"}},{\"id\":2,\"sourceRefCommit\":{\"commitId\":\"" + SHA + "\"}}]}");
        }
        assertThat(request.method()).isEqualTo("POST");
        boolean isOfChange = forge == Forge.AZURE_REPOS && request.path().contains("/pullRequests/");
        assertThat(request.path()).isEqualTo(isOfChange ? ITERATIONS + "/2/statuses" + VERSION : api.path());
        assertThat(request.header(api.header())).isEqualTo(api.value());
        assertThat(request.header("Content-Type")).startsWith("application/json");
        JsonNode body = RecordJson.foreignTree(request.body().getBytes(StandardCharsets.UTF_8), 10_000);
        List<String> fields = new ArrayList<>();
        body.fieldNames().forEachRemaining(fields::add);
        assertThat(fields).containsAll(api.required());
        fields.removeAll(api.required());
        assertThat(api.optional()).containsAll(fields);
        String state = body.path("state").asText();
        assertThat(api.states()).contains(state);
        assertThat(body.path("description").asText()).hasSizeBetween(1, 140);
        assertThat(body.path("key").asText()).hasSizeLessThanOrEqualTo(40);
        List<String> before =
                told.computeIfAbsent((isOfChange ? "7/2 " : "") + context(body), any -> new ArrayList<>());
        if (forge == Forge.GITLAB
                && !before.isEmpty()
                && before.get(before.size() - 1).equals(state)) {
            return Reply.of(400, "{\"message\":\"Cannot transition status via :run from :running\"}");
        }
        before.add(state);
        return Reply.of(api.status(), api.status() == 204 ? "" : "{\"id\":1}");
    }

    private static String context(JsonNode body) {
        JsonNode context = body.path("context");
        if (context.isObject()) {
            assertThat(context.path("genre").asText()).isEqualTo("cumulane");
            return context.path("genre").asText() + "/" + context.path("name").asText();
        }
        String name = context.isMissingNode() ? body.path("name").asText() : context.asText();
        assertThat(name).startsWith("cumulane/");
        return name;
    }

    /** The states that were told, by context. */
    public SortedMap<String, List<String>> told() {
        return told;
    }

    /** Whether what was told last is an end. */
    public boolean hasEnded(String context) {
        List<String> states = told.getOrDefault(context, List.of());
        return !states.isEmpty() && api.ends().contains(states.get(states.size() - 1));
    }

    String last(String context) {
        List<String> states = told.get(context);
        return states.get(states.size() - 1);
    }
}
