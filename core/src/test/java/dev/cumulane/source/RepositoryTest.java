// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cumulane.run.TrustLevel;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RepositoryTest {
    private static final Repository SHOP = Repository.on(Forge.GITHUB, "shop", "https://github.com/acme/shop.git");

    @ParameterizedTest
    @CsvSource({
        "GITHUB, https://github.com/acme/shop.git, acme/shop, https://api.github.com, https://github.com/acme/shop/pull/7",
        "GITHUB, https://git.example.com/acme/shop, acme/shop, https://git.example.com/api/v3, https://git.example.com/acme/shop/pull/7",
        "GITLAB, https://gitlab.com/acme/web/shop.git, acme/web/shop, https://gitlab.com/api/v4, https://gitlab.com/acme/web/shop/-/merge_requests/7",
        "BITBUCKET_CLOUD, https://bitbucket.org/acme/shop.git, acme/shop, https://api.bitbucket.org/2.0, https://bitbucket.org/acme/shop/pull-requests/7",
        "BITBUCKET_DATA_CENTER, https://git.example.com:7990/git/scm/ac/shop.git, ac/shop, https://git.example.com:7990/git/rest, https://git.example.com:7990/git/projects/ac/repos/shop/pull-requests/7",
        "BITBUCKET_DATA_CENTER, https://git.example.com/scm/~ada/shop.git, ~ada/shop, https://git.example.com/rest, https://git.example.com/users/ada/repos/shop/pull-requests/7",
        "AZURE_REPOS, https://dev.azure.com/acme/Web%20Shop/_git/shop, Web Shop/shop, https://dev.azure.com/acme, https://dev.azure.com/acme/Web%20Shop/_git/shop/pullrequest/7",
        "GITEA, https://git.example.com/tea/acme/shop.git, acme/shop, https://git.example.com/tea/api/v1, https://git.example.com/tea/acme/shop/pulls/7",
        "FORGEJO, https://codeberg.org/acme/shop.git, acme/shop, https://codeberg.org/api/v1, https://codeberg.org/acme/shop/pulls/7",
        "STANDARD_WEBHOOKS, https://git.example.com/acme/shop.git, acme/shop,,",
        "GITHUB, git@github.com:acme/shop.git, acme/shop,,",
        "GITLAB, ssh://git@gitlab.com/acme/web/shop.git, acme/web/shop,,",
        "AZURE_REPOS, git@ssh.dev.azure.com:v3/acme/Web%20Shop/shop, Web Shop/shop,,",
        "GITHUB, /srv/git/shop.git, git/shop,,",
    })
    void nameApiAndPagesFollowFromTheCloneUrl(Forge forge, String url, String name, String api, String page) {
        Repository repository = Repository.on(forge, "shop", url);

        assertThat(repository.fullName()).isEqualTo(name);
        assertThat(repository.api().orElse(null)).isEqualTo(api);
        assertThat(repository.pageOfChange(7).orElse(null)).isEqualTo(page);
        assertThat(repository.url()).isEqualTo(url);
    }

    @Test
    void pagesOfCommitsAreMadeForEachForge() {
        assertThat(SHOP.pageOf("4f1c")).contains("https://github.com/acme/shop/commit/4f1c");
        assertThat(on(Forge.GITLAB, "https://gitlab.com/acme/shop.git").pageOf("4f1c"))
                .contains("https://gitlab.com/acme/shop/-/commit/4f1c");
        assertThat(on(Forge.BITBUCKET_CLOUD, "https://bitbucket.org/acme/shop.git")
                        .pageOf("4f1c"))
                .contains("https://bitbucket.org/acme/shop/commits/4f1c");
        assertThat(on(Forge.BITBUCKET_DATA_CENTER, "https://git.example.com/scm/ac/shop.git")
                        .pageOf("4f1c"))
                .contains("https://git.example.com/projects/ac/repos/shop/commits/4f1c");
        assertThat(on(Forge.BITBUCKET_DATA_CENTER, "https://git.example.com/other/shop.git")
                        .pageOf("4f1c"))
                .isEmpty();
    }

    @Test
    void whatDoesNotFollowFromTheCloneUrlCanBeSaid() {
        Repository local = on(Forge.GITHUB, "/srv/shop.git").called("acme/shop").api("http://127.0.0.1:8123");

        assertThat(local.fullName()).isEqualTo("acme/shop");
        assertThat(local.api()).contains("http://127.0.0.1:8123");
        assertThat(local.pageOf("4f1c")).isEmpty();
    }

    @Test
    void aUserInTheCloneUrlIsNoPartOfAPage() {
        assertThat(on(Forge.AZURE_REPOS, "https://acme@dev.azure.com/acme/web/_git/shop")
                        .pageOf("4f1c"))
                .contains("https://dev.azure.com/acme/web/_git/shop/commit/4f1c");
    }

    @Test
    void onlyProtectedBranchesAndTagsAreTrusted() {
        assertThat(SHOP.trustIn("refs/heads/main")).isEqualTo(TrustLevel.TRUSTED);
        assertThat(SHOP.trustIn("refs/heads/mainly")).isEqualTo(TrustLevel.INTERNAL);
        assertThat(SHOP.trustIn("refs/tags/main")).isEqualTo(TrustLevel.INTERNAL);

        Repository other = SHOP.protecting("release/*").protectingTags("v*");
        assertThat(other.trustIn("refs/heads/main")).isEqualTo(TrustLevel.INTERNAL);
        assertThat(other.trustIn("refs/heads/release/7")).isEqualTo(TrustLevel.TRUSTED);
        assertThat(other.trustIn("refs/heads/my/release/7")).isEqualTo(TrustLevel.INTERNAL);
        assertThat(other.trustIn("refs/tags/v1.2")).isEqualTo(TrustLevel.TRUSTED);
    }

    @Test
    void aStarDoesNotCrossASlashAsItDoesNotInTheForgesOwnRules() {
        Repository one = SHOP.protecting("release/*").protectingTags("v*");
        assertThat(one.trustIn("refs/heads/release/a/b")).isEqualTo(TrustLevel.INTERNAL);
        assertThat(one.trustIn("refs/tags/v/x")).isEqualTo(TrustLevel.INTERNAL);

        Repository two = SHOP.protecting("release/**").protectingTags("v**");
        assertThat(two.trustIn("refs/heads/release/a/b")).isEqualTo(TrustLevel.TRUSTED);
        assertThat(two.trustIn("refs/tags/v/x")).isEqualTo(TrustLevel.TRUSTED);
    }

    @Test
    void everySettingGivesAnotherValue() {
        Repository all = SHOP.verifiedBy("new-hook", "old-hook").token("token").forks(Forks.AFTER_APPROVAL);

        assertThat(all.secrets()).containsExactly("new-hook", "old-hook");
        assertThat(all.credential()).contains(new Credential.Token("token"));
        assertThat(all.forks()).isEqualTo(Forks.AFTER_APPROVAL);
        assertThat(all.name()).isEqualTo("shop");
        assertThat(all.forge()).isEqualTo(Forge.GITHUB);
        assertThat(all.toString()).doesNotContain("hook", "token");
        assertThat(SHOP.secrets()).isEmpty();
        assertThat(SHOP.credential()).isEmpty();
        assertThat(SHOP.forks()).isEqualTo(Forks.NEVER);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--upload-pack=x",
                "https://",
                "https://github.com/acme/shop.git?x=1",
                "https://git hub.com/a/b",
                "https://ada:hunter2@example.com/acme/shop.git",
                "https://ada:hunter2@exam_ple.com/acme/shop.git?x=1",
                "a\nb"
            })
    void whatIsNoCloneUrlIsRefusedWithoutShowingAPassword(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> on(Forge.GITHUB, url))
                .satisfies(refusal -> assertThat(refusal.getMessage()).doesNotContain("hunter2", "\n"));
    }

    @Test
    void mistakesAreNamedWithWhatIsRight() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Repository.on(Forge.GITHUB, "Shop", "https://github.com/acme/shop.git"))
                .withMessageContaining("'Shop'")
                .withMessageContaining("such as 'shop'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SHOP.verifiedBy("a", "b", "c"))
                .withMessageContaining("1 or 2");
        assertThatIllegalArgumentException().isThrownBy(() -> SHOP.verifiedBy());
        assertThatIllegalArgumentException().isThrownBy(() -> SHOP.verifiedBy("a", "a"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SHOP.called("shop"))
                .withMessageContaining("'acme/shop'");
        assertThatIllegalArgumentException().isThrownBy(() -> SHOP.api("ftp://example.com"));
        assertThatIllegalArgumentException().isThrownBy(() -> SHOP.api("https://example.com/"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SHOP.protecting("refs/heads/main"))
                .withMessageContaining("'main'");
        assertThatIllegalArgumentException().isThrownBy(() -> new Credential.Token(" "));
        assertThatIllegalArgumentException().isThrownBy(() -> new Credential.Login("ada:x", "token"));
        assertThatIllegalArgumentException().isThrownBy(() -> new Credential.GitHubApp(0, 1, "key"));
    }

    @Test
    void headersAreFoundInAnyCaseAndTheirValuesStayTogether() {
        WebhookRequest request = WebhookRequest.of(
                "POST",
                "shop\u001b",
                Map.of("X-Event", List.of("a"), "x-EVENT", List.of("b"), "Other", List.of("secret")),
                new byte[3]);

        assertThat(request.header("X-EVENT")).containsExactlyInAnyOrder("a", "b");
        assertThat(request.header("absent")).isEmpty();
        assertThat(request.toString()).isEqualTo("a request to hook 'shop?' of 3 bytes");
    }

    @Test
    void aForgeCannotBeForgotten() {
        assertThat(Stream.of(Forge.values()).map(forge -> on(forge, "https://git.example.com/acme/shop.git")))
                .allSatisfy(repository -> assertThat(repository.fullName()).isEqualTo("acme/shop"));
    }

    private static Repository on(Forge forge, String url) {
        return Repository.on(forge, "shop", url);
    }
}
