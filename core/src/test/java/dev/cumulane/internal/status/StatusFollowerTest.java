// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.status;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cumulane.internal.forge.ForgeAccess;
import dev.cumulane.internal.http.Answer;
import dev.cumulane.internal.http.FakeService;
import dev.cumulane.internal.http.FakeService.Mishap;
import dev.cumulane.internal.shell.EngineCore;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.Work;
import dev.cumulane.run.Commit;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.RunId;
import dev.cumulane.run.SourceEvent;
import dev.cumulane.run.TrustLevel;
import dev.cumulane.source.Forge;
import dev.cumulane.source.Repository;
import dev.cumulane.source.Statuses;
import dev.cumulane.testing.SimulatedCloud;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Forges learn how runs end. */
final class StatusFollowerTest {
    private static final SourceEvent PUSH = new SourceEvent.Pushed(
            new Commit("https://example.com/acme/shop.git", "refs/heads/main", FakeForge.SHA),
            "ada",
            TrustLevel.TRUSTED);

    private final Pipeline pipeline = Pipeline.define("shop", p -> {
        var build = p.build("build", Work.container("alpine:3").runs("make").writes("jar", "shop.jar"));
        p.test("unit", Work.container("alpine:3").reads(build.artifact("jar")).runs("make test"));
    });
    private final SimulatedCloud cloud = SimulatedCloud.of(pipeline);
    private FakeForge forge = new FakeForge(Forge.GITHUB);
    private FakeService service = new FakeService(request -> forge.answer(request));

