// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.fake;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.cumulane.cloud.contract.Loopback;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** A service that answers JSON, and shows its answers to nobody without a token. What is asked of it wrongly is kept for the test that looks at the end. */
public abstract class FakeRest implements AutoCloseable {
    private final ExecutorService pool = Executors.newCachedThreadPool(FakeRest::daemon);
    private final List<String> violations = new ArrayList<>();
    private @Nullable HttpServer server;

    /**
     * A request that has a token.
     *
     * @param method its method
     * @param uri path and query
     * @param headers its headers
     * @param body its bytes
     */
    public record Asked(String method, URI uri, Headers headers, byte[] body) {
        String path() {
            return uri.getPath();
        }

        String text() {
            return new String(body, UTF_8);
        }
    }

    /**
     * An answer.
     *
     * @param status the HTTP status
     * @param json the body
     */
    public record Answer(int status, String json) {
        /** The request has arrived, and its answer never does. */
        public static final Answer LOST = new Answer(0, "");
    }

    /**
     * Answers a request that has a token.
     *
     * @param asked the request
     * @return the answer
     * @throws IOException if the request cannot be read
     */
    protected abstract Answer answer(Asked asked) throws IOException;

    /**
     * The header that tells a client without a token where to get one.
     *
     * @return the challenge, empty for a service that refuses without one
     */
    protected String challenge() {
        return "";
    }

    /**
     * Where it listens, from the first call on.
     *
     * @return its address
     */
    public final URI endpoint() {
        return URI.create("http://127.0.0.1:" + server().getAddress().getPort());
    }

    /**
     * What was asked of it against the service's own rules.
     *
     * @return one line each
     */
    public final synchronized List<String> violations() {
        return List.copyOf(violations);
    }

    /** Keeps that something was asked wrongly, and answers as the service does. */
    final synchronized Answer violated(String rule) {
        violations.add(rule);
        return new Answer(400, "{\"error\":{\"code\":\"BadRequest\",\"message\":\"" + rule + "\"}}");
    }

    @Override
    public final void close() {
        server().stop(0);
        pool.shutdownNow();
    }

    private synchronized HttpServer server() {
        HttpServer there = server;
        if (there == null) {
            there = Loopback.serve(this::serve, pool);
            server = there;
        }
        return there;
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            Headers headers = exchange.getRequestHeaders();
            String proof = String.valueOf(headers.getFirst("Authorization"));
            Answer answer;
            if (proof.startsWith("Bearer ")) {
                answer = answer(new Asked(exchange.getRequestMethod(), exchange.getRequestURI(), headers, body));
            } else {
                if (!challenge().isEmpty()) {
                    exchange.getResponseHeaders().set("WWW-Authenticate", challenge());
                }
                answer = new Answer(401, "{\"error\":{\"code\":\"Unauthorized\",\"message\":\"no token\"}}");
            }
            if (answer.equals(Answer.LOST)) {
                return;
            }
            byte[] json = answer.json().getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json; charset=utf-8");
            exchange.sendResponseHeaders(answer.status(), json.length == 0 ? -1 : json.length);
            exchange.getResponseBody().write(json);
        }
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "fake-service");
        thread.setDaemon(true);
        return thread;
    }
}
