// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package com.example.greeting;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The greeting over HTTP, on the loopback address. */
final class GreetingServer implements AutoCloseable {
    private static final int THREADS = 4;
    private static final byte[] LOOPBACK = {127, 0, 0, 1};

    private final String version;
    private final Health health;
    private final HttpServer http;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

    private GreetingServer(HttpServer http, String version, Health health) {
        this.http = http;
        this.version = version;
        this.health = health;
    }

    /**
     * Starts a server.
     *
     * @param port the port, 0 for any free one
     * @throws IOException if the port is taken
     */
    static GreetingServer start(int port, String version, Health health) throws IOException {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getByAddress(LOOPBACK), port), 0);
        GreetingServer server = new GreetingServer(http, version, health);
        http.createContext("/", server::answer);
        http.setExecutor(server.threads);
        http.start();
        return server;
    }

    URI address() {
        InetSocketAddress bound = http.getAddress();
        return URI.create("http://" + bound.getAddress().getHostAddress() + ":" + bound.getPort() + "/");
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdown();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Answer answer = answerTo(exchange.getRequestMethod(), exchange.getRequestURI());
            byte[] body = answer.text().getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
            exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
            exchange.getResponseHeaders().set("Allow", "GET");
            exchange.sendResponseHeaders(answer.status(), body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private Answer answerTo(String method, URI uri) {
        if (!method.equals("GET")) {
            return new Answer(405, "only GET is answered here");
        }
        return switch (uri.getPath()) {
            case "/" -> greeting(uri);
            case "/health" -> health.problem().map(why -> new Answer(500, why)).orElse(new Answer(200, "ok"));
            case "/version" -> new Answer(200, version);
            default -> new Answer(404, "try /, /health or /version");
        };
    }

    private static Answer greeting(URI uri) {
        try {
            return new Answer(200, Greeting.to(name(uri.getRawQuery())));
        } catch (IllegalArgumentException e) {
            return new Answer(400, e.getMessage());
        }
    }

    private static String name(String query) {
        if (query == null) {
            return "";
        }
        for (String pair : query.split("&")) {
            if (pair.startsWith("name=")) {
                return URLDecoder.decode(pair.substring("name=".length()), UTF_8);
            }
        }
        return "";
    }

    private record Answer(int status, String text) {}
}
