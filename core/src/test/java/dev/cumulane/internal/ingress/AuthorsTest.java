// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.ingress;

import static dev.cumulane.pipeline.Trigger.changeRequest;
import static dev.cumulane.pipeline.Trigger.comment;
import static dev.cumulane.pipeline.Trigger.push;
import static dev.cumulane.pipeline.Work.container;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cumulane.engine.Engine;
import dev.cumulane.internal.forge.FakeGitHub;
import dev.cumulane.people.People;
import dev.cumulane.people.Person;
import dev.cumulane.pipeline.Approvers;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.run.Cause;
import dev.cumulane.run.RunView;
import dev.cumulane.run.SourceEvent;
import dev.cumulane.run.Verdict;
import dev.cumulane.source.Forge;
import dev.cumulane.source.GitHubDelivery;
import dev.cumulane.testing.SimulatedCloud;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Runs name people as approvals do, whatever their forge calls them. */
final class AuthorsTest {
    private static final Pipeline PIPELINE = Pipeline.define("shop", p -> {
        p.on(push().to("main"), changeRequest(), comment("/preview"));
        var build = p.build("build", container("alpine:3").reads(p.source()).runs("make"));
        p.approval("release", Approvers.anyOf("lovelace", "hopper"))
                .after(build)
                .notByAuthor();
    });

    private final FakeGitHub gitHub = new FakeGitHub();
    private final SimulatedCloud cloud = SimulatedCloud.of(PIPELINE);

    @AfterEach
    void close() {
        gitHub.close();
    }

    @Test
    void who_pushed_under_a_login_of_theirs_does_not_approve_it_under_their_name() {
        Engine engine = open(People.of(Person.named("lovelace").pushing(Forge.GITHUB, "ADA")));
        post(engine, GitHubDelivery.push("d1", Shop.NAME, "main", Shop.HEAD, "Faster"));
        RunView run = waiting(engine);

        assertThat(run.source().by()).isEqualTo("lovelace");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> engine.approve(run.id(), "release", "lovelace", ""))
                .withMessageContaining("nobody decides on what they asked for themselves");
        engine.approve(run.id(), "release", "hopper", "");
        cloud.settle();
        assertThat(engine.find(run.id()).orElseThrow().outcome()).isPresent();
    }

    @Test
    void a_login_of_another_forge_is_somebody_elses() {
        Engine engine = open(People.of(Person.named("lovelace").pushing(Forge.GITLAB, "ada")));
        post(engine, GitHubDelivery.push("d1", Shop.NAME, "main", Shop.HEAD, "Faster"));

        assertThat(waiting(engine).source().by()).isEqualTo("ada");
    }

    @Test
    void who_proposes_a_change_and_who_commands_below_it_are_named_so_too() {
        gitHub.pull(7, Shop.HEAD, Shop.NAME);
        gitHub.permission("ada", "write");
        Engine engine = open(People.of(
                Person.named("lovelace").pushing(Forge.GITHUB, "ada"),
                Person.named("hopper").pushing(Forge.GITHUB, "eve")));
        post(engine, GitHubDelivery.pullRequest("d1", Shop.NAME, 7, Shop.HEAD, Shop.NAME));
        post(engine, GitHubDelivery.comment("d2", Shop.NAME, 7, "ada", "/preview"));

        assertThat(engine.list(10).stream().map(run -> run.source().by()))
                .containsExactlyInAnyOrder("hopper", "lovelace");
    }

    @Test
    void nobody_decides_on_a_change_of_theirs_that_somebody_else_opened_again_or_commands() {
        gitHub.pull(7, Shop.HEAD, Shop.NAME);
        gitHub.permission("ada", "write");
        Engine engine = open(People.of(
                Person.named("lovelace").pushing(Forge.GITHUB, "ada"),
                Person.named("hopper").pushing(Forge.GITHUB, "eve")));
        post(
                engine,
                GitHubDelivery.pullRequest("d1", Shop.NAME, 7, Shop.HEAD, Shop.NAME)
                        .sentBy("ada"));
        post(engine, GitHubDelivery.comment("d2", Shop.NAME, 7, "ada", "/preview"));

        assertThat(engine.list(10)).hasSize(2).allSatisfy(run -> {
            assertThat(run.source().by()).isEqualTo("lovelace");
            assertThat(run.source().authors()).containsExactly("lovelace", "hopper");
            assertThat(run.stage("release").progress().verdict().orElseThrow().detail())
                    .isEqualTo(
                            "it takes 1 votes, and without lovelace and hopper, who asked for the run, only 0 may vote");
        });
    }

    @Test
    void a_change_that_a_survey_found_names_its_author_too() {
        Engine engine = open(People.of(Person.named("hopper").pushing(Forge.GITHUB, "eve")));
        cloud.advance(Duration.ofMinutes(10));
        gitHub.pull(7, Shop.HEAD, Shop.NAME);
        cloud.advance(Duration.ofMinutes(10));

        assertThat(engine.list(10))
                .singleElement()
                .satisfies(run -> assertThat(run.source().by()).isEqualTo("hopper"));
    }

    @Test
    void what_anybody_may_have_pushed_is_approved_by_nobody_who_may_be_its_author() {
        Engine engine = open(People.of(Person.named("hopper").pushing(Forge.GITHUB, "eve")));
        cloud.advance(Duration.ofMinutes(10));
        gitHub.branch("main", Shop.HEAD);
        cloud.advance(Duration.ofMinutes(20));

        RunView run = waiting(engine);
        assertThat(run.source().by()).isEqualTo(SourceEvent.UNKNOWN);
        assertThat(run.stage("release").progress().verdict().orElseThrow())
                .isEqualTo(
                        Verdict.of(
                                Cause.REJECTED,
                                "nobody knows who pushed, so it could be anyone of hopper, lovelace; start the run again by hand, or push again"));
    }

    private static RunView waiting(Engine engine) {
        List<RunView> runs = engine.list(10);
        assertThat(runs).hasSize(1);
        return runs.get(0);
    }

    private void post(Engine engine, GitHubDelivery delivery) {
        assertThat(Shop.post(engine, delivery).status()).isEqualTo(202);
        cloud.settle();
    }

    private Engine open(People people) {
        Shop.addSecrets(cloud);
        return Engine.on(cloud)
                .register(PIPELINE)
                .repository(Shop.on(gitHub))
                .reachingInside(gitHub.origin())
                .people(people)
                .open();
    }
}
