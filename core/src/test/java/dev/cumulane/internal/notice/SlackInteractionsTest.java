// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.notice;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.cumulane.cloud.HttpAnswer;
import dev.cumulane.cloud.HttpRequest;
import dev.cumulane.engine.Engine;
import dev.cumulane.internal.http.FakeService;
import dev.cumulane.internal.people.Invitation;
import dev.cumulane.internal.people.VotingLinks;
import dev.cumulane.people.People;
import dev.cumulane.people.Person;
import dev.cumulane.people.SlackApp;
import dev.cumulane.pipeline.Approvers;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.run.Commit;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.RunId;
import dev.cumulane.run.StageView;
import dev.cumulane.run.Vote;
import dev.cumulane.run.VoteRefusal;
import dev.cumulane.testing.Faults;
import dev.cumulane.testing.SimulatedCloud;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A click in Slack votes if Slack says who clicked and the button says on what; and nothing else does. */
final class SlackInteractionsTest {
    private static final String SECRET = "canary of the signing secret";
    private static final String NEXT = "canary of the one that comes next";
    private static final String ADA = "U0000000ADA";
    private static final String GRACE = "U00000GRACE";

    /** The events of a run that has begun and waits. */
    private static final int ASKED = 2;

    private final Pipeline pipeline = Pipeline.define(
            "shop", p -> p.approval("release", Approvers.anyOf("ada", "grace")).expiresAfter(ofDays(1)));
    private final SimulatedCloud cloud = SimulatedCloud.of(pipeline);
    private final FakeSlack slack = new FakeSlack();
    private final FakeService service = new FakeService(slack);
    private Engine engine = open();
    private RunId run = start();

    @BeforeEach
    void ask() {
        cloud.advance(ofMinutes(5));
        assertThat(slack.messagesTo(ADA)).hasSize(1);
    }

    @AfterEach
    void close() {
        assertThat(service.violations()).isEmpty();
        service.close();
    }

    @Test
    void a_click_of_the_person_who_was_asked_is_their_vote() {
        HttpAnswer answer = post(click(ADA, "approve", value(ADA, "approve")));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(text(answer)).contains("ephemeral", "is cast: yes").doesNotContain("canary");
        assertThat(engine.find(run).orElseThrow().outcome()).contains(Outcome.SUCCESS);
        assertThat(votes()).singleElement().satisfies(vote -> {
            assertThat(vote.by()).isEqualTo("ada");
            assertThat(vote.decision()).isEqualTo(Vote.Decision.APPROVE);
            assertThat(vote.via()).isEqualTo(Vote.Via.SLACK);
        });
    }

    @Test
    void a_click_on_the_other_button_rejects() {
        post(click(GRACE, "reject", value(GRACE, "reject")));

        assertThat(engine.find(run).orElseThrow().outcome()).contains(Outcome.FAILURE);
    }

    @Test
    void a_secret_takes_anothers_place_while_both_are_believed() {
        byte[] body = form(click(ADA, "approve", value(ADA, "approve")));

        assertThat(send("POST", signed(NEXT, now(), body), body).status()).isEqualTo(200);
        assertThat(votes()).hasSize(1);
    }

    @Test
    void a_click_that_comes_again_counts_once_and_says_what_became_of_the_approval() {
        byte[] body = form(click(ADA, "approve", value(ADA, "approve")));
        Map<String, List<String>> headers = signed(SECRET, now(), body);
        String grace = value(GRACE, "reject");

        assertThat(text(send("POST", headers, body))).contains("is cast");
        assertThat(text(send("POST", headers, body)))
                .contains("takes no votes any more")
                .contains("approved by ada");
        assertThat(text(post(click(GRACE, "reject", grace)))).contains("approved by ada");
        assertThat(votes()).hasSize(1);
        assertThat(engine.find(run).orElseThrow().outcome()).contains(Outcome.SUCCESS);
    }

