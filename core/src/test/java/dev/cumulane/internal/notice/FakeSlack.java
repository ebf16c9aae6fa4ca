// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.notice;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cumulane.engine.Engine;
import dev.cumulane.internal.http.FakeService;
import dev.cumulane.internal.http.FakeService.Reply;
import dev.cumulane.internal.http.FakeService.Request;
import dev.cumulane.internal.http.FakeService.Rules;
import dev.cumulane.internal.json.RecordJson;
import dev.cumulane.people.People;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.testing.SimulatedCloud;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Slack, as its documentation says: incoming webhooks, and the part of the Web API that a bot needs. Refuses blocks that Slack refuses. */
public final class FakeSlack implements Rules {
    public static final String HOOK = "/services/T000/B000/canaryhook";
    public static final String TOKEN = "xoxb-canary";
    public static final String CHANNEL = "C024BE91L";

    private static final String USER = "[UW][A-Z0-9]{7,20}";

    private static final Set<String> FIELDS =
            Set.of("text", "blocks", "unfurl_links", "unfurl_media", "channel", "metadata", "ts", "thread_ts");

    private final List<JsonNode> posted = new ArrayList<>();
    private final Map<String, JsonNode> messages = new LinkedHashMap<>();
    private final Set<String> gone = new HashSet<>();
    private final List<JsonNode> replies = new ArrayList<>();
    private String error = "";
    private int count;

    /** An engine whose approvers are asked there. */
    static Engine engine(SimulatedCloud cloud, Pipeline pipeline, People people, FakeService service) {
        return Engine.on(cloud)
                .register(pipeline)
                .people(people)
                .pages("https://ci.example.com")
                .reachingInside(service.origin())
                .open();
    }

    @Override
    public Reply answer(Request request) {
        if (request.path().equals(HOOK)) {
            JsonNode message = message(request);
            assertThat(message.has("channel")).isFalse();
            posted.add(message);
            return Reply.of(200, "ok");
        }
        assertThat(request.header("Authorization")).isEqualTo("Bearer " + TOKEN);
        if (request.path().startsWith("/api/conversations.history?")) {
            assertThat(request.method()).isEqualTo("GET");
            return history(request);
        }
        if (request.path().equals("/api/conversations.open")) {
            return open(json(request));
        }
        JsonNode message = message(request);
        assertThat(message.path("channel").asText()).matches(CHANNEL + "|D[A-Z0-9]{8,20}");
        if (!error.isEmpty()) {
            return Reply.of(200, "{\"ok\":false,\"error\":\"" + error + "\"}");
        }
        return switch (request.path()) {
            case "/api/chat.postMessage" -> post(message);
            case "/api/chat.update" -> update(message);
            default -> throw new AssertionError("no method " + request.path());
        };
    }

    private Reply history(Request request) {
        assertThat(request.path()).contains("include_all_metadata=true");
        StringBuilder all = new StringBuilder();
        messages.forEach((ts, message) -> {
            if (request.path().contains("channel=" + message.path("channel").asText() + "&")) {
                all.append(all.isEmpty() ? "" : ",")
                        .append("{\"ts\":\"" + ts + "\",\"metadata\":" + message.path("metadata") + "}");
            }
        });
        return Reply.of(200, "{\"ok\":true,\"messages\":[" + all + "]}");
    }

    private Reply open(JsonNode body) {
        String user = body.path("users").asText();
        assertThat(user).matches(USER);
        return gone.contains(user)
                ? Reply.of(200, "{\"ok\":false,\"error\":\"user_disabled\"}")
                : Reply.of(200, "{\"ok\":true,\"channel\":{\"id\":\"" + channel(user) + "\"}}");
    }

    /** The channel of the bot and a user. */
    private static String channel(String user) {
        return "D" + user;
    }

    private Reply post(JsonNode message) {
        if (message.has("thread_ts")) {
            assertThat(messages).containsKey(message.path("thread_ts").asText());
            replies.add(message);
            return Reply.of(200, "{\"ok\":true,\"ts\":\"9.9\"}");
        }
        String ts = "1700000000." + ++count;
        messages.put(ts, message);
        return Reply.of(200, "{\"ok\":true,\"ts\":\"" + ts + "\"}");
    }

