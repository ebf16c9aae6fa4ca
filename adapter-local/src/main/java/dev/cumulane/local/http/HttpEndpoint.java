// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.HttpAnswer;
import dev.cumulane.cloud.HttpRequest;
import dev.cumulane.cloud.HttpStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An HTTP server of this process for requests that are answered at once, and a few that are answered bit by bit. It bounds what strangers can take of it: connections, threads, header sizes, the time of a
 * request, and the memory of all bodies together. It speaks HTTP, not HTTPS: what is not on this machine reaches it through a proxy that does.
 */
public final class HttpEndpoint implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpEndpoint.class);

    /** How many requests are answered at a time; more are read, each on a thread of its own, so that none waits for those that are slow. */
    private static final int MOST_ANSWERS = 32;

    private static final int MOST_CONNECTIONS = 512;
    private static final int BACKLOG = 256;

    /** How many answers come bit by bit at a time, each on a thread of its own. */
    private static final int MOST_STREAMS = 64;

    /** For a body's first bytes. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private static final int STOP_SECONDS = 5;

    static {
        // The JDK's server reads these once, when its first server is made. What was said on the command line stays.
        limit("sun.net.httpserver.maxReqTime", "20");
        limit("sun.net.httpserver.maxRspTime", "60");
        limit("sun.net.httpserver.idleInterval", "30");
        limit("sun.net.httpserver.maxReqHeaders", "100");
        limit("sun.net.httpserver.maxReqHeaderSize", "65536");
        // What is refused unread is not waited for either.
        limit("sun.net.httpserver.drainAmount", "0");
        limit("jdk.httpserver.maxConnections", Integer.toString(MOST_CONNECTIONS));
    }

    private final HttpServer server;
    private final ExecutorService threads;
    private final ExecutorService streams;
    private final Handler handler;
    private final Bodies bodies;
    private final Semaphore working = new Semaphore(MOST_ANSWERS);
    private final Semaphore freeStreams = new Semaphore(MOST_STREAMS);

    /** What answers the requests, on several threads at once; no method may throw. */
    public interface Handler {
        /**
         * Answers a request whatever its body is, before that is read.
         *
         * @param head the request, with an empty body
         * @return the answer, without a body; empty if the body has to be read
         */
        default Optional<HttpAnswer> refusal(HttpRequest head) {
            return Optional.empty();
        }

        /**
         * Answers a request.
         *
         * @param request the request
         * @return the answer
         */
        HttpAnswer answer(HttpRequest request);

        /**
         * Answers a request bit by bit.
         *
         * @param request the request
         * @return the answer; empty if it is one for {@link #answer}
         */
        default Optional<HttpStream> stream(HttpRequest request) {
            return Optional.empty();
        }
    }

    private HttpEndpoint(HttpServer server, Duration patience, Handler handler) {
        this.server = server;
        this.handler = handler;
        this.threads = Executors.newCachedThreadPool(daemons("cumulane-http-"));
        this.bodies = new Bodies(patience, daemons("cumulane-http-clock-"));
        this.streams = Executors.newCachedThreadPool(daemons("cumulane-http-stream-"));
    }

    private static ThreadFactory daemons(String name) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /**
     * Opens an endpoint.
     *
     * @param address where to listen; port 0 is any free one
     * @param handler answers
     * @return the endpoint, which the caller closes
     * @throws CloudException permanent, if nobody can listen there; the message names the address
     */
    public static HttpEndpoint open(InetSocketAddress address, Handler handler) {
        return open(address, PATIENCE, handler);
    }

    static HttpEndpoint open(InetSocketAddress address, Duration patience, Handler handler) {
        try {
            HttpEndpoint endpoint = new HttpEndpoint(HttpServer.create(address, BACKLOG), patience, handler);
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

    /** Takes no more connections, ends the streams, and waits for the other answers in progress, five seconds at most. */
    @Override
    public void close() {
        streams.shutdownNow();
        bodies.close();
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
        boolean goesOn = false;
        try {
            goesOn = respond(exchange);
        } catch (IOException e) {
            LOG.debug("A client went away: {}", e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("A request was not answered", e);
        } finally {
            if (!goesOn) {
                exchange.close();
            }
        }
    }

    /** Answers; true if the answer goes on, on another thread. */
    private boolean respond(HttpExchange exchange) throws IOException {
        if (Bodies.isTooLarge(exchange)) {
            send(exchange, refusal(413));
            return false;
        }
        if (!Bodies.isSmall(exchange)) {
            Optional<HttpAnswer> refusal = handler.refusal(request(exchange, new byte[0]));
            if (refusal.isPresent()) {
                send(exchange, refusal.get().with("connection", "close"));
                return false;
            }
        }
        HttpAnswer answer;
        try (Bodies.Body body = bodies.of(exchange)) {
            Bodies.Arrival arrival = body.read();
            if (arrival != Bodies.Arrival.WHOLE) {
                answer = arrival == Bodies.Arrival.TOO_LARGE
                        ? refusal(413)
                        : refusal(503).with("retry-after", "5");
            } else {
                HttpRequest request = request(exchange, body.bytes());
                Optional<HttpStream> stream = handler.stream(request);
                if (stream.isPresent() && freeStreams.tryAcquire()) {
                    streams.execute(() -> stream(exchange, stream.get()));
                    return true;
                }
                answer = answer(request);
            }
        }
        send(exchange, answer);
        return false;
    }

    /** Of the requests that have arrived, some are answered at a time; the others wait. */
    private HttpAnswer answer(HttpRequest request) {
        working.acquireUninterruptibly();
        try {
            return handler.answer(request);
        } finally {
            working.release();
        }
    }

    private static HttpRequest request(HttpExchange exchange, byte[] body) {
        String query = exchange.getRequestURI().getRawQuery();
        return HttpRequest.of(
                exchange.getRequestMethod(),
                exchange.getRequestURI().getRawPath(),
                query == null ? "" : query,
                exchange.getRequestHeaders(),
                body);
    }

    private void stream(HttpExchange exchange, HttpStream stream) {
        try (exchange) {
            stream.head()
                    .headers()
                    .forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
            exchange.sendResponseHeaders(stream.head().status(), 0);
            stream.rest().write(exchange.getResponseBody());
        } catch (IOException e) {
            LOG.debug("A client went away: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.warn("A stream ended early, and is begun again by whoever reads it: {}", e.getMessage());
        } finally {
            freeStreams.release();
        }
    }

    /** An answer after which the connection is closed: what is left of the request's body is not read. */
    private static HttpAnswer refusal(int status) {
        return new HttpAnswer(status, Collections.emptySortedMap(), new byte[0]).with("connection", "close");
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
