// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.cumulane.cloud.contract.Loopback;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Somebody else's service on this machine: it answers as its rules say, and fails on demand. */
public final class FakeService implements AutoCloseable {
    /** What goes wrong with a request. */
    public enum Mishap {
        /** Nothing. */
        NONE,
        /** It is refused: too many, come back in half a minute. */
        THROTTLED,
        /** It is refused: the service is down. */
        DOWN,
        /** It takes effect, and its answer never comes. */
        UNANSWERED,
        /** It is not answered, and takes effect only when the next request has come. */
        LATE,
        /** Something on the way sends it twice: it takes effect twice, and is answered once. */
        TWICE
    }

    /** A request as it came. */
    public record Request(String method, String path, SortedMap<String, String> headers, String body) {
        /** A header's first value; empty if there is none. */
        public String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    /** An answer. */
    public record Reply(int status, Map<String, String> headers, String body) {
        /** An answer without headers. */
        public static Reply of(int status, String body) {
            return new Reply(status, Map.of(), body);
        }
    }

    /** How the service answers a request that gets through to it. An {@link AssertionError} is a request that its API does not know. */
    public interface Rules {
        /** Takes a request. */
        Reply answer(Request request);
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Deque<Mishap> mishaps = new ArrayDeque<>();
    private final Deque<Request> late = new ArrayDeque<>();
    private final List<AssertionError> violations = new ArrayList<>();
    private final Rules rules;
    private int requests;

    /** A service by these rules. */
    public FakeService(Rules rules) {
        this.rules = rules;
        server = Loopback.serve(this::handle, threads);
    }

    /** Scheme, host and port. */
    public String origin() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** A caller that may call this service and nobody else. */
    public Caller caller() {
        return new SafeCaller(Hosts.of().andInside(List.of(origin())));
    }

    /** What goes wrong with the next requests, one after the other. */
    public synchronized void next(Mishap... wrong) {
        mishaps.addAll(List.of(wrong));
    }

    /** How many requests came. */
    public synchronized int requests() {
        return requests;
    }

    /** What came that the API does not know. */
    public synchronized List<AssertionError> violations() {
        return List.copyOf(violations);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            SortedMap<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.get(0)));
            Request request = new Request(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    headers,
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            Reply reply = reply(request);
            if (reply.status() > 0) {
                byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
                reply.headers()
                        .forEach((name, value) -> exchange.getResponseHeaders().add(name, value));
                exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
                if (body.length > 0) {
                    exchange.getResponseBody().write(body);
                }
            }
        }
    }

    private synchronized Reply reply(Request request) {
        requests++;
        Mishap mishap = mishaps.isEmpty() ? Mishap.NONE : mishaps.remove();
        if (mishap == Mishap.THROTTLED) {
            return new Reply(429, Map.of("Retry-After", "30"), "");
        }
        if (mishap == Mishap.DOWN) {
            return Reply.of(503, "down");
        }
        Reply reply;
        try {
            while (!late.isEmpty()) {
                rules.answer(late.remove());
            }
            if (mishap == Mishap.LATE) {
                late.add(request);
                return Reply.of(-1, "");
            }
            reply = rules.answer(request);
            if (mishap == Mishap.TWICE) {
                rules.answer(request);
            }
        } catch (AssertionError e) {
            violations.add(e);
            return Reply.of(422, "violation");
        }
        return mishap == Mishap.UNANSWERED ? Reply.of(-1, "") : reply;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
