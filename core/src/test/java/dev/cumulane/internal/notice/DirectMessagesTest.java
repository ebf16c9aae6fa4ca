// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.notice;

import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cumulane.cloud.StreamId;
import dev.cumulane.engine.Engine;
import dev.cumulane.internal.http.FakeService;
import dev.cumulane.internal.http.FakeService.Mishap;
import dev.cumulane.internal.people.VotingLinks;
import dev.cumulane.people.People;
import dev.cumulane.people.Person;
import dev.cumulane.people.SlackApp;
import dev.cumulane.pipeline.Approvers;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.Work;
import dev.cumulane.run.Commit;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.RunId;
import dev.cumulane.run.RunView;
import dev.cumulane.run.SourceEvent;
import dev.cumulane.run.TrustLevel;
import dev.cumulane.testing.SimulatedCloud;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Approvers are asked in person: each once, with what only they can use, and until there is nothing more to ask. */
final class DirectMessagesTest {
    private static final String ADA = "U0000000ADA";
    private static final String GRACE = "U00000GRACE";
    private static final String KEY = "canary key of the voting links";
    private static final String HOSTILE = "<!channel> [x](https://evil.example.com) & </script>";

    private final Pipeline pipeline = Pipeline.define("shop", p -> {
        var build = p.build("build", Work.container("alpine:3").runs("make").writes("jar", "shop.jar"));
        var release = p.approval(
                        "release", Approvers.allOf("ada", "grace", "linus").quorum(2))
                .after(build);
        p.test("smoke", Work.container("alpine:3").reads(build.artifact("jar")).runs("sh smoke.sh"))
                .after(release);
        p.approval("announce", Approvers.anyOf("ada")).commented().after(release);
    });
    private final SimulatedCloud cloud = SimulatedCloud.of(pipeline);
    private final FakeSlack slack = new FakeSlack();
    private final FakeService service = new FakeService(slack);
    private int pushes;

    @AfterEach
    void close() {
        assertThat(service.violations()).isEmpty();
        service.close();
    }

    @Test
    void each_approver_with_a_slack_user_is_asked_once_with_a_link_of_their_own() {
        Engine engine = open(people());
        RunId run = push(engine);
        cloud.advance(ofDays(1));

        JsonNode ada = only(ADA);
        JsonNode grace = only(GRACE);
        assertThat(FakeSlack.header(ada)).isEqualTo("? shop waits for you: release");
        assertThat(ada.toString()).contains("jar sha256:").contains("<!channel>");
        assertThat(FakeSlack.buttons(ada).keySet()).containsExactly("open", "approve", "reject");
        assertThat(url(ada)).startsWith("https://ci.example.com/vote/").isNotEqualTo(url(grace));
        assertThat(FakeSlack.buttons(ada).get("approve").path("value"))
                .isNotEqualTo(FakeSlack.buttons(grace).get("approve").path("value"));
        assertThat(read(url(ada))).isInstanceOfSatisfying(VotingLinks.Read.Good.class, good -> {
            assertThat(good.invitation().run()).isEqualTo(run);
            assertThat(good.invitation().stage()).isEqualTo("release");
            assertThat(good.invitation().person()).isEqualTo("ada");
        });
        assertThat(slack.messages()).isEmpty();
        assertThat(view(engine, run).untold()).isEmpty();
    }

    @Test
    void who_has_voted_is_asked_no_more_and_when_it_is_decided_nobody_is() {
        Engine engine = open(people());
        RunId run = push(engine);
        cloud.advance(ofMinutes(5));
        engine.approve(run, "release", "ada", "fine");
        cloud.advance(ofMinutes(5));

        assertThat(FakeSlack.buttons(only(ADA)).keySet()).containsExactly("open");
        assertThat(url(only(ADA))).isEqualTo("https://ci.example.com/runs/" + run);
        assertThat(only(ADA).toString()).contains("you approved");
        assertThat(FakeSlack.buttons(only(GRACE))).containsKey("approve");

        engine.approve(run, "release", "linus", "");
        cloud.advance(ofMinutes(5));

        assertThat(FakeSlack.buttons(only(GRACE)).keySet()).containsExactly("open");
        assertThat(only(GRACE).toString()).contains("approved by ada, linus");
        assertThat(slack.messagesTo(ADA)).hasSize(2);
        assertThat(slack.messagesTo(ADA).get(0).toString()).contains("approved by ada, linus");
    }

    @Test
    void an_approval_that_wants_a_comment_has_no_button_since_a_button_takes_none() {
        Engine engine = open(people());
        RunId run = push(engine);
        cloud.advance(ofMinutes(5));
        engine.approve(run, "release", "linus", "");
        engine.approve(run, "release", "grace", "");
        cloud.advance(ofMinutes(5));

        JsonNode announce = slack.messagesTo(ADA).get(1);
        assertThat(FakeSlack.header(announce)).isEqualTo("? shop waits for you: announce");
        assertThat(FakeSlack.buttons(announce).keySet()).containsExactly("open");
        assertThat(url(announce)).startsWith("https://ci.example.com/vote/");
    }

