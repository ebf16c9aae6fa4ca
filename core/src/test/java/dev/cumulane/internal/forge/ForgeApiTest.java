// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.forge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.internal.http.Answer;
import dev.cumulane.internal.http.Call;
import dev.cumulane.internal.http.CallException;
import dev.cumulane.internal.http.Caller;
import dev.cumulane.run.SourceEvent;
import dev.cumulane.run.TrustLevel;
import dev.cumulane.source.Forge;
import dev.cumulane.source.Repositories;
import dev.cumulane.source.Repository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What each forge is asked, and what its answers mean; the answers are of the form that its documentation publishes. */
class ForgeApiTest {
    private static final String ID = "4f1c2ab0".repeat(5);

    @Test
    void gitea_has_names_and_pages_of_its_own() {
        ForgeApi api = api(
                Forge.GITEA,
                "https://git.example.com/acme/shop.git",
                Map.of(
                        "https://git.example.com/api/v1/repos/acme/shop/branches?limit=50&page=1",
                        "[{\"name\":\"main\",\"commit\":{\"id\":\"" + ID
                                + "\"}},{\"name\":\"bad name\",\"commit\":{\"id\":\"x\"}}]",
                        "https://git.example.com/api/v1/repos/acme/shop/collaborators/ada/permission",
                        "{\"permission\":\"owner\"}"));

        assertThat(api.heads()).singleElement().satisfies(head -> isHead(head, "refs/heads/main", TrustLevel.TRUSTED));
        assertThat(api.mayWrite("ada")).isTrue();
        assertThat(api.mayWrite("eve")).isFalse();
        assertThat(api.mayWrite("../../../user")).isFalse();
    }

    @Test
    void gitlab_names_a_project_by_its_whole_path_and_members_by_number() {
        String home = "https://gitlab.com/api/v4/projects/group%2Fsub%2Fshop";
        ForgeApi api = api(
                Forge.GITLAB,
                "https://gitlab.com/group/sub/shop.git",
                Map.of(
                        home + "/repository/branches?per_page=100&page=1",
                        "[{\"name\":\"topic\",\"commit\":{\"id\":\"" + ID + "\"}}]",
                        home + "/merge_requests?state=opened&per_page=100&page=1",
                        "[" + mergeRequest(7, 1, 1) + "," + mergeRequest(8, 2, 1) + "]",
                        home + "/merge_requests/8",
                        mergeRequest(8, 2, 1),
                        home + "/merge_requests/9",
                        mergeRequest(9, 1, 1).replace("opened", "merged"),
                        "https://gitlab.com/api/v4/users?username=ada",
                        "[{\"id\":5,\"username\":\"ada\"}]",
                        "https://gitlab.com/api/v4/users?username=eve",
                        "[{\"id\":6,\"username\":\"eve\"}]",
                        home + "/members/all/5",
                        "{\"id\":5,\"access_level\":30}",
                        home + "/members/all/6",
                        "{\"id\":6,\"access_level\":20}",
                        "https://gitlab.com/api/v4/users?username=nobody",
                        "[]"));

        assertThat(api.heads())
                .singleElement()
                .satisfies(head -> isHead(head, "refs/heads/topic", TrustLevel.INTERNAL));
        assertThat(api.openChanges())
                .extracting(SourceEvent::trust)
                .containsExactly(TrustLevel.INTERNAL, TrustLevel.UNTRUSTED);
        isChange(api.change("8"), "refs/merge-requests/8/head", "8", TrustLevel.UNTRUSTED);
        assertThat(api.change("9")).isEmpty();
        assertThat(api.change("10")).isEmpty();
        assertThat(api.mayWrite("ada")).isTrue();
        assertThat(api.mayWrite("eve")).isFalse();
        assertThat(api.mayWrite("nobody")).isFalse();
    }

