// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.ingress;

import static dev.cumulane.pipeline.Trigger.changeRequest;
import static dev.cumulane.pipeline.Trigger.comment;
import static dev.cumulane.pipeline.Trigger.cron;
import static dev.cumulane.pipeline.Trigger.push;
import static dev.cumulane.pipeline.Trigger.tags;
import static dev.cumulane.pipeline.Work.container;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.cloud.HttpRequest;
import dev.cumulane.engine.Engine;
import dev.cumulane.internal.forge.FakeGitHub;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.RunView;
import dev.cumulane.run.SourceEvent;
import dev.cumulane.run.TrustLevel;
import dev.cumulane.simulation.OtherClock;
import dev.cumulane.source.Forge;
import dev.cumulane.source.Forks;
import dev.cumulane.source.GitHubDelivery;
import dev.cumulane.source.Repository;
import dev.cumulane.testing.SimulatedCloud;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an engine learns by asking a forge. */
class ForgeTest {
    private static final String OLD = "0a1b2c3d".repeat(5);
    private static final Pipeline PIPELINE = Pipeline.define("shop", p -> {
        p.on(push().to("main"), changeRequest());
        p.build("build", container("maven:3.9").reads(p.source()).runs("mvn -B package"));
    });
    private static final Pipeline NIGHTLY = Pipeline.define("nightly", p -> {
        p.on(cron("30 3 * * *"), comment("/nightly"));
        p.build("build", container("maven:3.9").reads(p.source()).runs("mvn -B verify"));
    });

    private static final Pipeline RELEASE = Pipeline.define("release", p -> {
        p.on(tags("v*"));
        p.build("build", container("maven:3.9").reads(p.source()).runs("mvn -B deploy"));
    });

    private final FakeGitHub gitHub = new FakeGitHub();
    private final SimulatedCloud cloud = SimulatedCloud.of(PIPELINE, NIGHTLY, RELEASE);
    private Repository repository = Shop.on(gitHub);
    private Duration pace = Duration.ofMinutes(3);
    private Engine engine = open();

    @AfterEach
    void close() {
        gitHub.close();
    }

    @Test
    void a_head_whose_webhook_was_lost_is_found_and_run_once() {
        gitHub.branch("main", OLD);
        cloud.advance(Duration.ofMinutes(10));
        assertThat(runs()).as("what was there before").isEmpty();

        gitHub.branch("main", Shop.HEAD);
        cloud.advance(Duration.ofMinutes(10));

        assertThat(runs()).singleElement().satisfies(run -> {
            assertThat(run.source()).isInstanceOf(SourceEvent.Pushed.class);
            assertThat(run.source().commit().id()).isEqualTo(Shop.HEAD);
            assertThat(run.source().trust()).isEqualTo(TrustLevel.TRUSTED);
        });
        post(GitHubDelivery.push("d1", Shop.NAME, "main", Shop.HEAD, "Late"));
        assertThat(runs()).hasSize(1);
    }

    @Test
    void a_tag_whose_webhook_was_lost_is_found_and_run_once_where_a_pipeline_runs_for_tags() {
        gitHub.tag("v1", OLD);
        cloud.advance(Duration.ofMinutes(10));
        assertThat(gitHub.asked()).noneMatch(path -> path.contains("/tags"));
        engine = open(RELEASE);
        cloud.advance(Duration.ofMinutes(10));
        assertThat(runs()).as("tags that were there before they were asked for").isEmpty();

        gitHub.tag("v2", Shop.HEAD);
        cloud.advance(Duration.ofMinutes(10));

        assertThat(runs()).singleElement().satisfies(run -> {
            assertThat(run.pipeline()).isEqualTo("release");
            assertThat(run.source().commit().ref()).isEqualTo("refs/tags/v2");
            assertThat(run.source().commit().id()).isEqualTo(Shop.HEAD);
        });
    }

    @Test
    void forges_that_hang_share_half_a_minute_and_the_next_look_begins_with_the_others() {
        Repository other = Repository.on(Forge.GITHUB, "another", "https://github.com/acme/another.git")
                .token("robot")
                .api(gitHub.origin());
        AtomicReference<Instant> time = new AtomicReference<>(cloud.clock().instant());
        InstantSource hurried = () -> time.updateAndGet(now -> now.plusSeconds(20));
        Engine slow = Engine.on(new OtherClock(cloud, hurried))
                .register(PIPELINE)
                .repository(other, repository)
                .reachingInside(gitHub.origin())
                .attach();
        gitHub.asked().clear();

        slow.sweep();
        assertThat(gitHub.asked()).isNotEmpty().allMatch(path -> path.contains("/another/"));
        gitHub.asked().clear();

        slow.sweep();
        assertThat(gitHub.asked()).isNotEmpty().allMatch(path -> path.contains("/shop/"));
    }

