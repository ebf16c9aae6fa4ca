// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.notice;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cumulane.internal.follow.UntoldException;
import dev.cumulane.internal.http.Answer;
import dev.cumulane.internal.http.Call;
import dev.cumulane.internal.http.Caller;
import dev.cumulane.internal.http.Json;
import dev.cumulane.internal.http.Refusals;
import dev.cumulane.internal.http.Url;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Slack's Web API, as a bot calls it. */
final class SlackApi {
    private final String address;
    private final String token;
    private final Caller caller;
    private final Announcer.Surroundings around;

    /**
     * The API.
     *
     * @param address its address
     * @param token the secret reference of the bot's token
     */
    SlackApi(String address, String token, Caller caller, Announcer.Surroundings around) {
        this.address = address;
        this.token = token;
        this.caller = caller;
        this.around = around;
    }

    /** Calls a method; a refusal is in the answer's field {@code error}. */
    JsonNode call(String method, ObjectNode body) {
        return answer(Call.json("POST", Url.of(address).with(method).uri(), Json.bytes(body)));
    }

    /**
     * Posts a message.
     *
     * @return its name, the time at which it was posted
     */
    String post(ObjectNode message) {
        JsonNode answer = call("chat.postMessage", message);
        String error = answer.path("error").asText();
        String ts = answer.path("ts").asText();
        if (!error.isEmpty() || ts.isEmpty()) {
            throw refused("chat.postMessage", error);
        }
        return ts;
    }

    /**
     * The messages of a channel that carry this metadata: one whose answer was lost, or two if something on the way sent one again. None also if the bot may not read the
     * channel.
     *
     * @param since when they were posted at the earliest
     * @param metadata see {@link #metadata}
     * @return their names
     */
    List<String> find(String channel, Instant since, JsonNode metadata) {
        Url url = Url.of(address)
                .with("conversations.history")
                .parameter("channel", channel)
                .parameter("oldest", Long.toString(since.getEpochSecond() - 60))
                .parameter("include_all_metadata", "true")
                .parameter("limit", "200");
        List<String> found = new ArrayList<>();
        for (JsonNode message : answer(Call.of("GET", url.uri())).path("messages")) {
            if (message.path("metadata").equals(metadata)) {
                found.add(message.path("ts").asText());
            }
        }
        return found;
    }

    /**
     * Changes a message.
     *
     * @return whether it was changed, or somebody deleted it, who does not want to read it; false if it is too old to be changed
     */
    boolean update(String channel, String ts, ObjectNode message) {
        ObjectNode changed = message.deepCopy().put("channel", channel).put("ts", ts);
        String error = call("chat.update", changed).path("error").asText();
        return switch (error) {
            case "", "message_not_found" -> true;
            case "edit_window_closed", "cant_update_message" -> false;
            default -> throw refused("chat.update", error);
        };
    }

    /** Changes all messages with this metadata but one, so that none says for ever what is no longer so. */
    void updateOthers(String channel, String but, Instant since, ObjectNode message) {
        for (String ts : find(channel, since, message.path("metadata"))) {
            if (!ts.equals(but)) {
                update(channel, ts, message);
            }
        }
    }

    /** By what a message is found again. */
    static ObjectNode metadata(String event, ObjectNode payload) {
        ObjectNode metadata = Json.object().put("event_type", event);
        metadata.set("event_payload", payload);
        return metadata;
    }

    private JsonNode answer(Call call) {
        Answer answer = caller.call(call.with("Authorization", "Bearer " + around.secret(token)));
        JsonNode json = Json.of(answer);
        if (!answer.isSuccess() || !json.path("ok").isBoolean()) {
            throw Refusals.of("Slack", answer, around.clock().instant());
        }
        return json;
    }

    static UntoldException refused(String method, String error) {
        String word = error.matches("[a-z_]{1,60}") ? error : "something unknown";
        return UntoldException.because("Slack answered " + word + " to " + method);
    }
}
