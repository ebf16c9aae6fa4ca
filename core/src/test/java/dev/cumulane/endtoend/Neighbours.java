// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the team has beside its cloud: the part of GitHub and of Slack that the engine calls. They want their credentials, and remember what they are told. */
public final class Neighbours implements AutoCloseable {
    public static final String GITHUB_TOKEN = "canary-github-token-3f0a";
    public static final String SLACK_TOKEN = "xoxb-canary-slack-77c1";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern STATUS = Pattern.compile("/github/repos/acme/shop/statuses/([0-9a-f]{40})");
    private static final Pattern LINK = Pattern.compile("https?://[^\\s|>\"]+/vote/[^\\s|>\"]+");

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, List<String>> statuses = new TreeMap<>();
    private final Map<String, JsonNode> messages = new LinkedHashMap<>();
    private final List<String> told = new ArrayList<>();

    public Neighbours() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/github/", exchange -> serve(exchange, GITHUB_TOKEN));
        server.createContext("/slack/api/", exchange -> serve(exchange, SLACK_TOKEN));
        server.setExecutor(threads);
        server.start();
    }

    public URI origin() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** What GitHub was told of a commit, in order. */
    public synchronized List<String> statuses(String commit) {
        return List.copyOf(statuses.getOrDefault(commit, List.of()));
    }

    /** The voting link that a person was sent for a run, once they were. */
    public synchronized Optional<URI> link(String slackUser, String run) {
        return messages.values().stream()
                .filter(message -> message.path("channel").asText().equals("D" + slackUser))
                .map(JsonNode::toString)
                .filter(message -> message.contains(run))
                .map(LINK::matcher)
                .filter(Matcher::find)
                .map(found -> URI.create(found.group()))
                .findFirst();
    }

    /** All bodies that were sent to them. */
    public synchronized List<String> told() {
        return List.copyOf(told);
    }

    private void serve(HttpExchange exchange, String token) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            String answer;
            int status = 200;
            if (!("Bearer " + token).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                status = 401;
                answer = "{\"ok\":false,\"error\":\"not_authed\"}";
            } else {
                status = exchange.getRequestMethod().equals("POST")
                                && exchange.getRequestURI().getPath().startsWith("/github/")
                        ? 201
                        : 200;
                answer = answer(exchange.getRequestURI(), new String(body, UTF_8));
            }
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            byte[] bytes = answer.getBytes(UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private synchronized String answer(URI uri, String text) throws IOException {
        JsonNode body = text.isEmpty() ? JSON.createObjectNode() : JSON.readTree(text);
        told.add(text);
        Matcher status = STATUS.matcher(uri.getPath());
        if (status.matches()) {
            statuses.computeIfAbsent(status.group(1), any -> new ArrayList<>())
                    .add(body.path("state").asText());
            return "{\"id\":1}";
        }
        return switch (uri.getPath()) {
            case "/slack/api/conversations.open" ->
                "{\"ok\":true,\"channel\":{\"id\":\"D" + body.path("users").asText() + "\"}}";
            case "/slack/api/chat.postMessage" -> {
                String ts = "1700000000." + (100_000 + messages.size());
                messages.put(ts, body);
                yield "{\"ok\":true,\"ts\":\"" + ts + "\",\"channel\":\""
                        + body.path("channel").asText() + "\"}";
            }
            case "/slack/api/chat.update" -> {
                messages.put(body.path("ts").asText(), body);
                yield "{\"ok\":true}";
            }
            case "/slack/api/conversations.history" -> history(String.valueOf(uri.getQuery()));
            // Branches and pull requests: nothing is there of which no webhook told.
            default -> "[]";
        };
    }

    private String history(String query) {
        var answer = JSON.createObjectNode().put("ok", true);
        var all = answer.putArray("messages");
        messages.forEach((ts, message) -> {
            if (query.contains("channel=" + message.path("channel").asText())) {
                all.addObject().put("ts", ts).set("metadata", message.path("metadata"));
            }
        });
        return answer.toString();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