    @Test
    void what_a_webhook_told_is_not_run_again_by_a_survey_or_after_a_restart() {
        gitHub.branch("main", OLD);
        cloud.advance(Duration.ofMinutes(10));
        post(GitHubDelivery.push("d1", Shop.NAME, "main", Shop.HEAD, "Faster [skip ci]"));
        gitHub.branch("main", Shop.HEAD);
        cloud.advance(Duration.ofMinutes(10));

        engine = open();
        cloud.advance(Duration.ofMinutes(10));

        assertThat(runs())
                .singleElement()
                .satisfies(run -> assertThat(run.stages())
                        .allSatisfy(stage -> assertThat(stage.outcome()).contains(Outcome.SKIP)));
    }

    @Test
    void all_pages_of_branches_and_change_requests_are_looked_at() {
        cloud.advance(Duration.ofMinutes(10));
        for (int i = 1; i <= 120; i++) {
            gitHub.pull(i, String.format("%040x", i), Shop.NAME);
            gitHub.branch("b" + i, Shop.HEAD);
        }
        cloud.advance(Duration.ofMinutes(10));

        assertThat(engine.list(1000)).hasSize(120);
    }

    @Test
    void change_requests_that_cannot_be_listed_keep_no_branch_from_its_run_and_are_not_forgotten() {
        gitHub.hidePulls(true);
        gitHub.pull(1, OLD, Shop.NAME);
        cloud.advance(Duration.ofMinutes(10));

        gitHub.branch("main", Shop.HEAD);
        cloud.advance(Duration.ofMinutes(10));
        assertThat(runs()).extracting(run -> run.source().commit().ref()).containsExactly("refs/heads/main");

        gitHub.hidePulls(false);
        cloud.advance(Duration.ofMinutes(10));
        assertThat(runs()).as("what was open when they were first listed").hasSize(1);

        gitHub.hidePulls(true);
        cloud.advance(Duration.ofMinutes(10));
        gitHub.hidePulls(false);
        gitHub.pull(2, Shop.HEAD, Shop.NAME);
        cloud.advance(Duration.ofMinutes(10));
        assertThat(runs())
                .extracting(run -> run.source().commit().ref())
                .containsExactlyInAnyOrder("refs/heads/main", "refs/pull/2/head");
    }

    @Test
    void a_forge_that_does_not_answer_keeps_nothing_from_going_on() {
        gitHub.failWith(503);
        cloud.advance(Duration.ofMinutes(10));
        post(GitHubDelivery.push("d1", Shop.NAME, "main", Shop.HEAD, "Faster"));
        assertThat(runs()).hasSize(1);

        gitHub.failWith(0);
        gitHub.branch("main", Shop.HEAD);
        cloud.advance(Duration.ofMinutes(10));
        gitHub.branch("main", OLD);
        cloud.advance(Duration.ofMinutes(10));
        assertThat(runs()).hasSize(2);
    }

    @Test
    void a_schedule_starts_one_run_for_the_head_at_its_time() {
        gitHub.branch("main", Shop.HEAD);
        assertThat(cloud.clock().instant()).isEqualTo("2026-01-05T09:00:00Z");
        pace = Duration.ofHours(8);
        engine = open();

        cloud.advance(Duration.ofHours(18).plusMinutes(40));
        engine = open();
        cloud.advance(Duration.ofMinutes(40));

        assertThat(runs()).singleElement().satisfies(run -> {
            assertThat(run.pipeline()).isEqualTo("nightly");
            assertThat(run.source().commit().id()).isEqualTo(Shop.HEAD);
            assertThat(((SourceEvent.Scheduled) run.source()).at()).isEqualTo("2026-01-06T03:30:00Z");
        });
    }

    @Test
    void retest_by_somebody_who_may_write_runs_again_what_failed() {
        cloud.stage("build").fails();
        gitHub.pull(7, Shop.HEAD, Shop.NAME);
        gitHub.permission("ada", "write");
        gitHub.permission("eve", "read");
        post(GitHubDelivery.pullRequest("d1", Shop.NAME, 7, Shop.HEAD, Shop.NAME));
        assertThat(runs())
                .singleElement()
                .satisfies(run -> assertThat(run.outcome()).contains(Outcome.FAILURE));

        post(GitHubDelivery.comment("d2", Shop.NAME, 7, "eve", "/retest"));
        post(GitHubDelivery.comment("d3", Shop.NAME, 7, "mallory", "/retest"));
        assertThat(runs()).hasSize(1);

        cloud.stage("build").succeeds();
        GitHubDelivery retest = GitHubDelivery.comment("d4", Shop.NAME, 7, "ada", "/retest");
        post(retest);
        post(retest);
        post(GitHubDelivery.comment("d5", Shop.NAME, 7, "ada", "/retest please"));

        assertThat(runs()).hasSize(2);
        assertThat(runs())
                .extracting(run -> run.outcome().orElseThrow())
                .containsExactlyInAnyOrder(Outcome.FAILURE, Outcome.SUCCESS);
    }

