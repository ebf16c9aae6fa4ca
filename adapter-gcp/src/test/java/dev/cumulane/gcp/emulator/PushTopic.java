// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.emulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import dev.cumulane.gcp.client.GoogleApi;
import dev.cumulane.gcp.client.GoogleRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A push subscription of a topic on the emulator, and the endpoint on loopback that it pushes to, as the engine's function would be one. */
public final class PushTopic implements AutoCloseable {
    private static final AtomicInteger NAMES = new AtomicInteger();
    private static final ObjectMapper JSON = new ObjectMapper();

    private final GoogleApi pubSub;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;

    /** What answers a push. */
    @FunctionalInterface
    public interface Endpoint {
        /**
         * Answers a push.
         *
         * @param body as it came
         * @return the status
         */
        int handle(byte[] body);
    }

    /**
     * An endpoint that listens.
     *
     * @param pubSub the API of the emulator
     * @param endpoint answers
     */
    public PushTopic(GoogleApi pubSub, Endpoint endpoint) {
        this.pubSub = pubSub;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 200);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(
                        endpoint.handle(exchange.getRequestBody().readAllBytes()), -1);
            }
        });
        server.start();
    }

    /**
     * Makes a topic and a subscription that keeps what nobody takes.
     *
     * @param pubSub the API of the emulator
     * @param topic {@code projects/P/topics/T}
     * @return the subscription's name
     */
    public static String subscribed(GoogleApi pubSub, String topic) {
        put(pubSub, "/v1/" + topic, JSON.createObjectNode());
        String subscription = topic.replace("/topics/", "/subscriptions/") + "-" + NAMES.incrementAndGet();
        ObjectNode body = JSON.createObjectNode().put("topic", topic).put("ackDeadlineSeconds", 10);
        body.putObject("retryPolicy").put("minimumBackoff", "0.1s").put("maximumBackoff", "1s");
        put(pubSub, "/v1/" + subscription, body);
        return subscription;
    }

    /**
     * Begins to push what the subscription has.
     *
     * @param subscription its name
     * @return this
     */
    public PushTopic from(String subscription) {
        ObjectNode body = JSON.createObjectNode();
        body.putObject("pushConfig")
                .put("pushEndpoint", "http://127.0.0.1:" + server.getAddress().getPort() + "/");
        pubSub.post("modifyPushConfig", "/v1/" + subscription + ":modifyPushConfig", body);
        return this;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private static void put(GoogleApi pubSub, String path, ObjectNode body) {
        pubSub.send(GoogleRequest.with(
                "create",
                "PUT",
                path,
                Map.of("Content-Type", "application/json"),
                GoogleRequest.Body.of(body.toString().getBytes(UTF_8))));
    }
}
