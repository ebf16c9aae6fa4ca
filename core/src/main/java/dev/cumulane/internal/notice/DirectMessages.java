// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.notice;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cumulane.internal.follow.Follower;
import dev.cumulane.internal.follow.UntoldException;
import dev.cumulane.internal.http.CallException;
import dev.cumulane.internal.http.Caller;
import dev.cumulane.internal.http.Json;
import dev.cumulane.internal.people.Invitation;
import dev.cumulane.internal.people.VotingLinks;
import dev.cumulane.internal.status.Descriptions;
import dev.cumulane.notify.Moment;
import dev.cumulane.people.People;
import dev.cumulane.people.Person;
import dev.cumulane.people.SlackApp;
import dev.cumulane.pipeline.Plan;
import dev.cumulane.pipeline.Stage;
import dev.cumulane.run.RunId;
import dev.cumulane.run.RunState;
import dev.cumulane.run.RunView;
import dev.cumulane.run.StageView;
import dev.cumulane.run.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Asks each approver who has a Slack user, in a message to them alone: once for each approval, with their voting link and, where Slack may report clicks, buttons. When
 * they have voted, or the approval is decided, the message says so and asks no more.
 *
 * <p>A message carries run, approval and person as metadata, so that it is found again when the answer to its posting was lost. A person who cannot be reached keeps
 * nobody else from being asked.
 */
public final class DirectMessages implements Follower.OfState {
    private static final String EVENT = "cumulane_vote";

    /** Telling may last a minute; each message takes up to three calls. */
    private static final int MOST_AT_ONCE = 10;

    private final People people;
    private final SlackApp app;
    private final SlackApi slack;
    private final VotingLinks links;
    private final Function<RunId, Plan> plans;
    private final Announcer.Surroundings around;

    /**
     * Asks these people.
     *
     * @param app the app that asks
     * @param caller calls Slack alone
     * @param plans the plan that a run follows
     */
    public DirectMessages(
            People people,
            SlackApp app,
            Caller caller,
            VotingLinks links,
            Function<RunId, Plan> plans,
            Announcer.Surroundings around) {
        this.people = people;
        this.app = app;
        this.slack = new SlackApi(app.api(), app.token(), caller, around);
        this.links = links;
        this.plans = plans;
        this.around = around;
    }

    /** Somebody who is to be asked. */
    private record Asked(StageView stage, StageView.Question question, Person person) {
        Optional<Invitation> invitation(RunView run) {
            return stage.progress()
                    .waiting()
                    .flatMap(StageView.Waiting::until)
                    .map(until -> new Invitation(run.id(), stage.name(), person.name(), question.subject(), until));
        }
    }

    @Override
    public String name() {
        return "people/slack";
    }

    @Override
    public boolean follows(RunView run) {
        return run.stages().stream().anyMatch(stage -> stage.kind() == StageView.Kind.APPROVAL);
    }

    @Override
    public boolean isNews(RunView run, String memo) {
        Letters letters = Letters.of(memo);
        return !unasked(run, letters).isEmpty()
                || letters.all().stream().anyMatch(letter -> !letter.isShowing(standing(run, letter)));
    }

    private List<Asked> unasked(RunView run, Letters letters) {
        List<Asked> unasked = new ArrayList<>();
        for (StageView stage : run.stages()) {
            Optional<StageView.Question> question = stage.progress().waiting().flatMap(StageView.Waiting::question);
            question.ifPresent(asks -> asks.approvers().anyOf().stream()
                    .flatMap(name -> people.named(name).stream())
                    .filter(person -> person.slack().isPresent())
                    .filter(person -> letters.to(stage.name(), person.name()).isEmpty())
                    .forEach(person -> unasked.add(new Asked(stage, asks, person))));
        }
        return unasked;
    }

    /** What a letter says when it asks no more; empty while it asks. */
    private static String standing(RunView run, Letters.Letter letter) {
        StageView stage = run.stage(letter.stage());
        Optional<Verdict> verdict = stage.progress().verdict();
        if (verdict.isPresent()) {
            String detail = verdict.get().detail();
            return detail.isEmpty() ? Descriptions.word(verdict.get().outcome()) : detail;
        }
        if (stage.progress().state() != RunState.WAITING) {
            return "it asks no more";
        }
        return stage.progress().votes().stream()
                .filter(vote -> vote.by().equals(letter.person()))
                .reduce((earlier, later) -> later)
                .map(vote -> switch (vote.decision()) {
                    case APPROVE -> "you approved";
                    case REJECT -> "you rejected";
                })
                .orElse("");
    }

    @Override
    public String tell(Telling what) {
        Round round = new Round(what);
        try {
            round.update();
            round.ask();
            return round.letters.text();
        } catch (CallException e) {
            throw UntoldException.because(String.valueOf(e.getMessage()), e).after(round.letters.text());
        } catch (UntoldException e) {
            throw e.after(round.letters.text());
        }
    }

