// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.status;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.internal.follow.Follower;
import dev.cumulane.internal.follow.Others;
import dev.cumulane.internal.forge.ForgeAccess;
import dev.cumulane.internal.http.FakeService;
import dev.cumulane.internal.http.FakeService.Mishap;
import dev.cumulane.internal.shell.EngineCore;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.Work;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Commit;
import dev.cumulane.run.RunId;
import dev.cumulane.run.RunView;
import dev.cumulane.run.SourceEvent;
import dev.cumulane.run.StageView;
import dev.cumulane.run.TestSummary;
import dev.cumulane.run.TrustLevel;
import dev.cumulane.run.Verdict;
import dev.cumulane.source.Credential;
import dev.cumulane.source.Forge;
import dev.cumulane.source.Repository;
import dev.cumulane.testing.SimulatedCloud;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** GitHub shows how a run goes, ends, and what failed where. */
final class CheckFollowerTest {
    private static final SourceEvent PUSH = new SourceEvent.Pushed(
            new Commit("https://example.com/acme/shop.git", "refs/heads/main", FakeForge.SHA),
            "ada",
            TrustLevel.TRUSTED);

    private final Pipeline pipeline = Pipeline.define(
            "shop",
            p -> p.test("unit", Work.container("alpine:3").runs("make test").reports("reports/*.xml")));
    private final SimulatedCloud cloud = SimulatedCloud.of(pipeline);
    private final FakeGitHubApp github = new FakeGitHubApp(cloud.clock());
    private final FakeService service = new FakeService(github);
    private final Repository repository = Repository.on(Forge.GITHUB, "shop", "https://example.com/acme/shop.git")
            .using(new Credential.GitHubApp(FakeGitHubApp.APP, FakeGitHubApp.INSTALLATION, "app-key"))
            .api(service.origin() + "/api/v3");

    @AfterEach
    void close() {
        assertThat(service.violations()).isEmpty();
        service.close();
    }

    @Test
    void a_run_is_one_check_run_that_ends_as_the_run_does() {
        EngineCore engine = open();
        RunId run = engine.start("shop", PUSH);
        cloud.advance(ofMinutes(30));

        assertThat(github.checks()).singleElement().satisfies(check -> {
            assertThat(check.externalId()).isEqualTo(run.value());
            assertThat(check.states()).startsWith("in_progress").endsWith("success");
        });
        assertThat(github.tokens()).isEqualTo(1);
        assertThat(engine.find(run).orElseThrow().untold()).isEmpty();
    }

    @Test
    void a_creation_whose_answer_was_lost_is_found_again() {
        cloud.stage("unit").fails("com.example.ShopTest.sells", "no [link](https://evil.example.com) `@everybody`");
        // The first answer is that to the request for a token.
        service.next(Mishap.NONE, Mishap.UNANSWERED, Mishap.DOWN, Mishap.THROTTLED);
        EngineCore engine = open();
        RunId run = engine.start("shop", PUSH);
        cloud.advance(ofHours(1));

        assertThat(github.checks()).singleElement().satisfies(check -> {
            assertThat(check.states()).endsWith("failure");
            assertThat(check.summary())
                    .contains("`com.example.ShopTest.sells`: `no [link](https://evil.example.com) '@everybody'`");
        });
        assertThat(engine.find(run).orElseThrow().untold()).isEmpty();
    }

    @Test
    void a_withdrawn_token_is_replaced_and_an_old_one_renewed() {
        cloud.addSecret("app-key", github.pkcs8());
        cloud.stage("unit").takes(ofMinutes(8));
        EngineCore engine = open();
        engine.start("shop", PUSH);
        cloud.advance(ofMinutes(2));
        assertThat(github.tokens()).isEqualTo(1);
        github.withdraw();
        cloud.advance(ofMinutes(20));
        assertThat(github.tokens()).isEqualTo(2);
        assertThat(github.checks().get(0).states()).endsWith("success");

        cloud.advance(ofMinutes(50));
        engine.rerun(engine.list(1).get(0).id(), "ada");
        cloud.advance(ofMinutes(20));

        assertThat(github.tokens()).isEqualTo(3);
        assertThat(github.checks()).hasSize(2);
    }

