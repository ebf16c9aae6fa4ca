// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.cloud.HttpAnswer;
import dev.cumulane.testing.Faults;
import dev.cumulane.testing.TestedRun;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

final class PagesTest {
    private static final Pattern ASSET = Pattern.compile("(?:href|src)=\"(/static/[^\"]+)\"");

    private final Shop shop = new Shop();
    private final Visit visit = shop.visit();

    @Test
    void the_first_page_lists_runs_and_what_waits_for_people() {
        TestedRun run = shop.push("ada", "Give change", Optional.of("https://example.com/c/4f1c"));

        assertThat(visit.page("/"))
                .contains("<title>Runs · Cumulane</title>")
                .contains("href=\"/runs/" + run.id() + "\"")
                .contains("href=\"/runs/" + run.id() + "/stages/release/vote\"", "ada or grace")
                .contains("href=\"https://example.com/c/4f1c\"", "Give change")
                .contains("waiting</span>");
        assertThat(visit.page("/?pipeline=shop&state=open")).contains(run.id().value());
        assertThat(visit.page("/?pipeline=shop&state=bad"))
                .contains("No runs here yet")
                .doesNotContain("Give change");
        assertThat(visit.page("/?pipeline=other&state=any")).doesNotContain("Give change");
    }

    @Test
    void without_runs_the_first_page_says_how_one_starts() {
        assertThat(visit.page("/")).contains("No runs here yet");
    }

    @Test
    void a_run_shows_its_stages_tests_artifacts_and_the_log_of_what_failed() {
        shop.tester.stage("unit-21").fails("ShopTest.gives_change", "expected 7");
        TestedRun run = shop.push();

        String page = visit.page(Shop.address(run));

        assertThat(page)
                .contains("<title>✗ shop on main: failed · Cumulane</title>")
                .contains("<svg", "unit-21: failed</title>", "1 of 2 succeeded")
                .contains("ShopTest.gives_change", "expected 7")
                .contains("sha-256 "
                        + run.stage("build").artifact("jar").orElseThrow().digest())
                .contains("cart", "till", "module-2")
                .contains("== mvn test")
                .doesNotContain("<script");
        assertThat(visit.page(Shop.address(run) + "/stages/unit-21"))
                .contains("<title>✗ unit-21 of shop: failed · Cumulane</title>", "== mvn test", "expected 7");
    }

    @Test
    void a_repeated_stage_has_the_log_of_each_attempt() {
        TestedRun run = shop.push();

        assertThat(visit.page(Shop.address(run) + "/stages/build?attempt=1")).contains("attempt 1");
        assertThat(visit.get(Shop.address(run) + "/stages/build?attempt=x").status())
                .isEqualTo(400);
    }

    @Test
    void an_open_run_tells_its_news_to_whoever_has_not_seen_its_last_record() {
        TestedRun run = shop.push();
        String records = Long.toString(run.view().status().records());

        assertThat(visit.page(Shop.address(run))).contains("data-live=\"/runs/" + run.id() + "/live\"", "<script src=");
        HttpAnswer none = visit.get(Shop.address(run) + "/live?seen=" + records);
        assertThat(none.status()).isEqualTo(204);
        assertThat(none.body()).isEmpty();
        run.approve("release", "ada");
        String news = visit.page(Shop.address(run) + "/live?seen=" + records);
        assertThat(news)
                .startsWith("<main")
                .contains("data-part=\"votes\"", "succeeded")
                .doesNotContain("data-live");
    }

