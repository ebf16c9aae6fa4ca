// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.notice;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cumulane.engine.Engine;
import dev.cumulane.internal.http.FakeService;
import dev.cumulane.internal.http.FakeService.Mishap;
import dev.cumulane.internal.http.FakeService.Reply;
import dev.cumulane.internal.http.FakeService.Request;
import dev.cumulane.internal.json.RecordJson;
import dev.cumulane.notify.Destination;
import dev.cumulane.notify.Moment;
import dev.cumulane.notify.Notices;
import dev.cumulane.pipeline.Approvers;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.Work;
import dev.cumulane.run.Commit;
import dev.cumulane.run.RunId;
import dev.cumulane.run.SourceEvent;
import dev.cumulane.run.TrustLevel;
import dev.cumulane.testing.SimulatedCloud;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** People hear what they asked for, in the words of their service, and nothing in it is anybody else's markup. */
final class NoticesTest {
    private static final String HOSTILE =
            "<!channel> [x](https://evil.example.com) <https://evil.example.com|y> *b* & </script>";
    private static final String KEY =
            "whsec_" + Base64.getEncoder().encodeToString("k".repeat(32).getBytes(StandardCharsets.UTF_8));

    private final Pipeline pipeline = Pipeline.define("shop", p -> {
        var unit = p.test("unit", Work.container("alpine:3").runs("make test").reports("reports/*.xml"))
                .owner("team-shop");
        p.approval("release", Approvers.anyOf("ada", "grace")).owner("team-ops").after(unit);
    });
    private final SimulatedCloud cloud = SimulatedCloud.of(pipeline);
    private final FakeSlack slack = new FakeSlack();
    private final FakeTeams teams = new FakeTeams();
    private final List<Request> received = new ArrayList<>();
    private final FakeService slackService = new FakeService(slack);
    private final FakeService teamsService = new FakeService(teams);
    private final FakeService receiver = new FakeService(request -> {
        received.add(request);
        return Reply.of(204, "");
    });
    private int pushes;

    @AfterEach
    void close() {
        assertThat(slackService.violations()).isEmpty();
        assertThat(teamsService.violations()).isEmpty();
        slackService.close();
        teamsService.close();
        receiver.close();
    }

    @Test
    void each_service_hears_of_a_failure_once_and_of_an_approval_that_waits() {
        cloud.stage("unit").fails("com.example.ShopTest.sells", HOSTILE);
        Engine engine = open(
                Notices.to("slack", Destination.slackWebhook("slack")),
                Notices.to("teams", Destination.teamsWorkflow("teams")),
                Notices.to("hook", Destination.webhook(receiver.origin() + "/in", "hook")));
        RunId bad = push(engine);
        cloud.advance(ofHours(1));
        cloud.stage("unit").succeeds();
        RunId good = push(engine);
        cloud.advance(ofHours(1));
        engine.approve(good, "release", "ada", "");
        cloud.advance(ofHours(1));

        assertThat(slack.posted().stream().map(FakeSlack::header))
                .containsExactly("✗ shop failed", "? shop waits for you: release", "✓ shop is fixed");
        assertThat(teams.cards().stream().map(FakeTeams::title))
                .containsExactly("shop failed", "shop waits for you: release", "shop is fixed");
        assertThat(received.stream().map(request -> body(request).path("type").asText()))
                .containsExactly("run.failed", "run.waiting", "run.fixed");
        assertThat(slack.posted().get(0).toString())
                .contains("ada <!channel> & co")
                .contains("team-shop")
                .contains("/runs/" + bad);
        assertThat(slack.posted().get(0).path("text").asText()).doesNotContain("<");
        assertThat(engine.find(bad).orElseThrow().untold()).isEmpty();
        assertThat(engine.find(good).orElseThrow().untold()).isEmpty();
    }

