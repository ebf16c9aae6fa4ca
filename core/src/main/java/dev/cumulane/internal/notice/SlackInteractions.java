// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.notice;

import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.HttpAnswer;
import dev.cumulane.cloud.HttpRequest;
import dev.cumulane.internal.http.Json;
import dev.cumulane.internal.json.MalformedJsonException;
import dev.cumulane.internal.people.Invitation;
import dev.cumulane.internal.people.Strangers;
import dev.cumulane.internal.people.VotingLinks;
import dev.cumulane.internal.source.WebhookSecret;
import dev.cumulane.people.People;
import dev.cumulane.people.Person;
import dev.cumulane.people.SlackApp;
import dev.cumulane.run.RunId;
import dev.cumulane.run.Vote;
import dev.cumulane.run.Voter;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what people click in Slack. Slack says who, and signs it; the button says on what, and that is signed by us. A vote that does not count is recorded as such, and
 * its voter is told why. Any thread.
 *
 * <p>What is authentic is answered with 200, whatever it tells, within the three seconds that Slack waits: the vote goes into the queue and nowhere else. What is not
 * proven is answered with 401, what is too large with 413, and with 503 what could not be queued. No address in a payload is ever called.
 */
public final class SlackInteractions {
    /** Where Slack sends them. */
    public static final String PATH = "/slack/interactions";

    private static final Logger LOG = LoggerFactory.getLogger(SlackInteractions.class);

    private final Cloud cloud;
    private final People people;
    private final VotingLinks links;
    private final Booth booth;

    /** Takes votes. */
    @FunctionalInterface
    public interface Booth {
        /**
         * Casts a vote.
         *
         * @throws IllegalArgumentException if it does not count; the message says why
         * @throws IllegalStateException if no votes are taken now; the message says why
         */
        void vote(RunId run, String stage, Voter by, Vote.Decision decision, String comment);
    }

    /** Takes the clicks of these people. */
    public SlackInteractions(Cloud cloud, People people, VotingLinks links, Booth booth) {
        this.cloud = cloud;
        this.people = people;
        this.links = links;
        this.booth = booth;
    }

    /** Answers a request to {@link #PATH}; never throws. */
    public HttpAnswer answer(HttpRequest request) {
        try {
            if (request.body().length > SlackClick.LARGEST) {
                return refused(413, "it is too large");
            }
            Optional<String> refusal = refusal(request);
            return refusal.isPresent() ? refused(401, refusal.get()) : said(heard(request.body()));
        } catch (CloudException e) {
            LOG.warn("A click in Slack could not be queued: {}", e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("A click in Slack could not be answered", e);
        }
        return HttpAnswer.text(503, "try again later");
    }

    private Optional<String> refusal(HttpRequest request) {
        boolean isPlainPost = request.method().equals("POST")
                && request.headers().getOrDefault("content-encoding", List.of()).stream()
                        .allMatch("identity"::equals);
        if (!isPlainPost) {
            return Optional.of("it is no plain POST");
        }
        List<String> references = people.slack().map(SlackApp::signing).orElse(List.of());
        return SlackProof.refusal(
                request,
                WebhookSecret.readable(cloud.secrets(), references, "the Slack app"),
                cloud.clock().instant());
    }

    /** What the person who clicked is told; empty if there is nothing to say. */
    private String heard(byte[] body) {
        Optional<SlackClick> click;
        try {
            click = SlackClick.of(body);
        } catch (SlackClick.MalformedException | MalformedJsonException e) {
            LOG.error("An authentic request of Slack cannot be read: {}", e.getMessage());
            return "";
        }
        return click.map(this::cast).orElse("");
    }

    private String cast(SlackClick click) {
        VotingLinks.Read read =
                links.readButton(click.decision(), click.value(), cloud.clock().instant());
        if (read instanceof VotingLinks.Read.Good good) {
            return cast(click, good.invitation());
        }
        if (read instanceof VotingLinks.Read.Expired expired) {
            return cast(click, expired.invitation());
        }
        LOG.warn("Slack user {} clicked a button that was not made here", click.user());
        return "This button is not one of this engine, or its key is no longer in use. Nothing was voted.";
    }

    private String cast(SlackClick click, Invitation asked) {
        Optional<Person> person = people.onSlack(click.user());
        if (person.isPresent() && !person.get().name().equals(asked.person())) {
            return "This asks " + asked.person() + ", and you are "
                    + person.get().name() + ". Nothing was voted.";
        }
        String name = person.map(Person::name).orElseGet(() -> Strangers.name("slack", click.user()));
        Voter voter = new Voter(name, Vote.Via.SLACK, Optional.of(asked.subject()));
        String about = "'" + asked.stage() + "' of run " + asked.run();
        try {
            booth.vote(asked.run(), asked.stage(), voter, click.decision(), "");
            return "Your vote on " + about + " is cast: "
                    + (click.decision() == Vote.Decision.APPROVE ? "yes." : "no.");
        } catch (IllegalArgumentException | IllegalStateException e) {
            return "Your vote does not count: " + e.getMessage();
        }
    }

    private static HttpAnswer said(String text) {
        if (text.isEmpty()) {
            return new HttpAnswer(200, Collections.emptySortedMap(), new byte[0]);
        }
        byte[] body = Json.bytes(Json.object()
                .put("response_type", "ephemeral")
                .put("replace_original", false)
                .put("text", Card.cut(SlackText.escaped(text), 3_000)));
        return new HttpAnswer(200, Collections.emptySortedMap(), body).with("content-type", "application/json");
    }

    private static HttpAnswer refused(int status, String why) {
        LOG.info("A request to {} is answered with {}: {}", PATH, status, why);
        return new HttpAnswer(status, Collections.emptySortedMap(), new byte[0]);
    }
}
