// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.fake;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.cumulane.cloud.contract.Loopback;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** A service of Google on loopback. It takes the token of the tests and no other, unless it says how else a request is proven. */
public abstract class FakeGoogle implements AutoCloseable {
    private static final String BEARER = "Bearer owner";

    private @Nullable HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(FakeGoogle::daemon);
    private final List<String> requests = new CopyOnWriteArrayList<>();

    /**
     * A request as it came.
     *
     * @param method of HTTP
     * @param path still encoded
     * @param rawQuery still encoded, empty if there is none
     * @param query the parameters, decoded
     * @param headers the first value of each header, by lower-case name
     * @param body its bytes
     */
    public record Request(
            String method,
            String path,
            String rawQuery,
            SortedMap<String, String> query,
            SortedMap<String, String> headers,
            byte[] body) {
        String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    /**
     * An answer.
     *
     * @param status of HTTP
     * @param headers further headers
     * @param body its bytes
     */
    public record Answer(int status, Map<String, String> headers, byte[] body) {
        static Answer of(int status, String body) {
            return new Answer(status, Map.of(), body.getBytes(UTF_8));
        }
    }

    /** A refusal, with the name that the service gives to it. */
    protected static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final int status;
        private final String code;

        /**
         * A refusal.
         *
         * @param status of HTTP
         * @param code the error's name
         * @param message for people
         */
        public Refused(int status, String code, String message) {
            super(message);
            this.status = status;
            this.code = code;
        }
    }

    /**
     * Does what a request asks for.
     *
     * @param request the request, which is proven
     * @return the answer
     * @throws Refused if it is refused
     */
    protected abstract Answer handle(Request request);

    /**
     * Refuses a request of nobody.
     *
     * @param request the request
     * @throws Refused if nothing proves whose it is
     */
    protected void authenticate(Request request) {
        if (!request.header("authorization").equals(BEARER)) {
            throw new Refused(401, "UNAUTHENTICATED", "Request had invalid authentication credentials.");
        }
    }

    /**
     * The body of an answer that tells an error.
     *
     * @param status of HTTP
     * @param code the error's name
     * @param message for people
     * @return the body
     */
    protected String error(int status, String code, String message) {
        return String.format(
                Locale.ROOT,
                "{\"error\":{\"code\":%d,\"message\":\"%s\",\"status\":\"%s\"}}",
                status,
                message.replaceAll("[\"\\\\\\p{Cntrl}]", "'"),
                code);
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
     * What it was asked.
     *
     * @return method and path of each request
     */
    public final List<String> requests() {
        return List.copyOf(requests);
    }

    @Override
    public void close() {
        server().stop(0);
        threads.shutdownNow();
    }

    private synchronized HttpServer server() {
        HttpServer there = server;
        if (there == null) {
            there = Loopback.serve(this::serve, threads);
            server = there;
        }
        return there;
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            Request request = read(exchange);
            requests.add(request.method() + " " + request.path());
            Answer answer;
            try {
                authenticate(request);
                answer = handle(request);
            } catch (Refused e) {
                answer = Answer.of(e.status, error(e.status, e.code, String.valueOf(e.getMessage())));
            } catch (RuntimeException e) {
                answer = Answer.of(500, error(500, "INTERNAL", "the fake failed: " + e));
            }
            answer.headers().forEach(exchange.getResponseHeaders()::set);
            boolean silent = request.method().equals("HEAD") || answer.body().length == 0;
            exchange.sendResponseHeaders(answer.status(), silent ? -1 : answer.body().length);
            if (!silent) {
                exchange.getResponseBody().write(answer.body());
            }
        }
    }

    private static Request read(HttpExchange exchange) throws IOException {
        SortedMap<String, String> headers = new TreeMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.get(0)));
        String rawQuery = String.valueOf(exchange.getRequestURI().getRawQuery()).replaceFirst("^null$", "");
        SortedMap<String, String> query = new TreeMap<>();
        for (String pair : rawQuery.split("&", -1)) {
            if (!pair.isEmpty()) {
                String[] parts = pair.split("=", 2);
                query.put(
                        URLDecoder.decode(parts[0], UTF_8),
                        parts.length == 2 ? URLDecoder.decode(parts[1], UTF_8) : "");
            }
        }
        return new Request(
                exchange.getRequestMethod(),
                exchange.getRequestURI().getRawPath(),
                rawQuery,
                query,
                headers,
                exchange.getRequestBody().readAllBytes());
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "fake-google");
        thread.setDaemon(true);
        return thread;
    }
}
