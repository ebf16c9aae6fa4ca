// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.order;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.HttpAnswer;
import dev.cumulane.cloud.HttpRequest;
import dev.cumulane.cloud.WorkEndpoint;
import dev.cumulane.cloud.WorkOrder;
import dev.cumulane.cloud.contract.SignedStore;
import dev.cumulane.cloud.contract.Twisted;
import dev.cumulane.internal.ticket.Ticket;
import dev.cumulane.internal.ticket.TicketOffice;
import dev.cumulane.internal.ticket.WorkDesk;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.testing.SimulatedCloud;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A cloud whose builds work through signed requests: a store and an ingress on this machine, both asked over HTTP. */
final class WorkSite implements AutoCloseable {
    static final String KEY = "ticket-key";
    static final String OLD_KEY = "old-ticket-key";

    private final SimulatedCloud simulated = SimulatedCloud.of();
    private final SignedStore store;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> wishes = new ArrayList<>();
    private final AtomicInteger down = new AtomicInteger();
    private final Cloud cloud;
    private final TicketOffice office;

    WorkSite() throws IOException {
        this(SignedStore.Words.S3);
    }

    WorkSite(SignedStore.Words words) throws IOException {
        store = new SignedStore(simulated.clock(), words);
        simulated.addSecret(KEY, "a key of at least thirty-two bytes, the new one");
        simulated.addSecret(OLD_KEY, "a key of at least thirty-two bytes, the old one");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        cloud = with(List.of(KEY, OLD_KEY));
        office = TicketOffice.of(cloud).orElseThrow();
        WorkDesk desk = WorkDesk.of(cloud).orElseThrow();
        server.setExecutor(threads);
        server.createContext("/", exchange -> handle(desk, exchange));
        server.start();
    }

    /** The same cloud with other keys. */
    Cloud with(List<String> keys) {
        WorkEndpoint endpoint = new WorkEndpoint(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/work"), keys);
        Cloud stored = Twisted.of(Cloud.class, simulated, "artifacts/0", (right, given) -> store);
        Cloud told = Twisted.of(Cloud.class, stored, "workEndpoint/0", (right, given) -> Optional.of(endpoint));
        return Twisted.of(Cloud.class, told, "ticketKeys/0", (right, given) -> endpoint.keys());
    }

    Cloud cloud() {
        return cloud;
    }

    SignedStore store() {
        return store;
    }

    SimulatedCloud simulated() {
        return simulated;
    }

    /** What came to ingress: the last line of each body. */
    synchronized List<String> wishes() {
        return List.copyOf(wishes);
    }

    /** Ingress answers this many questions with 503. */
    void ingressIsDownFor(int questions) {
        down.set(questions);
    }

    /** The launcher of an order that has all that it needs. */
    String launcher(BuildOrder order) {
        return launcher(order, ticket(order));
    }

    /** The launcher of an order that shows this ticket. */
    String launcher(BuildOrder order, Ticket ticket) {
        Digest script = store.put(order.script(office.issue(ticket)).getBytes(UTF_8));
        WorkOrder.Pass pass = office.pass(script, ticket.until());
        return Launcher.script(pass.address(), pass.text(), script);
    }

    Ticket ticket(BuildOrder order) {
        TreeSet<Digest> inputs = new TreeSet<>();
        order.inputs().forEach(input -> inputs.add(input.digest()));
        order.variables().fetched().values().forEach(value -> inputs.add(value.digest()));
        List<String> kept = order.work().caches().stream()
                .map(cached -> cached.keys().get(0))
                .toList();
        return new Ticket(
                order.attempt(),
                simulated.clock().instant().plus(Duration.ofHours(1)),
                inputs,
                new Ticket.Caches(kept, List.of()));
    }

    ResultFile result() throws IOException {
        return ResultFile.parse(
                Bench.ATTEMPT, store.read(OrderKeys.result(Bench.ATTEMPT)).orElseThrow());
    }

    Optional<String> claim() {
        return store.read(OrderKeys.claim(Bench.ATTEMPT)).map(bytes -> new String(bytes, UTF_8));
    }

    private void handle(WorkDesk desk, HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            note(body);
            HttpAnswer answer = down.getAndUpdate(left -> Math.max(0, left - 1)) > 0
                    ? HttpAnswer.text(503, "down")
                    : desk.answer(HttpRequest.of(
                            exchange.getRequestMethod(),
                            exchange.getRequestURI().getRawPath(),
                            "",
                            exchange.getRequestHeaders(),
                            body));
            answer.headers()
                    .forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
            exchange.sendResponseHeaders(answer.status(), answer.body().length == 0 ? -1 : answer.body().length);
            exchange.getResponseBody().write(answer.body());
        }
    }

    private synchronized void note(byte[] body) {
        List<String> lines = new String(body, UTF_8).lines().toList();
        wishes.add(lines.isEmpty() ? "" : lines.get(lines.size() - 1));
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        store.close();
    }
}