    @Test
    void a_forks_commit_runs_untrusted_once_a_writer_has_named_it() {
        repository = repository.forks(Forks.AFTER_APPROVAL);
        engine = open();
        gitHub.pull(7, Shop.HEAD, "eve/shop");
        gitHub.permission("ada", "admin");
        gitHub.permission("eve", "none");
        post(GitHubDelivery.pullRequest("d1", Shop.NAME, 7, Shop.HEAD, "eve/shop"));
        cloud.advance(Duration.ofMinutes(10));
        post(GitHubDelivery.comment("d2", Shop.NAME, 7, "eve", "/ok-to-test " + Shop.HEAD));
        post(GitHubDelivery.comment("d3", Shop.NAME, 7, "ada", "/ok-to-test"));
        post(GitHubDelivery.comment("d4", Shop.NAME, 7, "ada", "/ok-to-test " + OLD));
        post(GitHubDelivery.comment("d5", Shop.NAME, 7, "ada", "/retest"));
        post(GitHubDelivery.comment("d6", Shop.NAME, 7, "ada", "/nightly"));
        assertThat(runs()).isEmpty();
        assertThat(Shop.history(cloud))
                .filteredOn(line -> line.contains("refused"))
                .hasSize(5);
        assertThat(repositoriesPage())
                .contains("/ok-to-test: say which commit by its whole id", "eve may not write to the repository");

        post(GitHubDelivery.comment("d7", Shop.NAME, 7, "ada", "/ok-to-test " + Shop.HEAD));

        assertThat(runs())
                .singleElement()
                .satisfies(run -> assertThat(run.source().trust()).isEqualTo(TrustLevel.UNTRUSTED));
    }

    /** What people see of the repository who are at this machine. */
    private String repositoriesPage() {
        HttpRequest request =
                HttpRequest.of("GET", "/repositories", "", Map.of("host", List.of("localhost")), new byte[0]);
        Engine pages = Engine.on(cloud)
                .register(PIPELINE)
                .repository(repository)
                .reachingInside(gitHub.origin())
                .answeringThisMachineAlone()
                .attach();
        return new String(pages.answer(request).body(), StandardCharsets.UTF_8);
    }

    @Test
    void a_command_of_a_trigger_starts_its_pipeline_for_the_requests_head() {
        gitHub.pull(7, Shop.HEAD, Shop.NAME);
        gitHub.permission("ada", "write");

        post(GitHubDelivery.comment("d1", Shop.NAME, 7, "ada", "/nightly"));
        post(GitHubDelivery.comment("d2", Shop.NAME, 7, "ada", "/weekly"));

        assertThat(runs()).singleElement().satisfies(run -> {
            assertThat(run.pipeline()).isEqualTo("nightly");
            assertThat(run.source())
                    .isEqualTo(new SourceEvent.Commanded(
                            run.source().commit(),
                            "main",
                            "7",
                            "/nightly",
                            "ada",
                            List.of("eve"),
                            TrustLevel.INTERNAL));
            assertThat(run.source().authors()).containsExactly("ada", "eve");
            assertThat(run.source().commit().id()).isEqualTo(Shop.HEAD);
        });
    }

    @Test
    void what_a_stranger_writes_again_and_again_is_recorded_once() {
        gitHub.pull(7, Shop.HEAD, Shop.NAME);
        gitHub.permission("mallory", "read");
        for (int i = 1; i <= 5; i++) {
            post(GitHubDelivery.comment("d" + i, Shop.NAME, 7, "mallory", "/retest " + i));
        }
        post(GitHubDelivery.comment("d6", Shop.NAME, 8, "mallory", "/ok-to-test"));

        assertThat(Shop.history(cloud)).hasSize(2);
        assertThat(repositoriesPage())
                .contains(
                        "/retest: mallory may not write to the repository",
                        "/ok-to-test: mallory may not write to the repository");
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 422})
    void a_command_that_the_forge_refuses_to_judge_is_refused(int status) {
        gitHub.failWith(status);

        post(GitHubDelivery.comment("d1", Shop.NAME, 7, "ada", "/nightly"));

        assertThat(runs()).isEmpty();
        assertThat(Shop.history(cloud)).singleElement().asString().contains("it answered " + status);
    }

    @Test
    void a_command_waits_for_a_forge_that_does_not_answer() {
        gitHub.pull(7, Shop.HEAD, Shop.NAME);
        gitHub.permission("ada", "write");
        gitHub.failWith(502);
        deliver(GitHubDelivery.comment("d1", Shop.NAME, 7, "ada", "/nightly"));
        cloud.advance(Duration.ofSeconds(20));
        assertThat(runs()).isEmpty();

        gitHub.failWith(0);
        cloud.advance(Duration.ofMinutes(30));

        assertThat(runs())
                .singleElement()
                .satisfies(run -> assertThat(run.pipeline()).isEqualTo("nightly"));
    }

    private List<RunView> runs() {
        return engine.list(10);
    }

    private void post(GitHubDelivery delivery) {
        deliver(delivery);
        cloud.settle();
    }

    private void deliver(GitHubDelivery delivery) {
        assertThat(Shop.post(engine, delivery).status()).isEqualTo(202);
    }

    private Engine open(Pipeline... more) {
        cloud.restart();
        Shop.addSecrets(cloud);
        return Engine.on(cloud)
                .register(PIPELINE, NIGHTLY)
                .register(more)
                .repository(repository)
                .reachingInside(gitHub.origin())
                .surveying(pace)
                .open();
    }
}