    @Test
    void bitbucket_shortens_commits_and_holds_none_of_forks() {
        String home = "https://api.bitbucket.org/2.0/repositories/acme/shop";
        ForgeApi api = api(
                Forge.BITBUCKET_CLOUD,
                "https://bitbucket.org/acme/shop.git",
                Map.of(
                        home + "/refs/branches?pagelen=50&page=1",
                        "{\"values\":[{\"name\":\"main\",\"target\":{\"hash\":\"" + ID + "\"}}]}",
                        home + "/pullrequests?state=OPEN&pagelen=50&page=1",
                        "{\"values\":[" + pullRequest(7, "acme/shop") + "," + pullRequest(8, "eve/shop") + "]}",
                        home + "/pullrequests/7",
                        pullRequest(7, "acme/shop"),
                        home + "/commit/4f1c2ab04f1c",
                        "{\"hash\":\"" + ID + "\"}",
                        "https://api.bitbucket.org/2.0/workspaces/acme/permissions/repositories/shop?q=user.account_id%3D%225%3Aada%22",
                        "{\"values\":[{\"permission\":\"write\",\"user\":{\"account_id\":\"5:ada\"}}]}"));

        assertThat(api.heads()).singleElement().satisfies(head -> isHead(head, "refs/heads/main", TrustLevel.TRUSTED));
        assertThat(api.openChanges()).hasSize(1);
        isChange(api.change("7"), "refs/heads/topic", "7", TrustLevel.INTERNAL);
        assertThat(api.mayWrite("5:ada")).isTrue();
        assertThat(api.mayWrite("\" or true")).isFalse();
    }

    @Test
    void azure_repos_names_refs_in_full_and_lets_nobody_command() {
        String home = "https://dev.azure.com/acme/web/_apis/git/repositories/shop";
        String request =
                "{\"pullRequestId\":7,\"status\":\"active\",\"targetRefName\":\"refs/heads/main\",\"createdBy\":"
                        + "{\"uniqueName\":\"ada@example.com\"},\"lastMergeSourceCommit\":{\"commitId\":\"" + ID
                        + "\"}}";
        ForgeApi api = api(
                Forge.AZURE_REPOS,
                "https://dev.azure.com/acme/web/_git/shop",
                Map.of(
                        home + "/refs?filter=heads%2F&api-version=7.1",
                        "{\"value\":[{\"name\":\"refs/heads/main\",\"objectId\":\"" + ID + "\"}]}",
                        home + "/pullrequests?searchCriteria.status=active&%24top=100&%24skip=0&api-version=7.1",
                        "{\"value\":[" + request + "]}",
                        home + "/pullrequests/7?api-version=7.1",
                        request));

        assertThat(api.heads()).singleElement().satisfies(head -> isHead(head, "refs/heads/main", TrustLevel.TRUSTED));
        assertThat(api.openChanges()).hasSize(1);
        isChange(api.change("7"), "refs/pull/7/merge", "7", TrustLevel.INTERNAL);
        assertThat(api.mayWrite("ada@example.com")).isFalse();
    }