    @Test
    void without_a_signing_secret_there_are_no_buttons_and_without_a_key_no_links() {
        Engine engine = open(People.of(Person.named("ada").onSlack(ADA))
                .linksSignedBy("link-key")
                .askedBy(app(service)));
        push(engine);
        cloud.advance(ofMinutes(5));
        assertThat(FakeSlack.buttons(only(ADA)).keySet()).containsExactly("open");
        assertThat(url(only(ADA))).contains("/vote/");

        Engine keyless = open(People.of(Person.named("grace").onSlack(GRACE))
                .askedBy(app(service).signingBy("signing")));
        RunId run = push(keyless);
        cloud.advance(ofMinutes(5));
        JsonNode grace = slack.messagesTo(GRACE).get(slack.messagesTo(GRACE).size() - 1);
        assertThat(FakeSlack.buttons(grace).keySet()).containsExactly("open");
        assertThat(url(grace)).isEqualTo("https://ci.example.com/runs/" + run);
    }

    @Test
    void who_asked_for_the_run_is_not_asked_where_nobody_decides_on_their_own() {
        Pipeline strict = Pipeline.define(
                "strict", p -> p.approval("go", Approvers.anyOf("ada", "grace")).notByAuthor());
        SimulatedCloud other = SimulatedCloud.of(strict);
        secrets(other);
        Engine engine = Engine.on(other)
                .register(strict)
                .people(people())
                .pages("https://ci.example.com")
                .reachingInside(service.origin())
                .open();
        engine.start("strict", new Commit("https://example.com/shop.git", "", "a".repeat(40)), "ada");
        other.advance(ofMinutes(5));

        assertThat(slack.messagesTo(ADA)).isEmpty();
        assertThat(slack.messagesTo(GRACE)).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = Mishap.class,
            names = {"UNANSWERED", "DOWN", "THROTTLED", "LATE"})
    void whatever_goes_wrong_with_any_of_its_calls_each_is_asked_once(Mishap mishap) {
        int calls = 0;
        for (int bad = 0; bad == 0 || bad < calls; bad++) {
            FakeSlack fresh = new FakeSlack();
            try (FakeService there = new FakeService(fresh)) {
                for (int good = 0; good < bad; good++) {
                    there.next(Mishap.NONE);
                }
                there.next(mishap);
                SimulatedCloud world = SimulatedCloud.of(pipeline);
                Engine engine = open(world, there, people(there));
                RunId run = push(engine);
                world.advance(ofMinutes(30));
                engine.reject(run, "release", "linus", "no");
                world.advance(ofMinutes(30));

                assertThat(there.violations()).isEmpty();
                assertThat(fresh.messagesTo(ADA)).as("call %s", bad).hasSize(1);
                assertThat(fresh.messagesTo(GRACE)).as("call %s", bad).hasSize(1);
                assertThat(fresh.messagesTo(ADA).get(0).toString()).contains("rejected by linus: no");
                assertThat(fresh.messagesTo(GRACE).get(0).toString()).contains("rejected by linus: no");
                assertThat(view(engine, run).untold()).isEmpty();
                calls = Math.max(calls, Math.min(there.requests(), 8));
            }
        }
        assertThat(calls).isGreaterThanOrEqualTo(6);
    }

    @Test
    void of_a_message_that_came_twice_neither_goes_on_asking() {
        service.next(Mishap.NONE, Mishap.TWICE);
        Engine engine = open(people());
        RunId run = push(engine);
        cloud.advance(ofMinutes(5));
        assertThat(slack.messagesTo(ADA)).hasSize(2);

        engine.reject(run, "release", "linus", "no");
        cloud.advance(ofMinutes(5));

        assertThat(slack.messagesTo(ADA)).hasSize(2).allSatisfy(message -> {
            assertThat(message.toString()).contains("rejected by linus: no");
            assertThat(FakeSlack.buttons(message).keySet()).containsExactly("open");
        });
    }

    @Test
    void who_cannot_be_reached_shows_in_the_run_and_keeps_nobody_else_from_being_asked() {
        slack.disable(ADA);
        Engine engine = open(people());
        RunId run = push(engine);
        cloud.advance(ofMinutes(5));

        assertThat(slack.messagesTo(GRACE)).hasSize(1);
        assertThat(view(engine, run).untold()).singleElement().satisfies(untold -> {
            assertThat(untold.follower()).isEqualTo("people/slack");
            assertThat(untold.why()).isEqualTo("Slack answered user_disabled to conversations.open for ada");
        });
        engine.approve(run, "release", "grace", "");
        engine.approve(run, "release", "linus", "");
        cloud.advance(ofMinutes(5));
        assertThat(slack.messagesTo(GRACE).get(0).toString()).contains("approved by");
        engine.approve(run, "announce", "ada", "done");
        cloud.settle();
        assertThat(view(engine, run).outcome()).contains(Outcome.SUCCESS);
    }