    /** One telling, and how far it came. */
    private final class Round {
        private final Telling what;
        private Letters letters;

        Round(Telling what) {
            this.what = what;
            this.letters = Letters.of(what.memo());
        }

        void update() {
            for (Letters.Letter letter : letters.all()) {
                String standing = standing(what.run(), letter);
                if (what.again() || !letter.isShowing(standing)) {
                    DirectMessages.this.update(what.run(), letter, standing);
                    letters = letters.with(letter.showing(standing));
                }
            }
        }

        void ask() {
            Optional<UntoldException> failure = Optional.empty();
            int before = letters.all().size();
            for (Asked asked : unasked(what.run(), letters)) {
                if (letters.all().size() == before + MOST_AT_ONCE) {
                    throw UntoldException.because(
                            "there are more approvers than are asked at once; the others are next");
                }
                try {
                    letters = letters.with(
                            DirectMessages.this.ask(what, asked, letters.all().size()));
                } catch (UntoldException e) {
                    if (!e.quiet().isZero()) {
                        throw e;
                    }
                    failure = Optional.of(e);
                }
            }
            if (failure.isPresent()) {
                throw failure.get();
            }
        }
    }

    private Letters.Letter ask(Telling what, Asked asked, int before) {
        if (before >= Letters.MOST) {
            throw UntoldException.because("more than " + Letters.MOST + " approvers of a run are not asked one by one");
        }
        String channel = open(asked.person());
        ObjectNode message = question(what.run(), asked).put("channel", channel);
        Optional<String> there = what.again()
                ? slack.find(channel, began(asked.stage()), message.path("metadata")).stream()
                        .findFirst()
                : Optional.empty();
        String ts = there.orElseGet(() -> slack.post(message));
        return new Letters.Letter(asked.stage().name(), asked.person().name(), channel, ts, "");
    }

    private static Instant began(StageView stage) {
        return stage.progress().times().began().orElse(Instant.EPOCH);
    }

    private static ObjectNode metadata(RunView run, String stage, String person) {
        return SlackApi.metadata(
                EVENT,
                Json.object().put("run", run.id().value()).put("stage", stage).put("person", person));
    }

    /** The channel of the bot and a person: the same however often it is opened. */
    private String open(Person person) {
        JsonNode answer = slack.call(
                "conversations.open", Json.object().put("users", person.slack().orElseThrow()));
        String channel = answer.path("channel").path("id").asText();
        if (!channel.matches("D[A-Z0-9]{7,20}")) {
            throw SlackApi.refused(
                    "conversations.open for " + person.name(),
                    answer.path("error").asText());
        }
        return channel;
    }

    private ObjectNode question(RunView run, Asked asked) {
        Optional<Invitation> invitation = asked.invitation(run);
        Optional<String> page =
                invitation.flatMap(links::link).or(() -> around.page().apply(run));
        Note note = new Note("waiting/" + asked.stage().name(), Moment.WAITING, List.of(asked.stage()));
        Card card = Card.of(note, run, page).with(asked.question().artifacts());
        boolean hasButtons = !app.signing().isEmpty() && !needsComment(run, asked.stage());
        ObjectNode message = SlackText.question(
                card, hasButtons ? invitation.flatMap(one -> SlackText.Buttons.of(links, one)) : Optional.empty());
        message.set(
                "metadata", metadata(run, asked.stage().name(), asked.person().name()));
        return message;
    }

    private boolean needsComment(RunView run, StageView stage) {
        return plans.apply(run.id()).stages().stream()
                .anyMatch(one -> one.name().equals(stage.name())
                        && one instanceof Stage.Approval approval
                        && approval.rules().contains(Stage.VotingRule.COMMENTED));
    }

    /** What cannot be changed any more stays as it is: whoever opens its link is told how the approval stands. */
    private void update(RunView run, Letters.Letter letter, String standing) {
        StageView stage = run.stage(letter.stage());
        Optional<Asked> asks = standing.isEmpty() ? asked(stage, letter.person()) : Optional.empty();
        ObjectNode message = asks.map(asked -> question(run, asked))
                .orElseGet(() -> SlackText.message(
                        answered(run, stage, standing.isEmpty() ? "it asks somebody else" : standing)));
        message.set("metadata", metadata(run, letter.stage(), letter.person()));
        slack.update(letter.channel(), letter.message(), message);
        if (!standing.isEmpty()) {
            slack.updateOthers(letter.channel(), letter.message(), began(stage), message);
        }
    }

    private Optional<Asked> asked(StageView stage, String person) {
        return people.named(person)
                .flatMap(known -> stage.progress()
                        .waiting()
                        .flatMap(StageView.Waiting::question)
                        .map(question -> new Asked(stage, question, known)));
    }

    private Card answered(RunView run, StageView stage, String standing) {
        return Card.of(
                        new Note("answered", Moment.STARTED, List.of(stage)),
                        run,
                        around.page().apply(run))
                .saying(run.pipeline() + ": " + stage.name(), standing);
    }
}