    @Test
    void a_key_that_is_none_shows_in_the_run_and_nothing_of_it() {
        cloud.addSecret("app-key", "-----BEGIN RSA PRIVATE KEY-----\ncanary\n-----END RSA PRIVATE KEY-----");
        EngineCore engine = open();
        RunId run = engine.start("shop", PUSH);
        cloud.advance(ofMinutes(5));

        assertThat(engine.find(run).orElseThrow().untold()).singleElement().satisfies(untold -> {
            assertThat(untold.follower()).isEqualTo("checks/shop");
            assertThat(untold.why()).contains("no RSA key").doesNotContain("canary");
        });
    }

    @Test
    void annotations_go_fifty_at_a_time_and_none_is_added_twice() {
        cloud.addSecret("app-key", github.pem());
        EngineCore engine = open();
        RunId run = engine.start("shop", PUSH);
        cloud.advance(ofHours(1));
        RunView ended = failing(engine.find(run).orElseThrow(), 7);
        CheckFollower follower = follower(new NoOthers());

        String memo = follower.tell(new Follower.Telling(ended, "", true));
        assertThat(follower.isNews(ended, memo)).isFalse();
        follower.tell(new Follower.Telling(ended, memo, true));
        follower.tell(new Follower.Telling(ended, "", true));

        assertThat(github.checks()).singleElement().satisfies(check -> {
            assertThat(check.annotations()).hasSize(140);
            assertThat(check.annotations().get(0).path("path").asText()).isEqualTo("src/test/java/ATest.java");
            assertThat(check.annotations().stream()
                            .map(one -> one.path("start_line").asInt()
                                    + one.path("title").asText()))
                    .doesNotHaveDuplicates();
        });
    }

    /** The run with so many stages of 20 failed tests each. */
    private static RunView failing(RunView run, int stages) {
        List<StageView> failed = new ArrayList<>();
        for (int i = 0; i < stages; i++) {
            String name = "unit" + i;
            List<TestSummary.Failure> failures = IntStream.rangeClosed(1, 20)
                    .mapToObj(line -> new TestSummary.Failure(
                            name + ".t" + line, "", TestSummary.Place.of("src/test/java/ATest.java", line)))
                    .toList();
            StageView.Progress was = run.stages().get(0).progress();
            Verdict verdict = new Verdict(
                    Cause.TESTS_FAILED,
                    "",
                    List.of(),
                    Optional.of(new TestSummary(20, 20, 0, failures)),
                    Optional.empty());
            failed.add(new StageView(
                    name,
                    StageView.Kind.TEST,
                    List.of(),
                    false,
                    Optional.empty(),
                    new StageView.Progress(
                            was.state(),
                            1,
                            was.times(),
                            Optional.empty(),
                            Optional.empty(),
                            List.of(),
                            "",
                            Optional.of(verdict),
                            Optional.empty(),
                            Optional.empty())));
        }
        return new RunView(run.id(), run.pipeline(), run.plan(), run.source(), run.status(), failed);
    }

    private EngineCore open() {
        if (!cloud.secrets().exists("app-key")) {
            cloud.addSecret("app-key", github.pem());
        }
        EngineCore engine = new EngineCore(cloud);
        engine.register(List.of(pipeline));
        engine.follow(List.of(follower(engine.others())));
        cloud.signals().deliverTo(engine::handle);
        cloud.sweepWith(engine::sweep);
        return engine;
    }

    private CheckFollower follower(Others others) {
        return new CheckFollower(new Reporting(
                repository,
                new ForgeAccess(repository, cloud.secrets(), service.caller(), cloud.clock()),
                others,
                cloud.clock(),
                view -> Optional.empty()));
    }

    private static final class NoOthers implements Others {
        @Override
        public boolean isRepeated(RunId run) {
            return false;
        }

        @Override
        public Optional<RunView> before(RunView run) {
            return Optional.empty();
        }
    }
}