    @Test
    void many_are_asked_a_few_at_a_time_and_what_is_remembered_of_them_stays_small() {
        String[] names = IntStream.range(0, Letters.MOST)
                .mapToObj(i -> String.format("person-%02d-", i) + "x".repeat(110))
                .toArray(String[]::new);
        Pipeline wide = Pipeline.define("wide", p -> p.approval("s".repeat(40), Approvers.anyOf(names)));
        Person[] all = IntStream.range(0, names.length)
                .mapToObj(i -> Person.named(names[i]).onSlack(String.format("U00000%05d", i)))
                .toArray(Person[]::new);
        SimulatedCloud world = SimulatedCloud.of(wide);
        secrets(world);
        Engine engine = Engine.on(world)
                .register(wide)
                .people(People.of(all).linksSignedBy("link-key").askedBy(app(service)))
                .pages("https://ci.example.com")
                .reachingInside(service.origin())
                .open();
        RunId run = engine.start("wide", new Commit("https://example.com/shop.git", "", "a".repeat(40)), "ada");
        world.advance(ofHours(1));
        engine.reject(run, "s".repeat(40), names[7], "\u201eno\u201c ".repeat(150));
        world.advance(ofHours(1));

        for (int i = 0; i < names.length; i++) {
            assertThat(slack.messagesTo(String.format("U00000%05d", i)))
                    .singleElement()
                    .satisfies(message -> assertThat(message.toString()).contains("rejected by person-07-"));
        }
        assertThat(view(engine, run).untold()).isEmpty();
    }

    @Test
    void an_engine_that_takes_over_asks_nobody_again() {
        push(open(people()));
        cloud.advance(ofMinutes(5));
        cloud.restart();
        Engine next = open(people());
        cloud.advance(ofMinutes(30));

        assertThat(next.list(10)).hasSize(1);
        assertThat(slack.messagesTo(ADA)).hasSize(1);
        assertThat(slack.messagesTo(GRACE)).hasSize(1);
    }

    @Test
    void no_secret_and_no_link_is_in_the_run_or_its_records() {
        Engine engine = open(people());
        RunId run = push(engine);
        cloud.advance(ofMinutes(5));

        String link = url(only(ADA)).substring("https://ci.example.com/vote/".length());
        for (String stream : List.of("run/" + run, "follow/" + run)) {
            cloud.journal()
                    .read(new StreamId(stream), 1, 1_000)
                    .forEach(record -> assertThat(new String(record.bytes(), StandardCharsets.UTF_8))
                            .doesNotContain("canary")
                            .doesNotContain(FakeSlack.TOKEN)
                            .doesNotContain(link));
        }
    }

    private VotingLinks.Read read(String url) {
        return new VotingLinks(people(), cloud.secrets(), Optional.empty())
                .read(
                        url.substring("https://ci.example.com/vote/".length()),
                        cloud.clock().instant());
    }

    private JsonNode only(String user) {
        assertThat(slack.messagesTo(user)).isNotEmpty();
        return slack.messagesTo(user).get(0);
    }

    private static String url(JsonNode message) {
        return FakeSlack.buttons(message).get("open").path("url").asText();
    }

    private static RunView view(Engine engine, RunId run) {
        return engine.find(run).orElseThrow();
    }

    private static SlackApp app(FakeService service) {
        return new SlackApp("bot", List.of(), service.origin() + "/api");
    }

    private People people() {
        return people(service);
    }

    private static People people(FakeService service) {
        return People.of(Person.named("ada").onSlack(ADA), Person.named("grace").onSlack(GRACE), Person.named("linus"))
                .linksSignedBy("link-key")
                .askedBy(app(service).signingBy("signing"));
    }

    private Engine open(People people) {
        return open(cloud, service, people);
    }

    private Engine open(SimulatedCloud world, FakeService service, People people) {
        secrets(world);
        return FakeSlack.engine(world, pipeline, people, service);
    }

    private static void secrets(SimulatedCloud world) {
        world.addSecret("bot", FakeSlack.TOKEN);
        world.addSecret("link-key", KEY);
        world.addSecret("signing", "canary of the signing secret");
    }

    private RunId push(Engine engine) {
        return engine.start(
                "shop",
                new SourceEvent.Pushed(
                        new Commit("https://example.com/shop.git", "refs/heads/main", String.format("%040x", ++pushes)),
                        HOSTILE,
                        TrustLevel.TRUSTED));
    }
}
