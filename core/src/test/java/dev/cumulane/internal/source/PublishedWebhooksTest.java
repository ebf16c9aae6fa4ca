// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.source;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cumulane.contracts.PublishedContracts;
import dev.cumulane.run.SourceEvent;
import dev.cumulane.run.TrustLevel;
import dev.cumulane.source.Happening;
import dev.cumulane.source.Repository;
import dev.cumulane.source.WebhookRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Payloads as forges and others published them, signed here as the forge signs. */
@Tag("contracts")
class PublishedWebhooksTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, Sender> FOLDERS = Map.of(
            "github", Sender.GITHUB,
            "gitlab", Sender.GITLAB_SIGNED,
            "bitbucket", Sender.BITBUCKET_CLOUD,
            "bitbucket-server", Sender.BITBUCKET_DATA_CENTER,
            "gitea", Sender.GITEA);

    /** Of GitHub's pull request events, those that neither move a head nor end a change request. */
    private static final Set<String> OTHER_ACTIONS = Set.of(
            "assigned",
            "unassigned",
            "labeled",
            "unlabeled",
            "locked",
            "unlocked",
            "review_requested",
            "review_request_removed",
            "converted_to_draft",
            "milestoned",
            "demilestoned",
            "edited");

    /** What one published file says. */
    private record Published(Sender sender, String event, JsonNode tree, byte[] body) {
        static Published of(String name) {
            Path file = PublishedContracts.file("webhooks/" + name);
            try {
                byte[] body = Files.readAllBytes(file);
                Sender sender = FOLDERS.get(name.substring(0, name.indexOf('/')));
                return new Published(sender, event(sender, name, JSON.readTree(body)), JSON.readTree(body), body);
            } catch (IOException e) {
                throw new AssertionError(name, e);
            }
        }

        /** The files are named for the events, and their bodies may say them again. */
        private static String event(Sender sender, String name, JsonNode tree) {
            return switch (sender) {
                case BITBUCKET_CLOUD -> "repo:push";
                case BITBUCKET_DATA_CENTER -> tree.path("eventKey").asText();
                case GITLAB_SIGNED -> "";
                default -> name.substring(name.indexOf('/') + 1).replaceAll("(-\\d+)?\\.json", "");
            };
        }

        /** The repository that the payload is about, as its owner would configure it. */
        Repository repository() {
            JsonNode repository =
                    tree.has("pullRequest") ? tree.at("/pullRequest/toRef/repository") : tree.path("repository");
            String fullName = switch (sender) {
                case GITLAB_SIGNED -> tree.at("/project/path_with_namespace").asText();
                case BITBUCKET_DATA_CENTER ->
                    repository.at("/project/key").asText() + "/"
                            + repository.path("slug").asText();
                default -> repository.path("full_name").asText();
            };
            return Repository.on(sender.forge(), "published", "https://git.example.com/" + fullName + ".git")
                    .called(fullName)
                    .verifiedBy("hook");
        }

        Reading read() {
            WebhookRequest request = sender.request(event, body);
            Verification verification = Webhooks.verify(repository(), request, sender.secrets(1), Sender.NOW);
            assertThat(verification).isInstanceOf(Verification.Authentic.class);
            assertThat(Webhooks.verify(repository(), request, sender.secrets(2), Sender.NOW))
                    .isInstanceOf(Verification.Refused.class);
            return Webhooks.read(repository(), ((Verification.Authentic) verification).delivery(), body);
        }
    }

    static List<String> files() throws IOException {
        Path folder = PublishedContracts.file("README.md").resolveSibling("webhooks");
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void everyPublishedPayloadIsVerifiedAndReadAsWhatItIs(String name) {
        Published published = Published.of(name);
        Reading reading = published.read();

        switch (name.replaceAll("(-\\d+)?\\.json", "")) {
            case "github/push" -> assertThatItIsAPush(published, reading);
            case "github/pull_request" -> assertThatItIsAChangeRequest(published, reading);
            case "github/issue_comment", "github/ping", "github/create", "github/delete", "github/release" ->
                assertThat(reading).isInstanceOf(Reading.Nothing.class);
            case "gitea/push" ->
                assertThat(head(reading).commit().id())
                        .isEqualTo(published.tree().path("after").asText());
            case "gitlab/merge_request" -> {
                assertThat(head(reading).trust()).isEqualTo(TrustLevel.UNTRUSTED);
                assertThat(head(reading).commit().ref()).isEqualTo("refs/merge-requests/2/head");
                assertThat(head(reading).by()).isEqualTo("samchmou");
            }
            case "bitbucket-server/pr_opened" -> {
                assertThat(head(reading).trust()).isEqualTo(TrustLevel.INTERNAL);
                assertThat(head(reading).commit().id()).isEqualTo("1eb0b0f6e1725c4040f2605e1d58c9f9d2095658");
            }
            case "bitbucket-server/repo_refs_changed" ->
                assertThat(head(reading).commit().ref()).isEqualTo("refs/heads/feature-branch");
            // Whoever published it wrote "hash" for the head's id; what has no commit is kept aside.
            case "bitbucket/push" ->
                assertThat(reading)
                        .isEqualTo(new Reading.Malformed(
                                "not a full commit id (40 or 64 lower-case hexadecimal digits): 'hash'"));
            default -> throw new AssertionError("nobody says what " + name + " is");
        }
    }

    @Test
    void theBitbucketPushIsAPushOnceItsHeadHasAnId() {
        Published published = Published.of("bitbucket/push.json");
        String id = published.tree().at("/push/changes/0/commits/0/hash").asText();
        byte[] whole = new String(published.body(), StandardCharsets.UTF_8)
                .replace("\"hash\": \"hash\"", "\"hash\": \"" + id + "\"")
                .getBytes(StandardCharsets.UTF_8);
        Published mended = new Published(published.sender(), published.event(), published.tree(), whole);

        SourceEvent event = head(mended.read());
        assertThat(event.commit().id()).isEqualTo(id);
        assertThat(event.commit().ref()).isEqualTo("refs/heads/master");
        assertThat(event.by()).isEqualTo("bitbucket fan");
    }

    @Test
    void aPublishedCommentBecomesACommandWhenItIsOnAChangeRequestAndSaysOne() throws IOException {
        Published published = Published.of("github/issue_comment-00.json");
        JsonNode tree = published.tree().deepCopy();
        ((ObjectNode) tree).put("action", "created");
        ((ObjectNode) tree.path("comment")).put("body", "/retest please");
        ((ObjectNode) tree.path("issue")).putObject("pull_request");

        Reading reading =
                new Published(published.sender(), published.event(), tree, JSON.writeValueAsBytes(tree)).read();
        Happening.Commented comment =
                (Happening.Commented) ((Reading.Told) reading).happenings().get(0);
        assertThat(comment.by()).isEqualTo(tree.at("/comment/user/login").asText());
        assertThat(comment.change()).isEqualTo(tree.at("/issue/number").asText());
        assertThat(comment.commands()).containsExactly("/retest please");
    }

    @Test
    void whatIsReadOfAzureReposIsInItsPublishedApi() throws IOException {
        // The file begins with a byte order mark.
        String text = Files.readString(PublishedContracts.file("azure-devops/git.json"))
                .substring(1);
        JsonNode definitions = JSON.readTree(text).path("definitions");
        Map<String, List<String>> read = Map.of(
                "GitPullRequest",
                List.of(
                        "pullRequestId",
                        "status",
                        "createdBy",
                        "title",
                        "targetRefName",
                        "lastMergeSourceCommit",
                        "forkSource",
                        "isDraft",
                        "repository"),
                "GitPush",
                List.of("commits", "refUpdates", "repository"),
                "GitRefUpdate",
                List.of("name", "oldObjectId", "newObjectId"),
                "GitCommitRef",
                List.of("commitId", "comment"),
                "GitRepository",
                List.of("name", "project"),
                "IdentityRef",
                List.of("uniqueName"),
                "Comment",
                List.of("author", "content", "commentType", "isDeleted"));

        read.forEach((type, fields) -> assertThat(
                        definitions.at("/" + type + "/properties").fieldNames())
                .toIterable()
                .as(type)
                .containsAll(fields));
        assertThat(definitions.at("/GitPullRequest/properties/status/enum"))
                .extracting(JsonNode::asText)
                .contains("active", "completed", "abandoned");
    }

    private static void assertThatItIsAPush(Published published, Reading reading) {
        if (published.tree().path("deleted").asBoolean()) {
            assertThat(reading).isInstanceOf(Reading.Nothing.class);
            return;
        }
        assertThat(head(reading).commit().ref())
                .isEqualTo(published.tree().path("ref").asText());
        assertThat(head(reading).commit().id())
                .isEqualTo(published.tree().at("/head_commit/id").asText());
        assertThat(head(reading).by())
                .isEqualTo(published.tree().at("/sender/login").asText());
    }

    private static void assertThatItIsAChangeRequest(Published published, Reading reading) {
        JsonNode request = published.tree().path("pull_request");
        String action = published.tree().path("action").asText();
        if (OTHER_ACTIONS.contains(action)) {
            assertThat(reading).as(action).isInstanceOf(Reading.Nothing.class);
        } else if (action.equals("closed")) {
            Happening.Closed closed =
                    (Happening.Closed) ((Reading.Told) reading).happenings().get(0);
            assertThat(closed.merged()).isEqualTo(request.path("merged").asBoolean());
            assertThat(closed.head().orElseThrow().id())
                    .isEqualTo(request.at("/head/sha").asText());
        } else {
            SourceEvent.ChangeProposed proposed = (SourceEvent.ChangeProposed) head(reading);
            assertThat(proposed.change()).isEqualTo(request.path("number").asText());
            assertThat(proposed.target()).isEqualTo(request.at("/base/ref").asText());
            assertThat(proposed.commit().id()).isEqualTo(request.at("/head/sha").asText());
            boolean fork = !request.at("/head/repo/id").equals(request.at("/base/repo/id"));
            assertThat(proposed.trust()).isEqualTo(fork ? TrustLevel.UNTRUSTED : TrustLevel.INTERNAL);
        }
    }

    private static SourceEvent head(Reading reading) {
        assertThat(reading).isInstanceOf(Reading.Told.class);
        return ((Happening.Head) ((Reading.Told) reading).happenings().get(0)).event();
    }
}