    @AfterEach
    void close() {
        service.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"GITHUB", "GITLAB", "BITBUCKET_CLOUD", "BITBUCKET_DATA_CENTER", "AZURE_REPOS", "GITEA"})
    void each_forge_hears_in_its_own_words_how_a_run_goes_and_ends(Forge kind) {
        forge = new FakeForge(kind);
        EngineCore engine = open(Statuses.STAGES);

        RunId run = engine.start("shop", PUSH);
        cloud.advance(ofHours(1));

        assertThat(engine.find(run).orElseThrow().outcome()).hasValue(Outcome.SUCCESS);
        assertThat(engine.find(run).orElseThrow().untold()).isEmpty();
        assertThat(service.violations()).isEmpty();
        assertThat(forge.told()).containsOnlyKeys("cumulane/shop", "cumulane/shop/build", "cumulane/shop/unit");
        assertThat(forge.told().keySet()).allMatch(forge::hasEnded);
        assertThat(forge.told().get("cumulane/shop")).hasSizeGreaterThan(1);
    }

    @ParameterizedTest
    @EnumSource(names = {"GITHUB", "GITLAB", "BITBUCKET_CLOUD", "BITBUCKET_DATA_CENTER", "AZURE_REPOS", "GITEA"})
    void each_forge_hears_of_a_failure_through_all_mishaps(Forge kind) {
        forge = new FakeForge(kind);
        cloud.stage("build").fails("boom");
        EngineCore engine = open(Statuses.STAGES);
        service.next(Mishap.UNANSWERED, Mishap.THROTTLED, Mishap.DOWN, Mishap.NONE, Mishap.UNANSWERED, Mishap.DOWN);

        RunId run = engine.start("shop", PUSH);
        cloud.advance(ofHours(1));

        assertThat(engine.find(run).orElseThrow().outcome()).hasValue(Outcome.FAILURE);
        assertThat(engine.find(run).orElseThrow().untold()).isEmpty();
        assertThat(service.violations()).isEmpty();
        assertThat(forge.told().keySet()).allMatch(forge::hasEnded);
        assertThat(List.of("failure", "failed", "FAILED")).contains(forge.last("cumulane/shop"));
    }

    @Test
    void azure_repos_hears_of_a_change_request_in_the_iteration_of_its_commit() {
        forge = new FakeForge(Forge.AZURE_REPOS);
        SourceEvent change = new SourceEvent.ChangeProposed(
                new Commit("https://example.com/acme/shop.git", "refs/pull/7/merge", FakeForge.SHA),
                "main",
                "7",
                "ada",
                TrustLevel.INTERNAL);
        EngineCore engine = open(Statuses.RUN);
        service.next(Mishap.NONE, Mishap.UNANSWERED, Mishap.DOWN);

        RunId run = engine.start("shop", change);
        cloud.advance(ofHours(1));

        assertThat(engine.find(run).orElseThrow().untold()).isEmpty();
        assertThat(service.violations()).isEmpty();
        assertThat(forge.told()).containsOnlyKeys("cumulane/shop", "7/2 cumulane/shop");
        assertThat(forge.told().keySet()).allMatch(forge::hasEnded);
    }

    @Test
    void azure_repos_is_not_told_of_a_commit_that_is_no_head_of_the_change_request() {
        ForgeStatuses azure =
                ForgeStatuses.of(new FakeForge(Forge.AZURE_REPOS).repository("https://forge.example.com"));
        CommitStatus status = new CommitStatus(
                PUSH.commit().at("refs/pull/7/merge"),
                "cumulane/shop",
                Standing.SUCCESS,
                "x",
                Optional.empty(),
                "shop-0000000000000000");
        for (String body :
                List.of("{\"value\":[{\"id\":1,\"sourceRefCommit\":{\"commitId\":\"x\"}}]}", "{}", "no JSON")) {
            Answer answer = new Answer(200, Collections.emptySortedMap(), body.getBytes(StandardCharsets.UTF_8));
            assertThat(azure.call(status, answer)).as(body).isEmpty();
        }
    }

    @Test
    void what_was_told_is_not_told_again() {
        EngineCore engine = open(Statuses.RUN);
        engine.start("shop", PUSH);
        cloud.advance(ofHours(1));
        int requests = service.requests();

        cloud.advance(ofHours(5));

        assertThat(requests).isBetween(2, 6);
        assertThat(service.requests()).isEqualTo(requests);
    }

    @Test
    void a_run_that_was_repeated_leaves_the_word_to_its_repetition() {
        cloud.stage("build").fails("boom");
        EngineCore engine = open(Statuses.RUN);
        service.next(Mishap.NONE);
        RunId run = engine.start("shop", PUSH);
        // The forge is down from before the run's end until after that of its repetition.
        for (int i = 0; i < 12; i++) {
            service.next(Mishap.DOWN);
        }
        cloud.advance(ofMinutes(3));
        assertThat(engine.find(run).orElseThrow().outcome()).hasValue(Outcome.FAILURE);
        assertThat(engine.find(run).orElseThrow().untold()).isNotEmpty();
        cloud.stage("build").succeeds();

        engine.rerun(run, "ada");
        cloud.advance(ofHours(3));

        assertThat(forge.last("cumulane/shop")).isEqualTo("success");
        assertThat(forge.told().get("cumulane/shop")).doesNotContain("failure");
        assertThat(engine.find(run).orElseThrow().untold()).isEmpty();
    }

    @Test
    void a_refusal_shows_in_the_run_without_the_credential() {
        cloud.addSecret("shop-token", "wrong-canary");
        EngineCore engine = open(Statuses.RUN);

        RunId run = engine.start("shop", PUSH);
        cloud.advance(ofMinutes(10));

        assertThat(engine.find(run).orElseThrow().outcome()).hasValue(Outcome.SUCCESS);
        assertThat(engine.find(run).orElseThrow().untold()).singleElement().satisfies(untold -> {
            assertThat(untold.follower()).isEqualTo("status/shop");
            assertThat(untold.why()).contains("GITHUB answered 422").doesNotContain("canary");
        });
    }

    @Test
    void runs_of_other_repositories_are_none_of_its_business() {
        EngineCore engine = open(Statuses.RUN);

        engine.start(
                "shop",
                new SourceEvent.Pushed(
                        new Commit("https://example.com/acme/other.git", "refs/heads/main", FakeForge.SHA),
                        "ada",
                        TrustLevel.TRUSTED));
        cloud.advance(ofHours(1));

        assertThat(service.requests()).isZero();
    }

    @Test
    void every_standing_has_a_word_on_every_forge() {
        Map<Forge, List<String>> expected = Map.of(
                Forge.GITHUB,
                List.of("pending", "pending", "success", "failure", "error", "error", "error", "success"),
                Forge.GITLAB,
                List.of("pending", "running", "success", "failed", "failed", "failed", "canceled", "success"),
                Forge.BITBUCKET_CLOUD,
                List.of(
                        "INPROGRESS",
                        "INPROGRESS",
                        "SUCCESSFUL",
                        "FAILED",
                        "FAILED",
                        "FAILED",
                        "STOPPED",
                        "SUCCESSFUL"),
                Forge.BITBUCKET_DATA_CENTER,
                List.of(
                        "INPROGRESS",
                        "INPROGRESS",
                        "SUCCESSFUL",
                        "FAILED",
                        "FAILED",
                        "FAILED",
                        "CANCELLED",
                        "SUCCESSFUL"),
                Forge.AZURE_REPOS,
                List.of("pending", "pending", "succeeded", "failed", "error", "error", "error", "notApplicable"),
                Forge.GITEA,
                List.of("pending", "pending", "success", "failure", "error", "error", "error", "skipped"));

        expected.forEach((kind, words) -> {
            ForgeStatuses statuses = ForgeStatuses.of(new FakeForge(kind).repository("https://forge.example.com"));
            for (Standing standing : Standing.values()) {
                CommitStatus status = new CommitStatus(
                        PUSH.commit(), "cumulane/shop", standing, "x", Optional.empty(), "shop-0000000000000000");
                assertThat(statuses.call(status).text())
                        .as("%s on %s", standing, kind)
                        .contains("\"state\":\"" + words.get(standing.ordinal()) + "\"");
            }
        });
    }

    @Test
    void long_names_and_hostile_refs_stay_within_the_limits() {
        ForgeStatuses cloudStatuses =
                ForgeStatuses.of(new FakeForge(Forge.BITBUCKET_CLOUD).repository("https://forge.example.com"));
        CommitStatus status = new CommitStatus(
                PUSH.commit().at("refs/heads/a\"},\"state\":\"SUCCESSFUL"),
                "cumulane/" + "p".repeat(60),
                Standing.FAILURE,
                "d".repeat(500),
                Optional.empty(),
                "shop-0000000000000000");

        String body = cloudStatuses.call(status).text();

        assertThat(body).contains("\"state\":\"FAILED\"").contains("a\\\"},\\\"state");
        assertThat(body).contains("\"key\":\"cumulane/pppppppppppppppppp-").contains("\"" + "d".repeat(137) + "...\"");
    }

    @Test
    void what_has_no_statuses_is_refused_when_it_is_configured() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ForgeStatuses.of(
                        Repository.on(Forge.STANDARD_WEBHOOKS, "shop", "https://example.com/acme/shop.git")))
                .withMessageContaining("api");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ForgeStatuses.of(Repository.on(Forge.GITHUB, "shop", "/srv/git/shop.git")))
                .withMessageContaining("api(...)");
    }

    private EngineCore open(Statuses statuses) {
        if (!cloud.secrets().exists("shop-token")) {
            cloud.addSecret("shop-token", FakeForge.TOKEN);
        }
        Repository repository = forge.repository(service.origin()).reporting(statuses);
        EngineCore engine = new EngineCore(cloud);
        engine.register(List.of(pipeline));
        engine.follow(List.of(new StatusFollower(new Reporting(
                repository,
                new ForgeAccess(repository, cloud.secrets(), service.caller(), cloud.clock()),
                engine.others(),
                cloud.clock(),
                run -> Optional.empty()))));
        cloud.signals().deliverTo(engine::handle);
        cloud.sweepWith(engine::sweep);
        return engine;
    }
}
