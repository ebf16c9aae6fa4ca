// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.fake;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A service on loopback that speaks one of the JSON protocols of AWS. Where {@code CUMULANE_CONTRACTS} names the published models, every request and every answer is
 * held against the service's own, and what is wrong is kept for the test to find.
 */
public abstract class FakeService implements AutoCloseable {
    /** Makes and reads JSON. */
    protected static final ObjectMapper JSON = new ObjectMapper();

    private final AtomicBoolean started = new AtomicBoolean();
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool(FakeService::daemon);
    private final Optional<ServiceModel> model;
    private final List<String> violations = new CopyOnWriteArrayList<>();
    private final List<WireRequest> requests = new CopyOnWriteArrayList<>();
    private final AtomicInteger throttles = new AtomicInteger();
    private final AtomicInteger losses = new AtomicInteger();
    private volatile String losing = "";

    /** A refusal, with the name that the service gives to it. */
    protected static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1L;

        /** The status code of the answer. */
        final int status;

        /** The name of the error. */
        final String type;

        /**
         * A refusal.
         *
         * @param status the status code
         * @param type the name of the error
         * @param message for people
         */
        public Refused(int status, String type, String message) {
            super(message);
            this.status = status;
            this.type = type;
        }
    }

    /**
     * Starts the service.
     *
     * @param published the name of its published model, such as {@code codebuild}
     */
    protected FakeService(String published) {
        this(published(published));
    }

    /**
     * Starts the service.
     *
     * @param model its published model, if it is here
     */
    protected FakeService(Optional<ServiceModel> model) {
        this.model = model;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
    }

    private static Optional<ServiceModel> published(String name) {
        String contracts = System.getenv("CUMULANE_CONTRACTS");
        if (contracts == null || contracts.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(ServiceModel.read(Path.of(contracts, "aws", name + ".json")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * An error as this service tells it.
     *
     * @param status the status code
     * @param type the name of the error
     * @param message for people
     * @return the answer
     */
    protected WireAnswer error(int status, String type, String message) {
        return WireAnswer.error(status, type, message);
    }

    /**
     * Does what a request asks for.
     *
     * @param request the request
     * @return the answer
     * @throws Refused if it is refused
     */
    protected abstract WireAnswer handle(WireRequest request);

    /**
     * The error that this service throttles with.
     *
     * @return the answer
     */
    protected WireAnswer throttled() {
        return WireAnswer.error(400, "ThrottlingException", "Rate exceeded");
    }

    /**
     * Where it is. It answers from the first call of this on.
     *
     * @return its endpoint
     */
    public URI endpoint() {
        if (!started.getAndSet(true)) {
            server.createContext("/", this::serve);
            server.start();
        }
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /**
     * Refuses the next calls as too many.
     *
     * @param calls how many
     */
    public void throttle(int calls) {
        throttles.set(calls);
    }

    /**
     * Does what the next calls ask for, and answers none of them.
     *
     * @param calls how many
     */
    public void loseAnswers(int calls) {
        loseAnswers("", calls);
    }

    /**
     * Does what the next such calls ask for, and answers none of them.
     *
     * @param method their method
     * @param calls how many
     */
    public void loseAnswers(String method, int calls) {
        losing = method;
        losses.set(calls);
    }

    /**
     * What was wrong with requests and answers.
     *
     * @return one line each; always empty where no published models are
     */
    public List<String> violations() {
        return violations;
    }

    /**
     * What was asked, throttled calls included.
     *
     * @param operation a part of the target or of the path
     * @return the requests in their order
     */
    public List<WireRequest> requests(String operation) {
        return requests.stream()
                .filter(each -> each.toString().contains(operation))
                .toList();
    }

    /** An object to fill. */
    protected static ObjectNode object() {
        return JSON.createObjectNode();
    }

    /** The body of a request. */
    protected static ObjectNode body(WireRequest request) {
        try {
            return request.body().length == 0 ? object() : (ObjectNode) JSON.readTree(request.body());
        } catch (IOException | ClassCastException e) {
            throw new Refused(400, "SerializationException", "the body is no JSON object");
        }
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            SortedMap<String, String> headers = new TreeMap<>();
            exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.get(0)));
            WireRequest request = WireRequest.of(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toASCIIString(),
                    headers,
                    exchange.getRequestBody().readAllBytes());
            requests.add(request);
            WireAnswer answer = answer(request);
            if (!isLost(request)) {
                answer.headers().forEach(exchange.getResponseHeaders()::set);
                exchange.sendResponseHeaders(answer.status(), answer.body().length == 0 ? -1 : answer.body().length);
                exchange.getResponseBody().write(answer.body());
            }
        }
    }

    private boolean isLost(WireRequest request) {
        return request.method().contains(losing) && losses.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
    }

    private WireAnswer answer(WireRequest request) {
        List<String> wrong = model.map(each -> each.request(request)).orElse(List.of());
        if (!wrong.isEmpty()) {
            wrong.forEach(problem -> violations.add(request + ": " + problem));
            return error(400, "ValidationException", String.join("; ", wrong));
        }
        WireAnswer answer;
        if (throttles.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            answer = throttled();
        } else {
            try {
                answer = handle(request);
            } catch (Refused e) {
                answer = error(e.status, e.type, String.valueOf(e.getMessage()));
            } catch (RuntimeException e) {
                violations.add(request + ": the fake failed: " + e);
                answer = error(500, "InternalFailure", e.toString());
            }
        }
        WireAnswer given = answer;
        model.ifPresent(each -> each.answer(request, given)
                .forEach(problem -> violations.add("answer to " + request + ": " + problem)));
        return answer;
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "fake-service");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
