// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.examples.push;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What stands around a team, on loopback: the part of GitHub, Slack and Microsoft Teams that an engine calls. They ask for the right credential, remember what they
 * are told, print it, and write it to a file.
 */
final class Neighbours implements AutoCloseable {
    /** The credential that GitHub and Slack want to see. */
    static final String TOKEN = "a-token-of-the-example";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String REPOSITORY = "/github/repos/" + TeamRepository.FULL_NAME;
    private static final int LARGEST = 1024 * 1024;

    private final HttpServer server;
    private final Printed printed;
    private final Path received;
    private final Supplier<Map<String, String>> branches;
    private final Map<String, List<String>> statuses = new LinkedHashMap<>();
    private final Map<String, JsonNode> messages = new LinkedHashMap<>();
    private final List<String> slack = new ArrayList<>();
    private final List<String> teams = new ArrayList<>();

    /** What is answered. */
    private record Reply(int status, String body) {}

    /**
     * Opens them at a free port.
     *
     * @param branches gives the heads of the repository by branch, as GitHub knows them
     * @param received where to write every request, one JSON document a line
     */
    Neighbours(Printed printed, Supplier<Map<String, String>> branches, Path received) throws IOException {
        this.printed = printed;
        this.branches = branches;
        this.received = received;
        Files.deleteIfExists(received);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.start();
    }

    /** Scheme, host and port. */
    String origin() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The address of Teams' workflow, which is a secret as a whole. */
    String teamsWorkflow() {
        return origin() + "/teams/workflows/greeting?sig=" + TOKEN;
    }

    /** Whether GitHub knows how the pipeline's run for the last head ended. */
    synchronized boolean knowsTheEnd(String context) {
        List<String> told = statuses.getOrDefault(context, List.of());
        return !told.isEmpty() && !told.get(told.size() - 1).equals("pending");
    }

    /** Whether a card in Teams asks for votes on this approval. */
    synchronized boolean haveCard(String approval) {
        return teams.stream().anyMatch(title -> title.endsWith("waits for you: " + approval));
    }

    /** What each was told, in order. */
    synchronized List<String> summary() {
        List<String> lines = new ArrayList<>();
        statuses.forEach((context, told) -> lines.add("GitHub  " + context + ": " + String.join(", ", told)));
        slack.forEach(line -> lines.add("Slack   " + line));
        teams.forEach(line -> lines.add("Teams   " + line));
        return lines;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            byte[] body = exchange.getRequestBody().readNBytes(LARGEST);
            Reply reply;
            try {
                reply = answer(exchange, path, new String(body, UTF_8));
            } catch (IOException e) {
                reply = new Reply(400, "{\"message\":\"not JSON\"}");
            }
            byte[] bytes = reply.body().getBytes(UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(reply.status(), bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private synchronized Reply answer(HttpExchange exchange, String path, String text) throws IOException {
        boolean isTeams = path.startsWith("/teams/");
        String shown = isTeams
                ? String.valueOf(exchange.getRequestURI().getQuery())
                : String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
        if (!shown.equals(isTeams ? "sig=" + TOKEN : "Bearer " + TOKEN)) {
            return new Reply(401, "{\"message\":\"Bad credentials\"}");
        }
        JsonNode body = text.isEmpty() ? JSON.missingNode() : JSON.readTree(text);
        if (!text.isEmpty()) {
            keep(path, body);
        }
        if (path.startsWith("/github/")) {
            return gitHub(
                    exchange.getRequestMethod(), path, exchange.getRequestURI().getQuery(), body);
        }
        return isTeams ? teams(body) : slack(path, body);
    }

    private void keep(String path, JsonNode body) throws IOException {
        ObjectNode line = JSON.createObjectNode().put("path", path).set("body", body);
        Files.writeString(received, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private Reply gitHub(String method, String path, String query, JsonNode body) {
        String rest = path.startsWith(REPOSITORY) ? path.substring(REPOSITORY.length()) : "";
        if (method.equals("POST") && rest.matches("/statuses/[0-9a-f]{40}")) {
            String context = body.path("context").asText();
            String state = body.path("state").asText();
            statuses.computeIfAbsent(context, any -> new ArrayList<>()).add(state);
            printed.say(
                    "GitHub",
                    context + " " + state + ": " + body.path("description").asText());
            return new Reply(201, "{\"id\":1}");
        }
        ArrayNode page = JSON.createArrayNode();
        if (method.equals("GET") && rest.equals("/branches")) {
            if (query.endsWith("page=1")) {
                branches.get()
                        .forEach((name, head) -> page.addObject()
                                .put("name", name)
                                .put("protected", false)
                                .putObject("commit")
                                .put("sha", head));
            }
            return new Reply(200, page.toString());
        }
        return method.equals("GET") && rest.equals("/pulls")
                ? new Reply(200, page.toString())
                : new Reply(404, "{\"message\":\"Not Found\"}");
    }

    private Reply slack(String path, JsonNode body) {
        switch (path) {
            case "/slack/api/chat.postMessage" -> {
                String ts = "1700000000." + (messages.size() + slack.size() + 1);
                boolean isReply = body.has("thread_ts");
                if (!isReply) {
                    messages.put(ts, body);
                }
                tell(isReply ? "in its thread: " + body.path("text").asText() : "new message: " + header(body));
                return new Reply(
                        200,
                        JSON.createObjectNode().put("ok", true).put("ts", ts).toString());
            }
            case "/slack/api/chat.update" -> {
                messages.put(body.path("ts").asText(), body);
                tell("the message now says: " + header(body));
                return new Reply(200, "{\"ok\":true}");
            }
            case "/slack/api/conversations.history" -> {
                ObjectNode history = JSON.createObjectNode().put("ok", true);
                ArrayNode all = history.putArray("messages");
                messages.forEach(
                        (ts, message) -> all.addObject().put("ts", ts).set("metadata", message.path("metadata")));
                return new Reply(200, history.toString());
            }
            default -> {
                return new Reply(200, "{\"ok\":false,\"error\":\"unknown_method\"}");
            }
        }
    }

    private void tell(String line) {
        slack.add(line);
        printed.say("Slack", line);
    }

    private static String header(JsonNode message) {
        return message.path("blocks").path(0).path("text").path("text").asText();
    }

    /** Answers before it posts, as a workflow does. */
    private Reply teams(JsonNode body) {
        JsonNode card = body.path("attachments").path(0).path("content");
        String title =
                card.path("body").path(0).path("inlines").path(0).path("text").asText();
        teams.add("card: " + title);
        printed.say("Teams", "card: " + title);
        return new Reply(202, "");
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
