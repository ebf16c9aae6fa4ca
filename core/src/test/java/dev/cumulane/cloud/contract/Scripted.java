// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** A service that gives the answers it was told to give, in order, and the last one for ever; for what no emulator can be made to say. */
public final class Scripted implements AutoCloseable {
    private final Deque<Answer> answers = new ArrayDeque<>();
    private final List<String> requests = new ArrayList<>();
    private final HttpServer server;

    private record Answer(int status, String body) {}

    /** A service that listens and has nothing to say yet. */
    public Scripted() {
        server = Loopback.serve(this::serve);
    }

    /**
     * Gives this answer after those it was told before.
     *
     * @param status the HTTP status
     * @param body the body
     * @return this
     */
    public synchronized Scripted then(int status, String body) {
        answers.add(new Answer(status, body));
        return this;
    }

    /**
     * Where it listens.
     *
     * @return its address
     */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /**
     * What it was asked.
     *
     * @return method and path of each request
     */
    public synchronized List<String> requests() {
        return List.copyOf(requests);
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            Answer answer = next(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            boolean head = exchange.getRequestMethod().equals("HEAD");
            byte[] body = head ? new byte[0] : answer.body().getBytes(UTF_8);
            exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private synchronized Answer next(String request) {
        requests.add(request);
        return answers.size() > 1 ? answers.remove() : answers.element();
    }
}
