// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A function URL: makes events of requests and answers of what the function returns, in the payload format 2.0 of the developer guide. What the function fails on is
 * answered with 502.
 */
final class FunctionUrl implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpServer server;
    private final Sandboxes function;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Queue<String> answers = new ConcurrentLinkedQueue<>();

    FunctionUrl(Sandboxes function) throws IOException {
        this.function = function;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::serve);
        server.setExecutor(threads);
        server.start();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** The bodies of all answers so far. */
    List<String> answers() {
        return List.copyOf(answers);
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonNode answer;
            try {
                answer = JSON.readTree(function.invoke(JSON.writeValueAsBytes(event(exchange))));
            } catch (FunctionFailedException e) {
                exchange.sendResponseHeaders(502, -1);
                return;
            }
            answer.path("headers")
                    .properties()
                    .forEach(header -> exchange.getResponseHeaders()
                            .set(header.getKey(), header.getValue().asText()));
            answer.path("cookies")
                    .forEach(cookie -> exchange.getResponseHeaders().add("set-cookie", cookie.asText()));
            byte[] body = answer.path("isBase64Encoded").asBoolean()
                    ? Base64.getDecoder().decode(answer.path("body").asText())
                    : answer.path("body").asText().getBytes(UTF_8);
            answers.add(new String(body, UTF_8));
            exchange.sendResponseHeaders(answer.path("statusCode").asInt(200), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static ObjectNode event(HttpExchange exchange) throws IOException {
        URI uri = exchange.getRequestURI();
        ObjectNode event = JSON.createObjectNode().put("version", "2.0").put("routeKey", "$default");
        event.put("rawPath", uri.getRawPath())
                .put("rawQueryString", uri.getRawQuery() == null ? "" : uri.getRawQuery());
        ObjectNode headers = event.putObject("headers");
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (name.equalsIgnoreCase("cookie")) {
                values.forEach(value -> List.of(value.split("; ")).forEach(event.withArray("cookies")::add));
            } else {
                headers.put(name.toLowerCase(Locale.ROOT), String.join(",", values));
            }
        });
        event.putObject("requestContext")
                .put("accountId", "anonymous")
                .putObject("http")
                .put("method", exchange.getRequestMethod())
                .put("path", uri.getPath())
                .put("protocol", "HTTP/1.1")
                .put("sourceIp", "127.0.0.1");
        byte[] body = exchange.getRequestBody().readAllBytes();
        if (body.length > 0) {
            event.put("body", Base64.getEncoder().encodeToString(body));
        }
        return event.put("isBase64Encoded", body.length > 0);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
