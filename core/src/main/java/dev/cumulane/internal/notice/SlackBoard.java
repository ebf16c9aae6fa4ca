// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.notice;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cumulane.internal.follow.Follower;
import dev.cumulane.internal.follow.UntoldException;
import dev.cumulane.internal.http.CallException;
import dev.cumulane.internal.http.Caller;
import dev.cumulane.internal.http.Json;
import dev.cumulane.notify.Destination;
import dev.cumulane.notify.Notices;
import dev.cumulane.run.RunView;
import java.time.Instant;
import java.util.Optional;

/**
 * Keeps one message of a channel of Slack up to date for each run, from the first moment that is worth a notice, and puts the notices into its thread.
 *
 * <p>A message carries the run's name as metadata, so that it is found again when the answer to its posting was lost.
 */
public final class SlackBoard implements Follower.OfState {
    private static final String EVENT = "cumulane_run";

    private final Notices notices;
    private final Destination.SlackBot bot;
    private final SlackApi slack;
    private final Announcer.Surroundings around;

    SlackBoard(Notices notices, Destination.SlackBot bot, Caller caller, Announcer.Surroundings around) {
        this.notices = notices;
        this.bot = bot;
        this.slack = new SlackApi(bot.api(), bot.reference(), caller, around);
        this.around = around;
    }

    @Override
    public String name() {
        return "notice/" + notices.name();
    }

    @Override
    public boolean follows(RunView run) {
        return notices.pipelines().isEmpty() || notices.pipelines().contains(run.pipeline());
    }

    @Override
    public boolean isNews(RunView run, String memo) {
        Memo known = Memo.of(memo);
        return !known.told().containsAll(Note.keys(run, notices))
                || (!known.message().isEmpty() && !known.shown().equals(shown(run)));
    }

    private String shown(RunView run) {
        Card card = Card.of(run, around.page().apply(run));
        return card.title() + ": " + card.summary();
    }

    @Override
    public String tell(Telling what) {
        Memo memo = Memo.of(what.memo());
        RunView run = what.run();
        try {
            memo = board(what, memo);
            for (String key : Note.keys(run, notices)) {
                if (!memo.told().contains(key)) {
                    Optional<Note> note = Note.of(key, run, notices, around.others());
                    if (note.isPresent()) {
                        if (memo.message().isEmpty()) {
                            memo = post(run, memo, what.again());
                        }
                        reply(note.get(), run, memo);
                    }
                    memo = memo.and(key);
                }
            }
            return memo.text();
        } catch (CallException e) {
            throw UntoldException.because(String.valueOf(e.getMessage()), e).after(memo.text());
        } catch (UntoldException e) {
            throw e.after(memo.text());
        }
    }

    private Memo board(Telling what, Memo memo) {
        if (memo.message().isEmpty() || (!what.again() && memo.shown().equals(shown(what.run())))) {
            return memo;
        }
        RunView run = what.run();
        // How the run is must be said all the same if the message is too old to be changed.
        Memo shown = slack.update(bot.channel(), memo.message(), message(run))
                ? memo.showing(memo.message(), shown(run))
                : post(run, memo, false);
        if (run.outcome().isPresent()) {
            slack.updateOthers(bot.channel(), shown.message(), began(run), message(run));
        }
        return shown;
    }

    private Memo post(RunView run, Memo memo, boolean mayBeThere) {
        Optional<String> there = mayBeThere
                ? slack.find(bot.channel(), began(run), metadata(run)).stream().findFirst()
                : Optional.empty();
        return there.map(ts -> memo.showing(ts, ""))
                .orElseGet(() -> memo.showing(slack.post(message(run)), shown(run)));
    }

    private static Instant began(RunView run) {
        return run.status().times().began().orElse(Instant.EPOCH);
    }

    private void reply(Note note, RunView run, Memo memo) {
        Card card = Card.of(note, run, around.page().apply(run));
        ObjectNode message =
                SlackText.details(card).put("channel", bot.channel()).put("thread_ts", memo.message());
        String error = slack.call("chat.postMessage", message).path("error").asText();
        if (!error.isEmpty() && !error.equals("thread_not_found")) {
            throw SlackApi.refused("chat.postMessage", error);
        }
    }

    private ObjectNode message(RunView run) {
        ObjectNode message =
                SlackText.message(Card.of(run, around.page().apply(run))).put("channel", bot.channel());
        message.set("metadata", metadata(run));
        return message;
    }

    private static ObjectNode metadata(RunView run) {
        return SlackApi.metadata(EVENT, Json.object().put("run", run.id().value()));
    }
}