    @Test
    void bitbucket_data_center_names_refs_in_full_and_asks_who_may_write_by_all_ways() {
        String home = "https://git.example.com/rest/api/latest/projects/web/repos/shop";
        String writers = "https://git.example.com/rest/api/latest/users?filter=%s&permission.1=REPO_WRITE"
                + "&permission.1.projectKey=web&permission.1.repositorySlug=shop&limit=100&start=0";
        ForgeApi api = api(
                Forge.BITBUCKET_DATA_CENTER,
                "https://git.example.com/scm/web/shop.git",
                Map.of(
                        home + "/branches?limit=100&start=0",
                        "{\"values\":[{\"id\":\"refs/heads/main\",\"latestCommit\":\"" + ID + "\"}]}",
                        home + "/tags?limit=100&start=0",
                        "{\"values\":[{\"id\":\"refs/tags/v1\",\"latestCommit\":\"" + "1".repeat(40) + "\",\"hash\":\""
                                + ID + "\"},{\"id\":\"refs/tags/v2\",\"latestCommit\":\"" + ID + "\",\"hash\":null}]}",
                        home + "/pull-requests?state=OPEN&limit=100&start=0",
                        "{\"values\":[" + request(7, 1) + "," + request(8, 2) + "]}",
                        home + "/pull-requests/8",
                        request(8, 2),
                        home + "/pull-requests/9",
                        request(9, 1).replace("OPEN", "MERGED"),
                        writers.formatted("ada"),
                        "{\"values\":[{\"name\":\"ada\",\"active\":true},{\"name\":\"adam\",\"active\":true}]}",
                        writers.formatted("ad"),
                        "{\"values\":[{\"name\":\"ada\",\"active\":true}]}",
                        writers.formatted("eve"),
                        "{\"values\":[{\"name\":\"eve\",\"active\":false}]}"));

        assertThat(api.heads()).singleElement().satisfies(head -> isHead(head, "refs/heads/main", TrustLevel.TRUSTED));
        assertThat(api.tags()).extracting(tag -> tag.commit().ref()).containsExactly("refs/tags/v1", "refs/tags/v2");
        assertThat(api.tags()).allSatisfy(tag -> assertThat(tag.commit().id()).isEqualTo(ID));
        assertThat(api.openChanges())
                .extracting(SourceEvent::trust)
                .containsExactly(TrustLevel.INTERNAL, TrustLevel.UNTRUSTED);
        isChange(api.change("8"), "refs/pull-requests/8/from", "8", TrustLevel.UNTRUSTED);
        assertThat(api.change("9")).isEmpty();
        assertThat(api.mayWrite("ada")).isTrue();
        assertThat(api.mayWrite("ad")).isFalse();
        assertThat(api.mayWrite("eve")).isFalse();
    }

    @Test
    void tags_are_told_by_each_forge_in_its_own_words() {
        String gitLab = "https://gitlab.com/api/v4/projects/acme%2Fshop/repository/tags?per_page=100&page=1";
        String bitbucket = "https://api.bitbucket.org/2.0/repositories/acme/shop/refs/tags?pagelen=50&page=1";
        String azure = "https://dev.azure.com/acme/web/_apis/git/repositories/shop/refs?filter=tags%2F&api-version=7.1";
        Map<Forge, ForgeApi> apis = Map.of(
                Forge.GITHUB,
                api(
                        Forge.GITHUB,
                        "https://github.com/acme/shop.git",
                        Map.of(
                                "https://api.github.com/repos/acme/shop/tags?per_page=100&page=1",
                                "[{\"name\":\"v1\",\"commit\":{\"sha\":\"" + ID + "\"}}]")),
                Forge.GITLAB,
                api(
                        Forge.GITLAB,
                        "https://gitlab.com/acme/shop.git",
                        Map.of(gitLab, "[{\"name\":\"v1\",\"target\":\"x\",\"commit\":{\"id\":\"" + ID + "\"}}]")),
                Forge.BITBUCKET_CLOUD,
                api(
                        Forge.BITBUCKET_CLOUD,
                        "https://bitbucket.org/acme/shop.git",
                        Map.of(bitbucket, "{\"values\":[{\"name\":\"v1\",\"target\":{\"hash\":\"" + ID + "\"}}]}")),
                Forge.AZURE_REPOS,
                api(
                        Forge.AZURE_REPOS,
                        "https://dev.azure.com/acme/web/_git/shop",
                        Map.of(azure, "{\"value\":[{\"name\":\"refs/tags/v1\",\"objectId\":\"" + ID + "\"}]}")));

        apis.forEach((forge, api) -> assertThat(api.tags())
                .as("%s", forge)
                .singleElement()
                .satisfies(tag -> isHead(tag, "refs/tags/v1", TrustLevel.INTERNAL)));
    }

