// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.cumulane.cloud.contract.Loopback;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Where requests for ingress come in. What is signed for https, which nobody speaks on loopback, is handed on for http; a test may have requests refused. */
final class FrontDoor implements AutoCloseable {
    private static final List<String> TAKEN = List.of("location", "content-type", "set-cookie");

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final AtomicInteger refusals = new AtomicInteger();
    private final URI ingress;
    private final HttpServer server;

    FrontDoor(URI ingress) {
        this.ingress = ingress;
        this.server = Loopback.serve(this::pass, threads);
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** The next requests are answered with 503. */
    void refuse(int requests) {
        refusals.set(requests);
    }

    private void pass(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (refusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                exchange.sendResponseHeaders(503, -1);
                return;
            }
            HttpRequest.Builder request = HttpRequest.newBuilder(
                            ingress.resolve(exchange.getRequestURI().toString()))
                    .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
            exchange.getRequestHeaders().forEach((name, values) -> {
                if (!name.matches("(?i)host|connection|content-length|upgrade|http2-settings|expect")) {
                    values.forEach(value -> request.header(name, value));
                }
            });
            answer(exchange, http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void answer(HttpExchange exchange, HttpResponse<byte[]> answer) throws IOException {
        for (String name : TAKEN) {
            answer.headers()
                    .allValues(name)
                    .forEach(value -> exchange.getResponseHeaders().add(name, plain(value)));
        }
        byte[] body = plain(new String(answer.body(), UTF_8)).getBytes(UTF_8);
        exchange.sendResponseHeaders(answer.statusCode(), body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    private static String plain(String text) {
        return text.replace("https://127.0.0.1:", "http://127.0.0.1:");
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