    @Test
    void what_does_not_prove_that_it_comes_from_slack_is_answered_with_401() {
        byte[] body = form(click(ADA, "approve", value(ADA, "approve")));
        String time = Long.toString(now().getEpochSecond());
        String proof = proof(SECRET, time, body);
        List<Map<String, List<String>>> bad = new ArrayList<>(List.of(
                Map.of(),
                headers(time),
                Map.of("X-Slack-Signature", List.of(proof)),
                headers(time, proof, proof),
                Map.of("X-Slack-Request-Timestamp", List.of(time, time), "X-Slack-Signature", List.of(proof)),
                headers(time, ""),
                headers(time, proof.substring(3)),
                headers(time, "v1" + proof.substring(2)),
                headers(time, proof.substring(0, proof.length() - 1)),
                headers(time, proof + "0"),
                headers(time, proof.toUpperCase(java.util.Locale.ROOT)),
                headers(time, "v0=" + "0".repeat(64)),
                headers(time, proof("canary of another app", time, body)),
                headers(time, proof(SECRET, time, form(click(GRACE, "approve", value(GRACE, "approve"))))),
                headers(Long.toString(now().getEpochSecond() - 1), proof),
                headers("", proof(SECRET, "", body)),
                headers("-1", proof(SECRET, "-1", body)),
                headers("1e9", proof(SECRET, "1e9", body)),
                headers(" " + time, proof(SECRET, " " + time, body)),
                headers("9".repeat(30), proof(SECRET, "9".repeat(30), body)),
                signed(SECRET, now().minusSeconds(301), body),
                signed(SECRET, now().plusSeconds(301), body),
                signed(SECRET, Instant.EPOCH, body)));
        Map<String, List<String>> zipped = new TreeMap<>(signed(SECRET, now(), body));
        zipped.put("Content-Encoding", List.of("gzip"));
        bad.add(zipped);
        for (Map<String, List<String>> headers : bad) {
            assertRefused(send("POST", headers, body), 401);
        }
        byte[] changed =
                new String(body, StandardCharsets.UTF_8).replace(ADA, GRACE).getBytes(StandardCharsets.UTF_8);
        assertRefused(send("POST", signed(SECRET, now(), body), changed), 401);
        for (String method : List.of("GET", "PUT", "HEAD", "post")) {
            assertRefused(send(method, signed(SECRET, now(), body), body), 401);
        }
        assertThat(bad.size()).isGreaterThanOrEqualTo(20);
        assertThat(history()).hasSize(ASKED);
    }

    @Test
    void what_is_too_large_is_answered_with_413_before_anything_is_computed() {
        byte[] body = new byte[256 * 1024 + 1];

        assertRefused(send("POST", signed(SECRET, now(), body), body), 413);
    }

    @Test
    void without_a_signing_secret_nothing_is_believed() {
        byte[] body = form(click(ADA, "approve", value(ADA, "approve")));
        engine = open(People.of(Person.named("ada").onSlack(ADA)).linksSignedBy("link-key"));

        assertRefused(send("POST", signed(SECRET, now(), body), body), 401);
    }

