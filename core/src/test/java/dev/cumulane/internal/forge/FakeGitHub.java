// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.forge;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.cumulane.cloud.contract.Loopback;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The part of GitHub's API that tells of one repository, {@code acme/shop}; answers as its published description says. */
public final class FakeGitHub implements AutoCloseable {
    private static final String HOME = "/repos/acme/shop";
    private static final int PAGE = 100;

    private final HttpServer server;
    private final Map<String, String> branches = new ConcurrentSkipListMap<>();
    private final Map<String, String> tags = new ConcurrentSkipListMap<>();
    private final Map<Integer, String> pulls = new ConcurrentSkipListMap<>();
    private final Map<String, String> permissions = new ConcurrentSkipListMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private volatile int failing;
    private volatile boolean hidesPulls;

    /** A GitHub at a free port of this machine. */
    public FakeGitHub() {
        server = Loopback.serve(this::answer);
    }

    /** Scheme, host and port; also the API's address. */
    public String origin() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** A branch has this head. */
    public void branch(String name, String head) {
        branches.put(name, head);
    }

    /** A tag names this commit. */
    public void tag(String name, String commit) {
        tags.put(name, commit);
    }

    /** A pull request of that number into main is open. */
    public void pull(int number, String head, String from) {
        pulls.put(number, """
                {"number":%d,"state":"open","title":"A change","draft":false,"user":{"login":"eve"},
                 "head":{"sha":"%s","ref":"change","repo":{"full_name":"%s"}},
                 "base":{"ref":"main","repo":{"full_name":"acme/shop"}}}
                """.formatted(number, head, from));
    }

    /** Somebody has this permission: admin, write, read or none. */
    public void permission(String user, String permission) {
        permissions.put(user, permission);
    }

    /** Answers with this status from now on; 0 for what is right. */
    public void failWith(int status) {
        failing = status;
    }

    /** Does not list pull requests from now on, or does again. */
    public void hidePulls(boolean hides) {
        hidesPulls = hides;
    }

    /** What was asked, in order. */
    public List<String> asked() {
        return asked;
    }

    private void answer(HttpExchange exchange) throws IOException {
        asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
        try (exchange) {
            if (failing > 0) {
                exchange.sendResponseHeaders(failing, -1);
            } else if (!"Bearer the token of a robot"
                    .equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                exchange.sendResponseHeaders(401, -1);
            } else {
                send(exchange, exchange.getRequestURI().getPath());
            }
        }
    }

    private void send(HttpExchange exchange, String path) throws IOException {
        String rest = path.startsWith(HOME) ? path.substring(HOME.length()) : "";
        String query = String.valueOf(exchange.getRequestURI().getQuery());
        String body = "";
        if (rest.matches("/statuses/[0-9a-f]{40}")
                && exchange.getRequestMethod().equals("POST")) {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(201, 2);
            exchange.getResponseBody().write("{}".getBytes(StandardCharsets.UTF_8));
            return;
        }
        if (rest.equals("/branches")) {
            body = page(named(branches), query);
        } else if (rest.equals("/tags")) {
            body = page(named(tags), query);
        } else if (rest.equals("/pulls")) {
            body = hidesPulls ? "" : page(List.copyOf(pulls.values()), query);
        } else if (rest.startsWith("/pulls/")) {
            body = pulls.getOrDefault(Integer.valueOf(rest.substring("/pulls/".length())), "");
        } else if (rest.matches("/collaborators/[^/]+/permission")) {
            String permission = permissions.get(rest.split("/")[2]);
            body = permission == null ? "" : "{\"permission\":\"" + permission + "\"}";
        }
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(bytes.length == 0 ? 404 : 200, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static List<String> named(Map<String, String> refs) {
        List<String> all = new ArrayList<>();
        refs.forEach((name, id) ->
                all.add("{\"name\":\"" + name + "\",\"commit\":{\"sha\":\"" + id + "\"},\"protected\":false}"));
        return all;
    }

    private static String page(List<String> all, String query) {
        int number = Integer.parseInt(query.replaceFirst(".*[?&]?page=", ""));
        if (!query.contains("per_page=" + PAGE)) {
            throw new IllegalArgumentException("not a page of " + PAGE + ": " + query);
        }
        int from = Math.min(all.size(), (number - 1) * PAGE);
        return "[" + String.join(",", all.subList(from, Math.min(all.size(), from + PAGE))) + "]";
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
