// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cumulane.contracts.PublishedContracts;
import dev.cumulane.internal.http.Call;
import dev.cumulane.run.Commit;
import dev.cumulane.source.Forge;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What Azure Repos is told is what its published interface describes. */
@Tag("contracts")
final class AzureStatusContractTest {
    private static final String PATH =
            "/{organization}/{project}/_apis/git/repositories/{repositoryId}/commits/{commitId}/statuses";

    private static final String CHANGE = "/{organization}/{project}/_apis/git/repositories/{repositoryId}/pullRequests"
            + "/{pullRequestId}/iterations/{iterationId}/statuses";

    @Test
    void a_status_has_the_published_path_fields_and_states() throws IOException {
        // The file begins with a byte order mark.
        String text = Files.readString(PublishedContracts.file("azure-devops/git.json"))
                .replace("\uFEFF", "");
        JsonNode published = new ObjectMapper().readTree(text);
        JsonNode status = published.path("definitions").path("GitStatus").path("properties");
        ForgeStatuses azure = ForgeStatuses.of(new FakeForge(Forge.AZURE_REPOS).repository("https://dev.azure.com"));
        assertThat(published.path("paths").has(PATH)).isTrue();
        assertThat(published
                        .path("paths")
                        .at("/" + CHANGE.replace("/", "~1") + "/post/parameters/1/schema/$ref")
                        .asText())
                .isEqualTo("#/definitions/GitPullRequestStatus");
        assertThat(names(published
                        .path("definitions")
                        .path("GitPullRequestIteration")
                        .path("properties")))
                .contains("id", "sourceRefCommit");

        for (Standing standing : Standing.values()) {
            Call call = azure.call(new CommitStatus(
                    Commit.commit("https://example.com/shop.git", FakeForge.SHA),
                    "cumulane/shop/unit",
                    standing,
                    "running unit",
                    Optional.of("https://ci.example.com/runs/x"),
                    "shop-0000000000000000"));
            JsonNode body = new ObjectMapper().readTree(call.body());

            assertThat(call.uri().getPath())
                    .isEqualTo(PATH.replace("{organization}", "acme")
                            .replace("{project}", "web")
                            .replace("{repositoryId}", "shop")
                            .replace("{commitId}", FakeForge.SHA));
            assertThat(names(status)).containsAll(names(body));
            assertThat(names(published
                            .path("definitions")
                            .path("GitStatusContext")
                            .path("properties")))
                    .containsAll(names(body.path("context")));
            assertThat(status.path("state").path("enum").toString())
                    .contains(body.path("state").toString());
        }
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        assertThat(names).isNotEmpty();
        return names;
    }
}
