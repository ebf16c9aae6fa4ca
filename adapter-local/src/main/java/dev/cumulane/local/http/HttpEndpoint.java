// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.HttpAnswer;
import dev.cumulane.cloud.HttpRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.util.Collections;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An HTTP server of this process for requests that are answered at once. It bounds what strangers can take of it: connections, threads, header sizes, the time of a
 * request, and the memory of all bodies together. It speaks HTTP, not HTTPS: what is not on this machine reaches it through a proxy that does.
 */
public final class HttpEndpoint implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpEndpoint.class);
    private static final int THREADS = 32;
    private static final int BACKLOG = 256;

    /** For all bodies that are in memory at a time. */
    private static final int MOST_BODY_BYTES = 8 * HttpRequest.LARGEST_BODY;

    private static final int STOP_SECONDS = 5;

    static {
        // The JDK's server reads these once, when its first server is made. What was said on the command line stays.
        limit("sun.net.httpserver.maxReqTime", "20");
        limit("sun.net.httpserver.maxRspTime", "60");
        limit("sun.net.httpserver.idleInterval", "30");
        limit("sun.net.httpserver.maxReqHeaders", "100");
        limit("sun.net.httpserver.maxReqHeaderSize", "65536");
        limit("jdk.httpserver.maxConnections", "512");
    }

    private final HttpServer server;
    private final ExecutorService threads;
    private final Function<HttpRequest, HttpAnswer> handler;
    private final Semaphore memory = new Semaphore(MOST_BODY_BYTES);

    private HttpEndpoint(HttpServer server, Function<HttpRequest, HttpAnswer> handler) {
        this.server = server;
        this.handler = handler;
        AtomicInteger number = new AtomicInteger();
        this.threads = Executors.newFixedThreadPool(THREADS, task -> {
            Thread thread = new Thread(task, "cumulane-http-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Opens an endpoint.
     *
     * @param address where to listen; port 0 is any free one
     * @param handler answers, on several threads at once; must not throw
     * @return the endpoint, which the caller closes
     * @throws CloudException permanent, if nobody can listen there; the message names the address
     */
    public static HttpEndpoint open(InetSocketAddress address, Function<HttpRequest, HttpAnswer> handler) {
        try {
            HttpEndpoint endpoint = new HttpEndpoint(HttpServer.create(address, BACKLOG), handler);
            endpoint.server.createContext("/", endpoint::serve);
            endpoint.server.setExecutor(endpoint.threads);
            endpoint.server.start();
            return endpoint;
        } catch (IOException e) {
            throw CloudException.permanent(
                    "HTTP",
                    "cannot listen at " + address.getHostString() + ":" + address.getPort() + ": " + e.getMessage(),
                    e);
        }
    }

    /**
     * Where it listens.
     *
     * @return the address, with the port that was free
     */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    /** Takes no more connections, and waits for the answers in progress, five seconds at most. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdown();
        try {
            if (!threads.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private void serve(HttpExchange exchange) {
        try (exchange) {
            send(exchange, answer(exchange));
        } catch (IOException e) {
            LOG.debug("A client went away: {}", e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("A request was not answered", e);
        }
    }

    private HttpAnswer answer(HttpExchange exchange) throws IOException {
        Optional<Integer> length = length(exchange);
        if (length.isEmpty()) {
            return refusal(413);
        }
        int reserved = length.get();
        if (!memory.tryAcquire(reserved)) {
            return refusal(503).with("retry-after", "5");
        }
        try {
            byte[] body = read(exchange.getRequestBody());
            if (body.length > HttpRequest.LARGEST_BODY) {
                return refusal(413);
            }
            String query = exchange.getRequestURI().getRawQuery();
            return handler.apply(HttpRequest.of(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().getRawPath(),
                    query == null ? "" : query,
                    exchange.getRequestHeaders(),
                    body));
        } finally {
            memory.release(reserved);
        }
    }

    /** How long a body may become; empty if it says itself that it is too large. */
    private static Optional<Integer> length(HttpExchange exchange) {
        String said = exchange.getRequestHeaders().getFirst("Content-Length");
        if (said == null) {
            boolean chunked = exchange.getRequestHeaders().containsKey("Transfer-Encoding");
            return Optional.of(chunked ? HttpRequest.LARGEST_BODY : 0);
        }
        boolean fits = said.matches("[0-9]{1,9}") && Integer.parseInt(said) <= HttpRequest.LARGEST_BODY;
        return fits ? Optional.of(Integer.parseInt(said)) : Optional.empty();
    }

    private static byte[] read(InputStream body) throws IOException {
        return body.readNBytes(HttpRequest.LARGEST_BODY + 1);
    }

    private static HttpAnswer refusal(int status) {
        return new HttpAnswer(status, Collections.emptySortedMap(), new byte[0]);
    }

    private static void send(HttpExchange exchange, HttpAnswer answer) throws IOException {
        answer.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
        boolean bodiless =
                answer.body().length == 0 || exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(answer.status(), bodiless ? -1 : answer.body().length);
        if (!bodiless) {
            exchange.getResponseBody().write(answer.body());
        }
    }

    private static void limit(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