    @Test
    void git_tells_what_an_annotated_tag_names_where_webhooks_do_and_the_tag_itself_where_they_do_not(
            @TempDir Path folder) throws Exception {
        Repositories.git(folder, "init", "--quiet", "--initial-branch=main");
        Repositories.git(folder, "commit", "--quiet", "--allow-empty", "--message", "One");
        Repositories.git(folder, "tag", "light");
        Repositories.git(folder, "tag", "--annotate", "--message", "Two", "whole");
        String commit = Repositories.git(folder, "rev-parse", "HEAD");
        String tag = Repositories.git(folder, "rev-parse", "whole");

        assertThat(byGit(Forge.GITHUB, folder)).isEqualTo(Map.of("refs/tags/light", commit, "refs/tags/whole", commit));
        assertThat(byGit(Forge.BITBUCKET_DATA_CENTER, folder))
                .isEqualTo(Map.of("refs/tags/light", commit, "refs/tags/whole", tag));
    }

    @Test
    void a_list_that_takes_more_than_a_minute_is_asked_for_again_later() {
        AtomicLong nanos = new AtomicLong();
        String page = "[" + "{\"name\":\"b\",\"commit\":{\"sha\":\"x\"}},".repeat(99) + "{}]";
        Caller slow = call -> {
            nanos.addAndGet(TimeUnit.SECONDS.toNanos(14));
            return new Answer(200, Collections.emptySortedMap(), page.getBytes(StandardCharsets.UTF_8));
        };
        Repository repository = Repository.on(Forge.GITHUB, "shop", "https://github.com/acme/shop.git")
                .token("robot");

        assertThatThrownBy(() ->
                        HubApi.gitHub(new Asking(repository, slow, nanos::get)).heads())
                .isInstanceOfSatisfying(
                        CloudException.class, e -> assertThat(e.retryable()).isTrue())
                .hasMessageContaining("more than 60 s");
        assertThat(TimeUnit.NANOSECONDS.toSeconds(nanos.get())).isEqualTo(70);
    }