    @Test
    void an_outgoing_webhook_is_signed_and_keeps_its_id_and_body_over_retries() throws GeneralSecurityException {
        cloud.stage("unit").fails("boom");
        receiver.next(Mishap.UNANSWERED, Mishap.DOWN, Mishap.THROTTLED);
        Engine engine = open(Notices.to("hook", Destination.webhook(receiver.origin() + "/in", "hook")));
        RunId run = push(engine);
        cloud.advance(ofHours(1));

        assertThat(received).hasSize(2);
        for (Request request : received) {
            assertThat(request.path()).isEqualTo("/in");
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec("k".repeat(32).getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            String signed =
                    request.header("webhook-id") + "." + request.header("webhook-timestamp") + "." + request.body();
            assertThat(request.header("webhook-signature"))
                    .isEqualTo("v1,"
                            + Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8))));
        }
        assertThat(received.get(0).header("webhook-id"))
                .isEqualTo(received.get(1).header("webhook-id"))
                .matches("msg_[0-9a-f]{32}");
        assertThat(received.get(0).body()).isEqualTo(received.get(1).body());
        assertThat(received.get(0).header("webhook-timestamp"))
                .isNotEqualTo(received.get(1).header("webhook-timestamp"));
        JsonNode data = body(received.get(0)).path("data");
        assertThat(data.path("run").asText()).isEqualTo(run.value());
        assertThat(data.path("outcome").asText()).isEqualTo("FAILURE");
        assertThat(data.path("stages").path(0).path("owner").asText()).isEqualTo("team-shop");
    }

    @Test
    void a_first_failure_is_one_after_which_the_same_is_no_news_until_it_is_fixed() {
        Engine engine = open(Notices.to("slack", Destination.slackWebhook("slack"))
                .on(Moment.FIRST_FAILURE, Moment.FIXED, Moment.STARTED));
        for (boolean good : new boolean[] {true, false, false, true, true}) {
            if (good) {
                cloud.stage("unit").succeeds();
            } else {
                cloud.stage("unit").fails("boom");
            }
            RunId run = push(engine);
            cloud.advance(ofHours(1));
            if (good) {
                engine.approve(run, "release", "ada", "");
            }
            cloud.advance(ofHours(1));
        }

        assertThat(slack.posted().stream().map(FakeSlack::header).filter(title -> !title.contains("has begun")))
                .containsExactly("✗ shop fails from this commit on", "✓ shop is fixed");
    }

    @Test
    void owners_hear_of_their_own_stages_alone() {
        cloud.stage("unit").fails("boom");
        Engine engine = open(
                Notices.to("shop", Destination.slackWebhook("slack")).ofOwners("team-shop"),
                Notices.to("ops", Destination.teamsWorkflow("teams")).ofOwners("team-ops"),
                Notices.to("others", Destination.webhook(receiver.origin(), "hook"))
                        .ofPipelines("another"));
        push(engine);
        cloud.advance(ofHours(1));
        cloud.stage("unit").succeeds();
        push(engine);
        cloud.advance(ofHours(1));

        assertThat(slack.posted()).hasSize(1);
        assertThat(teams.cards().stream().map(FakeTeams::title)).containsExactly("shop waits for you: release");
        assertThat(received).isEmpty();
    }

    @Test
    void a_bot_keeps_one_message_per_run_up_to_date_and_puts_notices_into_its_thread() {
        cloud.stage("unit").fails("com.example.ShopTest.sells", HOSTILE);
        Engine engine = open(bot().on(Moment.STARTED, Moment.FAILED));
        push(engine);
        cloud.advance(ofHours(1));

        assertThat(slack.messages()).hasSize(1);
        assertThat(FakeSlack.header(slack.messages().get(0))).isEqualTo("✗ shop failed");
        assertThat(slack.replies()).hasSize(2);
        assertThat(slack.replies().get(1).toString()).contains("ShopTest.sells");
    }

    @Test
    void a_bots_message_says_who_is_asked_and_praises_no_run_that_was_cancelled() {
        Engine engine = open(bot().on(Moment.STARTED, Moment.CANCELLED));
        RunId run = push(engine);
        cloud.advance(ofHours(1));
        assertThat(slack.messages()).extracting(FakeSlack::header).containsExactly("shop waits for release");

        engine.cancel(run, "grace", "");
        cloud.advance(ofHours(1));

        assertThat(slack.messages()).extracting(FakeSlack::header).containsExactly("shop was cancelled");
        assertThat(slack.replies().stream().map(FakeSlack::header))
                .last()
                .asString()
                .startsWith("shop was cancelled");
    }

    @Test
    void a_bots_message_whose_answer_was_lost_is_found_again() {
        cloud.stage("unit").fails("boom");
        slackService.next(Mishap.UNANSWERED, Mishap.DOWN);
        Engine engine = open(bot().on(Moment.STARTED, Moment.FAILED));
        RunId run = push(engine);
        cloud.advance(ofHours(1));

        assertThat(slack.messages()).hasSize(1);
        assertThat(FakeSlack.header(slack.messages().get(0))).isEqualTo("✗ shop failed");
        assertThat(engine.find(run).orElseThrow().untold()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Mishap.class,
            names = {"LATE", "TWICE"})
    void every_message_of_a_run_says_at_last_how_it_ended_whichever_call_comes_late_or_twice(Mishap mishap) {
        for (int before = 0; before < 6; before++) {
            FakeSlack there = new FakeSlack();
            try (FakeService service = new FakeService(there)) {
                IntStream.range(0, before).forEach(good -> service.next(Mishap.NONE));
                service.next(mishap);
                SimulatedCloud world = SimulatedCloud.of(pipeline);
                world.stage("unit").fails("boom");
                world.addSecret("bot", FakeSlack.TOKEN);
                Engine engine = Engine.on(world)
                        .register(pipeline)
                        .notify(bot(service).on(Moment.STARTED, Moment.FAILED))
                        .reachingInside(service.origin())
                        .open();
                RunId run = push(engine);
                world.advance(ofHours(1));

                assertThat(service.violations()).isEmpty();
                assertThat(there.messages())
                        .as("call %s", before)
                        .hasSizeBetween(1, mishap == Mishap.TWICE ? 2 : 1)
                        .allSatisfy(
                                message -> assertThat(FakeSlack.header(message)).isEqualTo("✗ shop failed"));
                assertThat(engine.find(run).orElseThrow().untold()).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Mishap.class,
            names = {"LATE", "TWICE", "UNANSWERED"})
    void a_notice_that_comes_more_than_once_is_the_same_each_time(Mishap mishap) {
        cloud.stage("unit").fails("boom");
        slackService.next(mishap);
        teamsService.next(mishap);
        receiver.next(mishap);
        Engine engine = open(
                Notices.to("slack", Destination.slackWebhook("slack")),
                Notices.to("teams", Destination.teamsWorkflow("teams")),
                Notices.to("hook", Destination.webhook(receiver.origin() + "/in", "hook")));
        push(engine);
        cloud.advance(ofHours(1));

        assertThat(slack.posted()).hasSize(2).allMatch(slack.posted().get(0)::equals);
        assertThat(teams.cards()).hasSize(2).allMatch(teams.cards().get(0)::equals);
        assertThat(received).hasSize(2);
        assertThat(received.stream().map(Request::body).distinct()).hasSize(1);
        assertThat(received.stream()
                        .map(request -> request.header("webhook-id"))
                        .distinct())
                .hasSize(1);
    }

    @Test
    void what_slack_refuses_shows_in_the_run_without_the_token() {
        slack.failWith("channel_not_found");
        Engine engine = open(bot().on(Moment.STARTED));
        RunId run = push(engine);
        cloud.advance(ofMinutes(5));

        assertThat(engine.find(run).orElseThrow().untold()).singleElement().satisfies(untold -> {
            assertThat(untold.follower()).isEqualTo("notice/bot");
            assertThat(untold.why()).isEqualTo("Slack answered channel_not_found to chat.postMessage");
        });
    }

    @Test
    void a_secret_address_leads_to_its_own_service_and_nowhere_else() {
        cloud.addSecret("slack", "https://evil.example.com/canary");
        cloud.addSecret("teams", "no address: canary \n");
        Engine engine = open(
                Notices.to("slack", Destination.slackWebhook("slack")).on(Moment.STARTED),
                Notices.to("teams", Destination.teamsWorkflow("teams")).on(Moment.STARTED),
                Notices.to("none", Destination.slackWebhook("absent")).on(Moment.STARTED));
        RunId run = push(engine);
        cloud.advance(ofMinutes(5));

        assertThat(engine.find(run).orElseThrow().untold())
                .hasSize(3)
                .allSatisfy(untold -> assertThat(untold.why()).doesNotContain("canary"));
        assertThat(engine.find(run).orElseThrow().untold().toString())
                .contains("evil.example.com is not called")
                .contains("no web address")
                .contains("no secret 'absent'");
    }

    @Test
    void long_cards_stay_within_the_limits_of_each_service() {
        String many = "x".repeat(20_000);
        Card card = new Card(
                many,
                Card.Tone.BAD,
                many,
                java.util.stream.IntStream.range(0, 40)
                        .mapToObj(i -> new Card.Fact("Fact", many))
                        .toList(),
                java.util.Collections.nCopies(200, many),
                java.util.Optional.of("https://ci.example.com/runs/x"));

        assertThat(SlackText.message(card).path("blocks").size()).isBetween(4, 50);
        JsonNode section = SlackText.message(card).path("blocks").path(3).path("text");
        assertThat(section.path("text").asText()).hasSize(3_000).endsWith("…");
        assertThat(TeamsText.message(card).toString().getBytes(StandardCharsets.UTF_8))
                .hasSizeLessThan(28 * 1024);
    }

    @Test
    void what_makes_no_sense_is_refused_at_once() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Destination.slackBot("token", "#releases"))
                .withMessageContaining("#releases");
        assertThatIllegalArgumentException().isThrownBy(() -> Destination.webhook("https://u:p@example.com", "hook"));
        assertThatIllegalArgumentException().isThrownBy(() -> Destination.slackWebhook(" "));
        assertThatIllegalArgumentException().isThrownBy(() -> Notices.to("No Name", Destination.slackWebhook("s")));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> open(
                        Notices.to("a", Destination.slackWebhook("slack")),
                        Notices.to("a", Destination.slackWebhook("slack"))))
                .withMessageContaining("notice/a");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Engine.on(cloud).reachingInside("10.0.0.0/8"))
                .withMessageContaining("no origin");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Engine.on(cloud).pages("ci.example.com"))
                .withMessageContaining("address of the pages");
    }

    private Notices bot() {
        return bot(slackService);
    }

    private static Notices bot(FakeService service) {
        return Notices.to("bot", new Destination.SlackBot("bot", FakeSlack.CHANNEL, service.origin() + "/api"));
    }

    private Engine open(Notices... rules) {
        secret("slack", slackService.origin() + FakeSlack.HOOK);
        secret("teams", teamsService.origin() + FakeTeams.PATH);
        secret("bot", FakeSlack.TOKEN);
        secret("hook", KEY);
        return Engine.on(cloud)
                .register(pipeline)
                .notify(rules)
                .pages("https://ci.example.com")
                .reachingInside(slackService.origin(), teamsService.origin(), receiver.origin())
                .open();
    }

    private void secret(String reference, String value) {
        if (!cloud.secrets().exists(reference)) {
            cloud.addSecret(reference, value);
        }
    }

    private RunId push(Engine engine) {
        String id = String.format("%040x", ++pushes);
        return engine.start(
                "shop",
                new SourceEvent.Pushed(
                        new Commit("https://example.com/shop.git", "refs/heads/main", id),
                        "ada <!channel> & co",
                        TrustLevel.TRUSTED));
    }

    private static JsonNode body(Request request) {
        return RecordJson.foreignTree(request.body().getBytes(StandardCharsets.UTF_8), 100_000);
    }
}