    @Test
    void a_log_is_read_on_from_where_somebody_has_come() {
        TestedRun run = shop.push();
        String log = Shop.address(run) + "/stages/build/log?attempt=1";

        assertThat(visit.page(log + "&from=0")).contains("\"html\":\"== mvn -B package", "\"ended\":true");
        assertThat(visit.page(log + "&from=18")).contains("\"html\":\"\"", "\"next\":18");
        assertThat(visit.get(log.replace("attempt=1", "attempt=2")).status()).isEqualTo(404);
        assertThat(visit.get(Shop.address(run) + "/stages/release/log?attempt=1")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void environments_show_what_is_live_and_what_was_before() {
        TestedRun first = shop.push().approve("release", "ada");
        shop.tester.advance(Duration.ofHours(1));
        TestedRun second = shop.push().approve("release", "grace");

        assertThat(visit.page("/environments"))
                .contains("production", second.id().value());
        assertThat(visit.page("/environments/production"))
                .contains(first.id().value(), second.id().value(), "Live")
                .contains(second.stage("build")
                        .artifact("jar")
                        .orElseThrow()
                        .digest()
                        .hex());
        assertThat(visit.get("/environments/elsewhere").status()).isEqualTo(404);
    }

    @Test
    void an_environment_says_where_it_answers_and_when_it_was_stopped() {
        shop.push().approve("release", "ada");
        shop.tester.advance(Duration.ofHours(1));
        assertThat(visit.page("/environments"))
                .contains("<a href=\"http://production.simulated\">", ">http://production.simulated<");
        assertThat(visit.page("/environments/production")).contains("http://production.simulated", ">Live<");
        String vote = Shop.address(shop.push()) + Shop.VOTE;
        assertThat(visit.page(vote)).contains(">Live now<").doesNotContain(">Stopped<");

        shop.tester.environment("production").isStopped();

        assertThat(visit.page("/environments"))
                .contains("nowhere, it is stopped")
                .doesNotContain(".simulated");
        assertThat(visit.page("/environments/production")).contains("nowhere, it is stopped", ">Was live<");
        assertThat(visit.page(vote)).contains(">Stopped<").doesNotContain(">Live now<");
    }

    @Test
    void the_time_that_is_left_is_told_in_two_units() {
        TestedRun run = shop.push();
        shop.tester.advance(Duration.ofMinutes(30));

        assertThat(visit.page(Shop.address(run))).contains("UTC</time>, in 2 d 23 h");
    }

    @Test
    void a_program_without_repositories_says_so() {
        assertThat(visit.page("/repositories")).contains("names no repository");
    }

    @Test
    void what_is_not_there_is_404_and_what_cannot_be_done_is_405() {
        TestedRun run = shop.push();
        for (String address : List.of(
                "/nothing",
                "/runs",
                "/runs/",
                "/runs/shop-0000000000000000",
                "/runs/..%2f..%2fetc",
                "/runs/" + run.id() + "/",
                "/runs/" + run.id() + "/stages",
                "/runs/" + run.id() + "/stages/nothing",
                "/runs/" + run.id() + "/stages/build/vote",
                "/static/page.css",
                "/static/..%2fpage.css",
                "/vote/nothing",
                "/favicon.ico")) {
            assertThat(visit.get(address).status()).as(address).isEqualTo(404);
        }
        for (String method : List.of("POST", "PUT", "DELETE", "OPTIONS", "TRACE", "get", "")) {
            HttpAnswer answer = visit.send(method, "/", "");
            assertThat(answer.status()).as(method).isEqualTo(405);
            assertThat(answer.headers()).as(method).containsEntry("allow", "GET, HEAD");
        }
    }

    @Test
    void what_is_too_long_or_malformed_is_refused() {
        assertThat(visit.get("/" + "x".repeat(3000)).status()).isEqualTo(414);
        assertThat(visit.get("/?a=" + "x".repeat(3000)).status()).isEqualTo(414);
        for (String address :
                List.of("/%", "/%4", "/%zz", "/%ff", "/?a=%c3%28", "/?a=1&a=2", "/runs/é", "/?" + "a&".repeat(30))) {
            assertThat(visit.get(address).status()).as(address).isEqualTo(400);
        }
    }

    @Test
    void every_answer_forbids_what_a_page_does_not_need() {
        TestedRun run = shop.push();
        for (String address : List.of(
                "/",
                Shop.address(run),
                Shop.address(run) + Shop.VOTE,
                "/nothing",
                "/%",
                Shop.address(run) + "/live?seen=1")) {
            assertThat(visit.get(address).headers())
                    .as(address)
                    .containsEntry("content-security-policy", Answers.POLICY)
                    .containsEntry("x-content-type-options", "nosniff")
                    .containsEntry("cache-control", "no-store")
                    .containsEntry("referrer-policy", "same-origin")
                    .containsEntry("content-type", "text/html; charset=utf-8");
        }
    }

    @Test
    void files_are_kept_for_good_and_asked_for_again_by_their_tag() {
        Matcher files = ASSET.matcher(visit.page(Shop.address(shop.push())));
        int found = 0;
        while (files.find()) {
            found++;
            HttpAnswer whole = visit.get(files.group(1));
            assertThat(whole.status()).isEqualTo(200);
            assertThat(whole.body()).isNotEmpty();
            assertThat(whole.headers()).containsEntry("x-content-type-options", "nosniff");
            assertThat(whole.headers().get("cache-control")).contains("immutable");
            HttpAnswer again = shop.visit()
                    .sending("if-none-match", whole.headers().get("etag"))
                    .get(files.group(1));
            assertThat(again.status()).isEqualTo(304);
            assertThat(again.body()).isEmpty();
        }
        assertThat(found).isEqualTo(3);
    }

    @Test
    void a_request_that_names_another_machine_sees_nothing() {
        shop.push();

        HttpAnswer answer = visit.sending("host", "evil.example.com").get("/");

        assertThat(answer.status()).isEqualTo(403);
        assertThat(Visit.text(answer)).doesNotContain("shop");
    }

    @Test
    void an_engine_that_others_reach_has_no_pages_without_a_token_or_a_proxy() {
        Visit elsewhere = new Visit(shop.engine().attach());

        assertThat(shop.engine().attach().hasPages()).isFalse();
        for (String address : List.of("/", "/environments", "/sign-in", "/runs/x")) {
            assertThat(elsewhere.get(address).status()).as(address).isEqualTo(404);
        }
    }

    @Test
    void a_store_that_does_not_answer_is_503() {
        TestedRun run = shop.push();
        shop.tester.cloud().setFaults(Faults.none().refusingCalls(100));

        HttpAnswer answer = shop.visit().get(Shop.address(run));

        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.headers()).containsKey("retry-after");
    }
}