    private Reply update(JsonNode message) {
        assertThat(messages).containsKey(message.path("ts").asText());
        messages.put(message.path("ts").asText(), message);
        return Reply.of(200, "{\"ok\":true,\"ts\":\"" + message.path("ts").asText() + "\"}");
    }

    private static JsonNode json(Request request) {
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.header("Content-Type")).startsWith("application/json");
        return RecordJson.foreignTree(request.body().getBytes(StandardCharsets.UTF_8), 100_000);
    }

    private static JsonNode message(Request request) {
        JsonNode message = json(request);
        message.fieldNames().forEachRemaining(field -> assertThat(FIELDS).contains(field));
        assertThat(message.path("text").asText()).hasSizeBetween(1, 40_000);
        JsonNode blocks = message.path("blocks");
        assertThat(blocks.size()).isBetween(1, 50);
        boolean isDirect = message.path("channel").asText().startsWith("D");
        blocks.forEach(block -> check(block, isDirect));
        return message;
    }

    private static void check(JsonNode block, boolean isDirect) {
        switch (block.path("type").asText()) {
            case "header" -> text(block.path("text"), 150);
            case "section" -> {
                assertThat(block.has("text") || block.has("fields")).isTrue();
                if (block.has("text")) {
                    text(block.path("text"), 3_000);
                }
                if (block.has("fields")) {
                    assertThat(block.path("fields").size()).isBetween(1, 10);
                    block.path("fields").forEach(field -> text(field, 2_000));
                }
            }
            case "actions" -> block.path("elements").forEach(element -> button(element, isDirect));
            default -> throw new AssertionError("no block " + block);
        }
    }

    private static void button(JsonNode button, boolean isDirect) {
        assertThat(button.path("type").asText()).isEqualTo("button");
        assertThat(button.path("action_id").asText()).isNotEmpty();
        text(button.path("text"), 75);
        if (button.has("url")) {
            assertThat(button.path("url").asText()).hasSizeBetween(10, 3_000);
        }
        // A card in a channel carries no vote, only the page's address.
        assertThat(button.has("value")).isEqualTo(isDirect && !button.has("url"));
        if (button.has("value")) {
            assertThat(button.path("value").asText()).hasSizeBetween(1, 2_000);
            assertThat(button.path("style").asText()).isIn("primary", "danger");
        }
    }

    /** Markup is nobody's to write: in it, an address of somebody else's becomes a link, and names call people. */
    private static void text(JsonNode text, int most) {
        assertThat(text.path("type").asText()).isEqualTo("plain_text");
        assertThat(text.path("text").asText()).hasSizeBetween(1, most);
    }

    /** The messages of the incoming webhook. */
    List<JsonNode> posted() {
        return posted;
    }

    /** The bot's messages in the channel, as they are now. */
    public List<JsonNode> messages() {
        return messages.values().stream()
                .filter(message -> message.path("channel").asText().equals(CHANNEL))
                .toList();
    }

    /** The bot's direct messages to a user, as they are now. */
    List<JsonNode> messagesTo(String user) {
        return messages.values().stream()
                .filter(message -> message.path("channel").asText().equals(channel(user)))
                .toList();
    }

    /** The buttons of a message, by their action. */
    static Map<String, JsonNode> buttons(JsonNode message) {
        Map<String, JsonNode> buttons = new LinkedHashMap<>();
        message.path("blocks")
                .forEach(block -> block.path("elements")
                        .forEach(button -> buttons.put(button.path("action_id").asText(), button)));
        return buttons;
    }

    /** Nobody can write to this user any more. */
    void disable(String user) {
        gone.add(user);
    }

    /** The messages in threads. */
    public List<JsonNode> replies() {
        return replies;
    }

    /** From now on every call of the Web API is answered with this. */
    void failWith(String word) {
        error = word;
    }

    /** The text of a message's header. */
    public static String header(JsonNode message) {
        return message.path("blocks").path(0).path("text").path("text").asText();
    }
}