    @Test
    void a_page_that_strangers_made_too_large_is_read_in_parts_without_the_entry_that_is() {
        List<String> requests = IntStream.rangeClosed(1, 123)
                .mapToObj(i -> mergeRequest(i, 2, 1))
                .collect(Collectors.toList());
        String description = "x".repeat(1_100_000);
        requests.set(99, requests.get(99).replaceFirst("^.", "{\"description\":\"" + description + "\","));
        Set<Integer> large = Set.of(7, 119);
        Pattern asked = Pattern.compile(".*per_page=(\\d+)&page=(\\d+)");
        Caller caller = call -> {
            Matcher page = asked.matcher(call.uri().toString());
            assertThat(page.matches()).isTrue();
            int size = Integer.parseInt(page.group(1));
            int from = Math.min(requests.size(), (Integer.parseInt(page.group(2)) - 1) * size);
            int to = Math.min(requests.size(), from + size);
            if (IntStream.range(from, to).anyMatch(i -> large.contains(i + 1))) {
                throw CallException.tooLarge("its answer is too large", new IOException());
            }
            String body = "[" + String.join(",", requests.subList(from, to)) + "]";
            return new Answer(200, Collections.emptySortedMap(), body.getBytes(StandardCharsets.UTF_8));
        };
        Repository repository = Repository.on(Forge.GITLAB, "shop", "https://gitlab.com/acme/shop.git")
                .token("robot");

        List<SourceEvent.ChangeProposed> changes =
                ForgeApi.of(repository, caller, false).orElseThrow().openChanges();

        assertThat(changes)
                .extracting(change -> Integer.parseInt(change.change()))
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 123)
                        .filter(i -> !large.contains(i))
                        .boxed()
                        .toList());
    }

    private static Map<String, String> byGit(Forge forge, Path folder) {
        ForgeApi api = new GitRemote(Repository.on(forge, "shop", folder.toString()));
        return api.tags().stream()
                .collect(Collectors.toMap(
                        tag -> tag.commit().ref(), tag -> tag.commit().id()));
    }

    private static String request(int number, int from) {
        return "{\"id\":" + number + ",\"state\":\"OPEN\",\"author\":{\"user\":{\"name\":\"eve\"}},\"fromRef\":{\"id\":"
                + "\"refs/heads/topic\",\"latestCommit\":\"" + ID + "\",\"repository\":{\"id\":" + from
                + "}},\"toRef\":{\"id\":\"refs/heads/main\",\"repository\":{\"id\":1}}}";
    }

    @Test
    void a_failure_that_passes_is_told_from_one_that_does_not() {
        for (int status : new int[] {429, 500, 502, 200}) {
            assertThatThrownBy(() -> failing(status).heads())
                    .isInstanceOfSatisfying(
                            CloudException.class, e -> assertThat(e.retryable()).isTrue());
        }
        for (int status : new int[] {301, 401, 403, 404}) {
            assertThatThrownBy(() -> failing(status).heads())
                    .isInstanceOfSatisfying(
                            CloudException.class, e -> assertThat(e.retryable()).isFalse());
        }
    }

    @Test
    void without_a_credential_git_is_asked_if_it_may_be() {
        Repository repository = Repository.on(Forge.GITHUB, "shop", "https://github.com/acme/shop.git");
        Caller nobody = call -> {
            throw new AssertionError("nobody is called: " + call);
        };

        assertThat(ForgeApi.of(repository, nobody, false)).isEmpty();
        assertThat(ForgeApi.of(repository, nobody, true)).containsInstanceOf(GitRemote.class);
        assertThat(ForgeApi.of(
                        Repository.on(Forge.STANDARD_WEBHOOKS, "shop", "https://git.example.com/web/shop.git")
                                .token("robot"),
                        nobody,
                        true))
                .containsInstanceOf(GitRemote.class);
    }

    private static ForgeApi failing(int status) {
        Repository repository = Repository.on(Forge.GITHUB, "shop", "https://github.com/acme/shop.git")
                .token("robot");
        Caller caller = call -> new Answer(status, Collections.emptySortedMap(), new byte[0]);
        return ForgeApi.of(repository, caller, false).orElseThrow();
    }

    private static String mergeRequest(int number, int from, int to) {
        return "{\"iid\":" + number + ",\"state\":\"opened\",\"sha\":\"" + ID
                + "\",\"target_branch\":\"main\",\"author\":" + "{\"username\":\"eve\"},\"source_project_id\":" + from
                + ",\"target_project_id\":" + to + "}";
    }

    private static String pullRequest(int number, String from) {
        return "{\"id\":" + number
                + ",\"state\":\"OPEN\",\"author\":{\"nickname\":\"eve\"},\"source\":{\"branch\":{\"name\":\"topic\"},"
                + "\"commit\":{\"hash\":\"4f1c2ab04f1c\"},\"repository\":{\"full_name\":\"" + from + "\"}},"
                + "\"destination\":{\"branch\":{\"name\":\"main\"},\"repository\":{\"full_name\":\"acme/shop\"}}}";
    }

    private static void isHead(SourceEvent head, String ref, TrustLevel trust) {
        assertThat(head.commit().ref()).isEqualTo(ref);
        assertThat(head.commit().id()).isEqualTo(ID);
        assertThat(head.trust()).isEqualTo(trust);
    }

    private static void isChange(
            Optional<SourceEvent.ChangeProposed> change, String ref, String number, TrustLevel trust) {
        assertThat(change).hasValueSatisfying(found -> {
            assertThat(found.commit().ref()).isEqualTo(ref);
            assertThat(found.commit().id()).isEqualTo(ID);
            assertThat(found.target()).isEqualTo("main");
            assertThat(found.change()).isEqualTo(number);
            assertThat(found.trust()).isEqualTo(trust);
        });
    }

    /** An API that knows these addresses and no other. */
    private static ForgeApi api(Forge forge, String url, Map<String, String> answers) {
        Map<String, String> known = new TreeMap<>(answers);
        Caller caller = (Call call) -> {
            assertThat(call.method()).isEqualTo("GET");
            String body = known.get(call.uri().toString());
            return body == null
                    ? new Answer(404, Collections.emptySortedMap(), new byte[0])
                    : new Answer(200, Collections.emptySortedMap(), body.getBytes(StandardCharsets.UTF_8));
        };
        return ForgeApi.of(Repository.on(forge, "shop", url).token("robot"), caller, false)
                .orElseThrow();
    }
}
