// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.ingress;

import static dev.cumulane.pipeline.Trigger.changeRequest;
import static dev.cumulane.pipeline.Trigger.push;
import static dev.cumulane.pipeline.Work.container;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cumulane.cloud.HttpAnswer;
import dev.cumulane.cloud.HttpRequest;
import dev.cumulane.engine.Engine;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.RunId;
import dev.cumulane.run.RunView;
import dev.cumulane.source.Forks;
import dev.cumulane.source.GitHubDelivery;
import dev.cumulane.source.KeptAside;
import dev.cumulane.source.Repository;
import dev.cumulane.testing.Faults;
import dev.cumulane.testing.SimulatedCloud;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HookTest {
    private static final Pipeline PIPELINE = Pipeline.define("shop", p -> {
        p.on(push().to("main", "release/*"), changeRequest().into("main"));
        var build = p.build("build", container("maven:3.9").reads(p.source()).runs("mvn -B package"));
        p.build("tidy", container("maven:3.9").reads(p.source()).runs("true"))
                .after(build)
                .always();
    });

    private final SimulatedCloud cloud = SimulatedCloud.of(PIPELINE);
    private Repository repository = Shop.hooked();
    private Engine engine = open();

    @Test
    void an_authentic_push_starts_the_run_of_its_commit() {
        HttpAnswer answer = post(GitHubDelivery.push("d1", Shop.NAME, "main", Shop.HEAD, "Faster"));

        assertThat(answer.status()).isEqualTo(202);
        assertThat(runs()).singleElement().satisfies(run -> {
            assertThat(run.source().commit().id()).isEqualTo(Shop.HEAD);
            assertThat(run.source().commit().repository()).isEqualTo("https://github.com/acme/shop.git");
            assertThat(run.source().by()).isEqualTo("ada");
            assertThat(run.outcome()).contains(Outcome.SUCCESS);
        });
    }

    @Test
    void a_delivery_that_comes_again_under_any_id_starts_nothing_more() {
        GitHubDelivery push = GitHubDelivery.push("d1", Shop.NAME, "main", Shop.HEAD, "Faster");

        for (String id : List.of("d1", "d1", "d2")) {
            assertThat(post(new GitHubDelivery("push", id, push.body())).status())
                    .isEqualTo(202);
        }

        assertThat(runs()).hasSize(1);
        assertThat(Shop.history(cloud)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"topic", "release", "release/1/2", "main"})
    void triggers_decide_which_branches_run(String branch) {
        post(GitHubDelivery.push("d1", Shop.NAME, branch, Shop.HEAD, "Faster"));

        assertThat(runs()).hasSize(branch.equals("main") || branch.startsWith("release/") ? 1 : 0);
    }

    @Test
    void a_body_too_large_for_a_message_is_stored_before_it_is_queued() {
        GitHubDelivery push =
                GitHubDelivery.push("d1", Shop.NAME, "main", Shop.HEAD, "x".repeat(Ingress.LARGEST_INLINE));

        assertThat(post(push).status()).isEqualTo(202);

        assertThat(runs()).hasSize(1);
    }

    @Test
    void a_commit_that_asks_for_no_run_gets_one_that_skips_all_its_stages() {
        post(GitHubDelivery.push("d1", Shop.NAME, "main", Shop.HEAD, "Typo [skip ci]"));

        assertThat(runs()).singleElement().satisfies(run -> {
            assertThat(run.outcome()).contains(Outcome.SUCCESS);
            assertThat(run.stages()).hasSize(2).allSatisfy(stage -> {
                assertThat(stage.outcome()).contains(Outcome.SKIP);
                assertThat(stage.progress().verdict().orElseThrow().detail())
                        .isEqualTo("the commit's message asks for no run: [skip ci]");
            });
        });

        RunId again = engine.rerun(runs().get(0).id(), "ada");
        cloud.settle();
        assertThat(engine.find(again).orElseThrow().stages())
                .allSatisfy(stage -> assertThat(stage.outcome()).contains(Outcome.SUCCESS));
    }

    @Test
    void what_is_authentic_and_no_use_is_accepted_and_forgotten() {
        assertThat(post(new GitHubDelivery("ping", "d1", "{\"zen\":\"Keep it logically awesome.\"}"))
                        .status())
                .isEqualTo(202);
        assertThat(post(GitHubDelivery.push("d2", "acme/other", "main", Shop.HEAD, "Faster"))
                        .status())
                .isEqualTo(202);

        assertThat(runs()).isEmpty();
        assertThat(Shop.history(cloud)).isEmpty();
    }

    @Test
    void what_is_authentic_and_cannot_be_read_is_kept_aside_once() {
        GitHubDelivery broken = new GitHubDelivery("push", "d1", "{\"ref\":\"refs/heads/main\",");

        assertThat(post(broken).status()).isEqualTo(202);
        assertThat(post(broken).status()).isEqualTo(202);

        assertThat(runs()).isEmpty();
        List<KeptAside> aside = engine.keptAside("shop");
        assertThat(aside).singleElement().satisfies(kept -> {
            assertThat(kept.delivery()).isEqualTo("d1");
            assertThat(kept.why()).isNotBlank();
            assertThat(cloud.artifacts().read(kept.body(), 1000)).contains(broken.bytes());
        });
        HttpRequest look =
                HttpRequest.of("GET", "/repositories", "", Map.of("host", List.of("localhost")), new byte[0]);
        Engine pages = Engine.on(cloud)
                .register(PIPELINE)
                .repository(repository)
                .answeringThisMachineAlone()
                .attach();
        assertThat(new String(pages.answer(look).body(), StandardCharsets.UTF_8))
                .contains("<code><bdi>d1</bdi></code>", aside.get(0).body().hex());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> engine.keptAside("shp"))
                .withMessage("there is no repository 'shp'; there are: shop");
    }

    @Test
    void without_proof_nothing_is_kept() {
        GitHubDelivery push = GitHubDelivery.push("d1", Shop.NAME, "main", Shop.HEAD, "Faster");

        assertThat(request("POST", "/hooks/shop", push, "another secret of many bytes")
                        .status())
                .isEqualTo(401);
        assertThat(request("GET", "/hooks/shop", push, Shop.SECRET).status()).isEqualTo(401);
        assertThat(request("POST", "/hooks/nobody", push, Shop.SECRET).status()).isEqualTo(401);
        assertThat(request("POST", "/hooks/../shop", push, Shop.SECRET).status())
                .isEqualTo(401);
        assertThat(request("POST", "/", push, Shop.SECRET).status()).isEqualTo(404);

        assertThat(runs()).isEmpty();
        assertThat(Shop.history(cloud)).isEmpty();
    }

    @Test
    void what_no_body_could_make_authentic_is_refused_by_its_head_alone() {
        GitHubDelivery push = GitHubDelivery.push("d1", Shop.NAME, "main", Shop.HEAD, "Faster");

        assertThat(head("/hooks/shop", push.headerLists(Shop.SECRET))).isEmpty();
        assertThat(head("/runs", Map.of())).as("a page").isEmpty();
        assertThat(head("/hooks/nobody", push.headerLists(Shop.SECRET)))
                .map(HttpAnswer::status)
                .contains(401);
        assertThat(head("/hooks/shop", Map.of())).map(HttpAnswer::status).contains(401);
        assertThat(head("/hooks/shop", Map.of("X-Hub-Signature-256", List.of("sha256=short"))))
                .map(HttpAnswer::status)
                .contains(401);
    }

    private Optional<HttpAnswer> head(String path, Map<String, List<String>> headers) {
        return engine.refusal(HttpRequest.of("POST", path, "", headers, new byte[0]));
    }

    @Test
    void a_repository_whose_secret_is_gone_refuses_all() {
        repository = repository.verifiedBy("gone");
        engine = open();

        assertThat(post(GitHubDelivery.push("d1", Shop.NAME, "main", Shop.HEAD, "Faster"))
                        .status())
                .isEqualTo(401);
    }

    @Test
    void a_delivery_that_cannot_be_stored_is_told_to_come_again() {
        cloud.setFaults(Faults.none().refusingCalls(100));

        GitHubDelivery push = GitHubDelivery.push("d1", Shop.NAME, "main", Shop.HEAD, "Faster");

        HttpAnswer answer = Shop.post(engine, push);

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.headers()).containsEntry("retry-after", "30");
    }

    @Test
    void a_change_request_from_a_fork_starts_no_run_unless_forks_may() {
        GitHubDelivery foreign = GitHubDelivery.pullRequest("d1", Shop.NAME, 7, Shop.HEAD, "eve/shop");

        post(foreign);
        assertThat(runs()).isEmpty();

        repository = repository.forks(Forks.WITHOUT_SECRETS);
        engine = open();
        post(foreign);
        assertThat(runs()).hasSize(1);
    }

    @Test
    void a_command_without_anybody_to_ask_about_its_writer_is_recorded_and_refused() {
        post(GitHubDelivery.pullRequest("d1", Shop.NAME, 7, Shop.HEAD, Shop.NAME));
        post(GitHubDelivery.comment("d2", Shop.NAME, 7, "eve", "/retest"));

        assertThat(runs()).hasSize(1);
        assertThat(Shop.history(cloud)).hasSize(2).last().asString().contains("nobody can be asked who may command");
    }

    private List<RunView> runs() {
        return engine.list(10);
    }

    private HttpAnswer post(GitHubDelivery delivery) {
        return request("POST", "/hooks/shop", delivery, Shop.SECRET);
    }

    private HttpAnswer request(String method, String path, GitHubDelivery delivery, String secret) {
        HttpAnswer answer =
                engine.answer(HttpRequest.of(method, path, "", delivery.headerLists(secret), delivery.bytes()));
        cloud.settle();
        return answer;
    }

    private Engine open() {
        cloud.restart();
        cloud.addSecret("hook", Shop.SECRET);
        return Engine.on(cloud).register(PIPELINE).repository(repository).open();
    }
}
