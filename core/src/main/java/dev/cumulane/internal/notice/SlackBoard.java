// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.notice;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cumulane.internal.follow.Follower;
import dev.cumulane.internal.follow.UntoldException;
import dev.cumulane.internal.http.Answer;
import dev.cumulane.internal.http.Call;
import dev.cumulane.internal.http.CallException;
import dev.cumulane.internal.http.Caller;
import dev.cumulane.internal.http.Json;
import dev.cumulane.internal.http.Refusals;
import dev.cumulane.internal.http.Url;
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
    private final Caller caller;
    private final Announcer.Surroundings around;

    SlackBoard(Notices notices, Destination.SlackBot bot, Caller caller, Announcer.Surroundings around) {
        this.notices = notices;
        this.bot = bot;
        this.caller = caller;
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
        ObjectNode message = message(what.run()).put("ts", memo.message());
        String error = call("chat.update", message).path("error").asText();
        return switch (error) {
            // Somebody deleted it: nobody wants to read it.
            case "", "message_not_found" -> memo.showing(memo.message(), shown(what.run()));
            // It is too old to be changed; how the run is must be said all the same.
            case "edit_window_closed", "cant_update_message" -> post(what.run(), memo, false);
            default -> throw refused("chat.update", error);
        };
    }

    private Memo post(RunView run, Memo memo, boolean mayBeThere) {
        Optional<String> there = mayBeThere ? find(run) : Optional.empty();
        if (there.isPresent()) {
            return memo.showing(there.get(), "");
        }
        JsonNode answer = call("chat.postMessage", message(run));
        String error = answer.path("error").asText();
        String ts = answer.path("ts").asText();
        if (!error.isEmpty() || ts.isEmpty()) {
            throw refused("chat.postMessage", error);
        }
        return memo.showing(ts, shown(run));
    }

    /** The message of a run whose posting was not answered; empty also if the bot may not read the channel. */
    private Optional<String> find(RunView run) {
        Instant began = run.status().times().began().orElse(Instant.EPOCH);
        Url url = Url.of(bot.api())
                .with("conversations.history")
                .parameter("channel", bot.channel())
                .parameter("oldest", Long.toString(began.getEpochSecond() - 60))
                .parameter("include_all_metadata", "true")
                .parameter("limit", "200");
        for (JsonNode message : answer(Call.of("GET", url.uri())).path("messages")) {
            JsonNode metadata = message.path("metadata");
            if (metadata.path("event_type").asText().equals(EVENT)
                    && metadata.path("event_payload")
                            .path("run")
                            .asText()
                            .equals(run.id().value())) {
                return Optional.of(message.path("ts").asText());
            }
        }
        return Optional.empty();
    }

    private void reply(Note note, RunView run, Memo memo) {
        Card card = Card.of(note, run, around.page().apply(run));
        ObjectNode message =
                SlackText.details(card).put("channel", bot.channel()).put("thread_ts", memo.message());
        String error = call("chat.postMessage", message).path("error").asText();
        if (!error.isEmpty() && !error.equals("thread_not_found")) {
            throw refused("chat.postMessage", error);
        }
    }

    private ObjectNode message(RunView run) {
        ObjectNode message =
                SlackText.message(Card.of(run, around.page().apply(run))).put("channel", bot.channel());
        message.putObject("metadata")
                .put("event_type", EVENT)
                .putObject("event_payload")
                .put("run", run.id().value());
        return message;
    }

    private JsonNode call(String method, ObjectNode body) {
        return answer(Call.json("POST", Url.of(bot.api()).with(method).uri(), Json.bytes(body)));
    }

    /** An answer that was understood; a refusal is in its field {@code error}. */
    private JsonNode answer(Call call) {
        Answer answer = caller.call(call.with("Authorization", "Bearer " + around.secret(bot.reference())));
        JsonNode json = Json.of(answer);
        if (!answer.isSuccess() || !json.path("ok").isBoolean()) {
            throw Refusals.of("Slack", answer, around.clock().instant());
        }
        return json;
    }

    private static UntoldException refused(String method, String error) {
        String word = error.matches("[a-z_]{1,60}") ? error : "something unknown";
        return UntoldException.because("Slack answered " + word + " to " + method);
    }
}
