// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.cumulane.cloud.HttpAnswer;
import dev.cumulane.internal.people.Invitation;
import dev.cumulane.internal.people.VotingLinks;
import dev.cumulane.people.People;
import dev.cumulane.people.Person;
import dev.cumulane.people.SignInProxy;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.Vote;
import dev.cumulane.run.VoteRefusal;
import dev.cumulane.testing.TestedRun;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class VotesTest {
    private static final Map<String, String> YES = Map.of("by", "ada", "decision", "approve", "comment", "go");

    private final Shop shop = new Shop();
    private final Visit visit = shop.visit();

    @Test
    void the_page_says_what_is_decided_and_by_whom() {
        TestedRun live = shop.push().approve("release", "ada");
        shop.tester.advance(Duration.ofDays(1));
        TestedRun between = shop.push();
        TestedRun run = shop.push("linus", "Give change", Optional.empty());

        String page = visit.page(Shop.address(run) + Shop.VOTE);

        assertThat(page)
                .contains("<title>‖ shop: release waiting · Cumulane</title>", "ada or grace")
                .contains("What goes ahead", "production", "10 % of the traffic, each for 5 minutes, then all")
                .contains("Commits since the last release to production", "Give change")
                .contains(commit(between))
                .contains("Live is commit", commit(live))
                .contains(run.stage("build")
                        .artifact("jar")
                        .orElseThrow()
                        .digest()
                        .hex())
                .contains("unit-17", "3 tests")
                .contains("<form", "Who are you?")
                .doesNotContain("http-equiv");
    }

    private static String commit(TestedRun run) {
        return run.view().source().commit().id().substring(0, 10);
    }

    @Test
    void the_first_release_and_one_that_is_live_already_are_called_so() {
        TestedRun run = shop.push();

        assertThat(visit.page(Shop.address(run) + Shop.VOTE)).contains("this is the first release");
        run.approve("release", "ada");
        TestedRun again = run.rerun("ada");
        assertThat(visit.page(Shop.address(again) + Shop.VOTE)).contains("The commit that is live there already");
    }

    @Test
    void a_form_that_was_filled_in_lets_the_run_go_on() {
        TestedRun run = shop.push();

        HttpAnswer answer = visit.fill(Shop.address(run) + Shop.VOTE, YES);
        shop.settle();

        assertThat(answer.status()).isEqualTo(303);
        assertThat(answer.headers()).containsEntry("location", Shop.address(run) + "?voted=release");
        assertThat(visit.page(Shop.address(run) + "?voted=release")).contains("Your vote has been sent");
        assertThat(run.stage("release").progress().votes()).singleElement().satisfies(vote -> {
            assertThat(vote.by()).isEqualTo("ada");
            assertThat(vote.comment()).isEqualTo("go");
            assertThat(vote.via()).isEqualTo(Vote.Via.PAGE);
        });
        run.assertSucceeded();
        assertThat(visit.page(Shop.address(run))).contains("ada</bdi></strong> approved release");
        assertThat(visit.page(Shop.address(run) + Shop.VOTE))
                .contains("This is decided")
                .doesNotContain("<form");
    }

    @Test
    void a_rejection_ends_the_run() {
        TestedRun run = shop.push();

        visit.fill(Shop.address(run) + Shop.VOTE, Map.of("by", "grace", "decision", "reject", "comment", ""));
        shop.settle();

        run.assertEnded(Outcome.FAILURE);
    }

    @Test
    void somebody_who_is_no_approver_is_told_so_and_the_vote_is_recorded_as_refused() {
        TestedRun run = shop.push();

        HttpAnswer answer = visit.fill(
                Shop.address(run) + Shop.VOTE, Map.of("by", "mallory", "decision", "approve", "comment", "hi"));
        shop.settle();

        assertThat(answer.status()).isEqualTo(403);
        assertThat(Visit.text(answer)).contains("role=\"alert\"", "mallory", "may not vote", ">\nhi</textarea>");
        run.assertWaitingFor("release");
        assertThat(visit.page(Shop.address(run)))
                .contains("mallory</bdi></strong> wanted to approve release", "they are no approver");
    }

    @Test
    void a_vote_for_something_else_than_is_asked_does_not_count() {
        TestedRun run = shop.push();

        HttpAnswer answer = visit.fill(
                Shop.address(run) + Shop.VOTE, Map.of("by", "ada", "decision", "approve", "subject", "0".repeat(64)));
        shop.settle();

        assertThat(answer.status()).isEqualTo(403);
        run.assertWaitingFor("release");
        assertThat(refusals(run)).containsExactly(VoteRefusal.ANOTHER_SUBJECT);
    }

    private static List<VoteRefusal> refusals(TestedRun run) {
        return run.history().stream()
                .flatMap(record -> record.events().stream())
                .filter(RunEvent.VoteRefused.class::isInstance)
                .map(event -> ((RunEvent.VoteRefused) event).why())
                .toList();
    }

    @Test
    void a_vote_after_the_end_is_a_conflict() {
        TestedRun run = shop.push();
        Map<String, String> hidden = visit.hidden(Shop.address(run) + Shop.VOTE);
        run.reject("release", "grace", "no");

        HttpAnswer answer = visit.post(
                Shop.address(run) + Shop.VOTE,
                Map.of(
                        "token",
                        hidden.get("token"),
                        "subject",
                        hidden.get("subject"),
                        "by",
                        "ada",
                        "decision",
                        "approve"));

        assertThat(answer.status()).isEqualTo(409);
    }

    @Test
    void what_is_no_vote_is_refused() {
        TestedRun run = shop.push();
        String address = Shop.address(run) + Shop.VOTE;

        assertThat(visit.fill(address, Map.of("by", "", "decision", "approve")).status())
                .isEqualTo(422);
        assertThat(visit.fill(address, Map.of("by", "ada\n", "decision", "approve"))
                        .status())
                .isEqualTo(422);
        assertThat(visit.fill(address, Map.of("by", "ada")).status()).isEqualTo(422);
        assertThat(visit.fill(address, Map.of("by", "ada", "decision", "perhaps"))
                        .status())
                .isEqualTo(422);
        assertThat(visit.fill(address, Map.of("by", "ada", "decision", "approve", "subject", "x"))
                        .status())
                .isEqualTo(422);
        assertThat(visit.fill(address, Map.of("by", "ada", "decision", "approve", "comment", "x".repeat(1001)))
                        .status())
                .isEqualTo(422);
        assertThat(visit.fill(address, Map.of("by", "ada", "decision", "approve", "comment", "x".repeat(20_000)))
                        .status())
                .isEqualTo(413);
        assertThat(visit.send("POST", address, "a=1&a=2").status()).isEqualTo(400);
        assertThat(shop.visit()
                        .sending("content-type", "application/json")
                        .send("POST", address, "{}")
                        .status())
                .isEqualTo(415);
        assertThat(shop.visit()
                        .sending("content-type", "multipart/form-data")
                        .send("POST", address, "")
                        .status())
                .isEqualTo(415);
        assertNobodyVoted(run);
    }

    @Test
    void a_form_from_another_page_votes_for_nobody() {
        TestedRun run = shop.push();
        String address = Shop.address(run) + Shop.VOTE;

        for (String site : List.of("cross-site", "same-site", "none", "")) {
            assertThat(shop.visit()
                            .sending("sec-fetch-site", site)
                            .fill(address, YES)
                            .status())
                    .as(site)
                    .isEqualTo(403);
        }
        for (String origin : List.of(
                "null",
                "https://evil.example.com",
                "http://127.0.0.1",
                "http://127.0.0.1:8081",
                "http://localhost:8080",
                "http://127.0.0.1:8080.evil.example.com",
                "http://evil.example.com//127.0.0.1:8080",
                "127.0.0.1:8080",
                "")) {
            assertThat(shop.visit().sending("origin", origin).fill(address, YES).status())
                    .as(origin)
                    .isEqualTo(403);
        }
        assertNobodyVoted(run);
        assertThat(visit.sending("sec-fetch-site", "same-origin")
                        .sending("origin", "http://127.0.0.1:8080")
                        .fill(address, YES)
                        .status())
                .isEqualTo(303);
    }

    @Test
    void behind_a_proxy_that_names_another_host_our_origin_is_that_of_the_pages_address() {
        TestedRun run = shop.push();
        shop.tester.cloud().addSecret("token", "the token of the pages");
        Visit there = new Visit(shop.engine()
                        .pagesForToken("token")
                        .pages("https://ci.example.com")
                        .attach())
                .sending("authorization", "Bearer the token of the pages");
        String address = Shop.address(run) + Shop.VOTE;

        assertThat(there.sending("origin", "https://ci.example.com:8443")
                        .fill(address, YES)
                        .status())
                .isEqualTo(403);
        assertThat(there.sending("host", "evil.example")
                        .sending("origin", "https://evil.example")
                        .fill(address, YES)
                        .status())
                .as("a host that a request names is not where the pages are")
                .isEqualTo(403);
        assertThat(there.sending("origin", "https://ci.example.com")
                        .fill(address, YES)
                        .status())
                .isEqualTo(303);
    }

    @Test
    void a_form_without_its_token_votes_for_nobody() {
        TestedRun run = shop.push();
        TestedRun other = shop.push();
        String address = Shop.address(run) + Shop.VOTE;
        String token = visit.hidden(address).get("token");
        String foreign = visit.hidden(Shop.address(other) + Shop.VOTE).get("token");
        String anothers = shop.visit().hidden(address).get("token");

        for (String bad : List.of(
                "",
                "x",
                foreign,
                anothers,
                token + "x",
                token.substring(1),
                "9" + token,
                token.substring(0, token.length() - 1),
                token.substring(0, token.indexOf('.') + 1) + "A".repeat(43))) {
            HttpAnswer answer =
                    visit.fill(address, Map.of("by", "ada", "decision", "approve", "comment", "kept", "token", bad));
            assertThat(answer.status()).as(bad).isEqualTo(403);
            assertThat(Visit.text(answer)).contains("This form is too old", ">\nkept</textarea>");
        }
        Map<String, String> old = visit.hidden(address);
        shop.tester.advance(FormTokens.LIFE.plusSeconds(1));
        assertThat(visit.post(
                                address,
                                Map.of(
                                        "token",
                                        old.get("token"),
                                        "subject",
                                        old.get("subject"),
                                        "by",
                                        "ada",
                                        "decision",
                                        "approve"))
                        .status())
                .isEqualTo(403);
        assertNobodyVoted(run);
    }

    private void assertNobodyVoted(TestedRun run) {
        shop.settle();
        run.assertWaitingFor("release");
        assertThat(run.stage("release").progress().votes()).isEmpty();
        assertThat(refusals(run)).isEmpty();
    }

    @Test
    void who_has_signed_in_is_not_asked_who_they_are() {
        TestedRun run = shop.push();
        shop.tester.cloud().addSecret("proof", "the proxy says so, and nobody else");
        People people = People.of(Person.named("ada").signedInAs("ada@example.com"))
                .behind(SignInProxy.saying("X-Auth-Email", "X-Proxy-Proof", "proof"));
        Visit ada = new Visit(shop.engine().people(people).attach())
                .sending("x-proxy-proof", "the proxy says so, and nobody else")
                .sending("x-auth-email", "ada@example.com");
        String address = Shop.address(run) + Shop.VOTE;

        assertThat(ada.page(address)).contains("You are <bdi>ada</bdi>").doesNotContain("Who are you?");
        assertThat(ada.fill(address, Map.of("by", "grace", "decision", "approve"))
                        .status())
                .isEqualTo(303);
        shop.settle();

        assertThat(run.stage("release").progress().votes())
                .extracting(Vote::by, Vote::via)
                .containsExactly(tuple("ada", Vote.Via.PROXY));
        Visit eve = new Visit(shop.engine().people(people).attach())
                .sending("x-proxy-proof", "the proxy says so, and nobody else")
                .sending("x-auth-email", "eve@example.com");
        assertThat(eve.page(Shop.address(shop.push()) + Shop.VOTE))
                .contains("this is for others to decide", "proxy:eve@example.com")
                .doesNotContain("<form");
    }

    @Test
    void a_voting_link_shows_its_approval_and_votes_by_its_form_alone() {
        TestedRun run = shop.push();
        Visit ada = withLinks();
        String link = link(run, "ada", subject(run), shop.tester.now().plusSeconds(3600));

        for (int i = 0; i < 3; i++) {
            assertThat(ada.page(link)).contains("You are <bdi>ada</bdi>", "What goes ahead");
            assertThat(ada.send("HEAD", link, "").status()).isEqualTo(200);
        }
        assertNobodyVoted(run);
        HttpAnswer voted = ada.fill(link, Map.of("decision", "approve", "by", "grace"));
        shop.settle();

        assertThat(voted.status()).isEqualTo(303);
        assertThat(voted.headers()).containsEntry("location", link + "?voted=release");
        assertThat(run.stage("release").progress().votes())
                .extracting(Vote::by, Vote::via)
                .containsExactly(tuple("ada", Vote.Via.LINK));
        assertThat(ada.page(link)).contains("This is decided").doesNotContain("<form");
    }

    @Test
    void a_link_that_is_forged_or_too_old_votes_for_nobody() {
        TestedRun run = shop.push();
        Visit ada = withLinks();
        Instant until = shop.tester.now().plusSeconds(3600);
        String link = link(run, "ada", subject(run), until);

        assertThat(ada.get(link + "x").status()).isEqualTo(404);
        assertThat(ada.post(link + "x", YES).status()).isEqualTo(404);
        assertThat(ada.fill(link(run, "ada", Digest.of(new byte[0]), until), YES)
                        .status())
                .isEqualTo(409);
        shop.tester.advance(Duration.ofHours(2));
        assertThat(ada.get(link).status()).isEqualTo(200);
        assertThat(ada.fill(link, YES).status()).isEqualTo(410);
        assertNobodyVoted(run);
    }

    /** Somebody far away, who may see no page but the one that the link shows. */
    private Visit withLinks() {
        shop.tester.cloud().addSecret("links", "a key of the voting links");
        return new Visit(shop.engine()
                        .people(People.nobody().linksSignedBy("links"))
                        .attach())
                .sending("host", "ci.example.com");
    }

    private String link(TestedRun run, String person, Digest subject, Instant until) {
        VotingLinks links = new VotingLinks(
                People.nobody().linksSignedBy("links"), shop.tester.cloud().secrets(), Optional.empty());
        return VotingLinks.PATH
                + links.token(new Invitation(run.id(), "release", person, subject, until))
                        .orElseThrow();
    }

    private static Digest subject(TestedRun run) {
        return Bits.question(run.stage("release")).orElseThrow().subject();
    }
}