    @Test
    void what_slack_signed_and_nobody_can_read_is_accepted_and_votes_nothing() {
        String good = click(ADA, "approve", value(ADA, "approve"));
        List<byte[]> bodies = List.of(
                new byte[0],
                raw("payload="),
                raw("payload=%7B%7D&payload=%7B%7D"),
                raw("other=" + good),
                raw("payload=" + good.replace(' ', '\u00a0')),
                raw("payload=%zz"),
                raw("payload=%7"),
                raw("payload=%"),
                raw("payload=%ff%fe%7b%7d"),
                raw("payload=%7b%00%7d"),
                raw("payload=" + URLEncoder.encode(good, StandardCharsets.UTF_16)),
                form("null"),
                form("[]"),
                form("{"),
                form(good + good),
                form("[".repeat(50_000)),
                form("{\"a\":".repeat(80) + "1" + "}".repeat(80)),
                form(good.replaceFirst("\\{", "{\"type\":\"view_submission\",")),
                form(good.replace("\"type\":\"block_actions\"", "\"type\":7")),
                form(good.replace("\"type\":\"block_actions\"", "\"type\":\"view_submission\"")),
                form(good.replace("\"id\":\"" + ADA + "\"", "\"id\":null")),
                form(good.replace("\"id\":\"" + ADA + "\"", "\"id\":\"../../ada\"")),
                form(good.replace("\"actions\":[", "\"actions\":[{\"action_id\":\"approve\",\"value\":\"x\"},")),
                form(good.replaceFirst("\"actions\":\\[.*]", "\"actions\":[]")),
                form(good.replace("\"action_id\":\"approve\"", "\"action_id\":\"open\"")),
                form(click(ADA, "approve", "x".repeat(2_001))),
                form(good.replaceFirst("\"value\":\"[^\"]*\"", "\"value\":7")));
        for (byte[] body : bodies) {
            HttpAnswer answer = send("POST", signed(SECRET, now(), body), body);
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.body()).isEmpty();
        }
        assertThat(history()).hasSize(ASKED);
    }

    @Test
    void a_slack_user_whom_nobody_knows_is_told_so_and_recorded() {
        HttpAnswer answer = post(click("U0000000EVE", "approve", value(ADA, "approve")));

        assertThat(text(answer)).contains("Your vote does not count", "slack:U0000000EVE");
        assertThat(refused()).containsExactly(entry("slack:U0000000EVE", VoteRefusal.NOT_AN_APPROVER));
        assertThat(votes()).isEmpty();
    }

    @Test
    void a_button_is_for_whom_it_asks() {
        assertThat(text(post(click(GRACE, "approve", value(ADA, "approve"))))).contains("This asks ada");
        assertThat(history()).hasSize(ASKED);
    }

    @Test
    void a_button_that_was_not_made_here_votes_nothing() {
        String approve = value(ADA, "approve");
        Invitation invitation = invitation();
        VotingLinks foreign =
                new VotingLinks(People.nobody().linksSignedBy("foreign-key"), cloud.secrets(), Optional.empty());
        for (String forged : List.of(
                "",
                "approve",
                approve.substring(1),
                approve.substring(0, approve.length() - 1),
                approve.replace('.', '!'),
                value(ADA, "reject"),
                links().token(invitation).orElseThrow(),
                foreign.button(invitation, Vote.Decision.APPROVE).orElseThrow())) {
            assertThat(text(post(click(ADA, "approve", forged)))).contains("Nothing was voted");
        }
        assertThat(text(post(click(ADA, "reject", approve)))).contains("Nothing was voted");
        assertThat(history()).hasSize(ASKED);
    }

    @Test
    void a_vote_on_something_else_than_what_is_decided_now_does_not_count() {
        Invitation now = invitation();
        Invitation other = new Invitation(now.run(), now.stage(), "ada", Digest.of(new byte[] {1}), now.until());

        assertThat(text(post(click(ADA, "approve", button(other))))).contains("Your vote does not count");
        assertThat(refused()).containsExactly(entry("ada", VoteRefusal.ANOTHER_SUBJECT));
        assertThat(engine.find(run).orElseThrow().outcome()).isEmpty();
    }

    @Test
    void what_does_not_exist_takes_no_vote() {
        Invitation now = invitation();

        assertThat(text(post(click(
                        ADA,
                        "approve",
                        button(new Invitation(
                                new RunId("shop-0123456789abcdef"), "release", "ada", now.subject(), now.until()))))))
                .contains("shop-0123456789abcdef");
        assertThat(text(post(
                        click(ADA, "approve", button(new Invitation(run, "gone", "ada", now.subject(), now.until()))))))
                .contains("has no approval 'gone'");
        assertThat(history()).hasSize(ASKED);
    }

    @Test
    void a_click_after_the_approval_has_expired_is_too_late() {
        String value = value(ADA, "approve");
        cloud.advance(ofDays(2));

        assertThat(text(post(click(ADA, "approve", value)))).contains("takes no votes any more");
        assertThat(votes()).isEmpty();
        assertThat(engine.find(run).orElseThrow().outcome()).contains(Outcome.TIMEOUT);
    }

    @Test
    void a_vote_that_cannot_be_queued_is_not_said_to_be_cast() {
        byte[] body = form(click(ADA, "approve", value(ADA, "approve")));
        cloud.setFaults(Faults.none().refusingCalls(100));

        assertThat(engine.answer(HttpRequest.of("POST", SlackInteractions.PATH, "", signed(SECRET, now(), body), body))
                        .status())
                .isEqualTo(503);
    }

    @Test
    void no_address_in_a_payload_is_called() {
        int before = service.requests();
        byte[] body = form(click(ADA, "approve", value(ADA, "approve")));

        engine.answer(HttpRequest.of("POST", SlackInteractions.PATH, "", signed(SECRET, now(), body), body));

        assertThat(service.requests()).isEqualTo(before);
        cloud.advance(ofMinutes(5));
        // A call of the response_url would be a violation of the fake's rules.
        assertThat(service.violations()).isEmpty();
    }

    private String click(String user, String action, String value) {
        return "{\"type\":\"block_actions\",\"user\":{\"id\":\"" + user + "\",\"username\":\"ada\",\"team_id\":\"T1\"},"
                + "\"api_app_id\":\"A1\",\"token\":\"canary\",\"trigger_id\":\"1.2\",\"team\":{\"id\":\"T1\"},"
                + "\"response_url\":\"" + service.origin() + "/actions/canary\","
                + "\"actions\":[{\"action_id\":\"" + action + "\",\"block_id\":\"b\",\"type\":\"button\",\"value\":\""
                + value
                + "\",\"action_ts\":\"1.2\"}]}";
    }

    private static byte[] form(String json) {
        return raw("payload=" + URLEncoder.encode(json, StandardCharsets.UTF_8));
    }

    private static byte[] raw(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private Instant now() {
        return cloud.clock().instant();
    }

    private static Map<String, List<String>> headers(String time, String... proofs) {
        return Map.of("X-Slack-Request-Timestamp", List.of(time), "X-Slack-Signature", List.of(proofs));
    }

    private static Map<String, List<String>> signed(String secret, Instant at, byte[] body) {
        String time = Long.toString(at.getEpochSecond());
        return headers(time, proof(secret, time, body));
    }

    private static String proof(String secret, String time, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            mac.update(("v0:" + time + ":").getBytes(StandardCharsets.UTF_8));
            return "v0=" + HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private HttpAnswer post(String json) {
        byte[] body = form(json);
        return send("POST", signed(SECRET, now(), body), body);
    }

    private HttpAnswer send(String method, Map<String, List<String>> headers, byte[] body) {
        HttpAnswer answer = engine.answer(HttpRequest.of(method, SlackInteractions.PATH, "", headers, body));
        cloud.settle();
        return answer;
    }

    private static String text(HttpAnswer answer) {
        assertThat(answer.status()).isEqualTo(200);
        return new String(answer.body(), StandardCharsets.UTF_8);
    }

    private static void assertRefused(HttpAnswer answer, int status) {
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.body()).isEmpty();
    }

    /** What the button of a message carries. */
    private String value(String user, String action) {
        return FakeSlack.buttons(slack.messagesTo(user).get(0))
                .get(action)
                .path("value")
                .asText();
    }

    private String button(Invitation invitation) {
        return links().button(invitation, Vote.Decision.APPROVE).orElseThrow();
    }

    private VotingLinks links() {
        return new VotingLinks(people(), cloud.secrets(), Optional.empty());
    }

    private Invitation invitation() {
        StageView.Waiting waiting = engine.find(run)
                .orElseThrow()
                .stage("release")
                .progress()
                .waiting()
                .orElseThrow();
        return new Invitation(
                run,
                "release",
                "ada",
                waiting.question().orElseThrow().subject(),
                waiting.until().orElseThrow());
    }

    private List<RunEvent> history() {
        return engine.history(run).stream()
                .flatMap(record -> record.events().stream())
                .toList();
    }

    private List<Vote> votes() {
        return history().stream()
                .filter(RunEvent.VoteCounted.class::isInstance)
                .map(event -> ((RunEvent.VoteCounted) event).vote())
                .toList();
    }

    private Map<String, VoteRefusal> refused() {
        Map<String, VoteRefusal> refused = new TreeMap<>();
        history().stream()
                .filter(RunEvent.VoteRefused.class::isInstance)
                .map(RunEvent.VoteRefused.class::cast)
                .forEach(event -> refused.put(event.vote().by(), event.why()));
        return refused;
    }

    private People people() {
        return People.of(Person.named("ada").onSlack(ADA), Person.named("grace").onSlack(GRACE))
                .linksSignedBy("link-key")
                .askedBy(new SlackApp("bot", List.of("signing", "next-signing"), service.origin() + "/api"));
    }

    private Engine open() {
        cloud.addSecret("bot", FakeSlack.TOKEN);
        cloud.addSecret("link-key", "canary key of the voting links");
        cloud.addSecret("foreign-key", "canary key of somebody else");
        cloud.addSecret("signing", SECRET);
        cloud.addSecret("next-signing", NEXT);
        return open(people());
    }

    private Engine open(People people) {
        return FakeSlack.engine(cloud, pipeline, people, service);
    }

    private RunId start() {
        return engine.start("shop", new Commit("https://example.com/shop.git", "", "a".repeat(40)), "linus");
    }
}
