// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.fake;

import com.azure.core.exception.AzureException;
import com.azure.core.util.Context;
import com.azure.storage.queue.QueueClient;
import com.azure.storage.queue.QueueServiceClient;
import com.azure.storage.queue.models.QueueMessageItem;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.azure.functions.spi.inject.FunctionInstanceInjector;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.cumulane.cloud.contract.Loopback;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The host of a function app in this process: it loads what {@code host.json} and each {@code function.json} say, answers requests on loopback, and takes messages of a real
 * queue. A message whose function failed is seen again, until it has been dequeued as often as the host is told; then it goes to the queue for poison. One instance is one process.
 */
public final class FunctionsHost implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern SETTING = Pattern.compile("%([^%]+)%");
    private static final Duration WHILE_RUNNING = Duration.ofMinutes(10);
    private static final long PAUSE_NANOS = 5_000_000;

    private final SortedMap<String, HostedFunction> functions = new TreeMap<>();
    private final JsonNode host;
    private final Map<String, String> settings;
    private final QueueServiceClient queues;
    private final FunctionInstanceInjector instances;
    private final List<Thread> listening = new ArrayList<>();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final BiConsumer<String, String> monitor;
    private Optional<HttpServer> server = Optional.empty();
    private volatile Duration repeats;
    private volatile boolean stopped;

    /**
     * Loads an app and begins to listen.
     *
     * @param files what the app is deployed with: path to text
     * @param code finds the entry class
     * @param settings the app's settings
     * @param queues where queue triggers listen
     * @param monitor takes an invocation's id and a line that it printed
     * @throws IllegalArgumentException for an app that a host would not load
     */
    public FunctionsHost(
            SortedMap<String, String> files,
            ClassLoader code,
            Map<String, String> settings,
            QueueServiceClient queues,
            BiConsumer<String, String> monitor) {
        this.settings = Map.copyOf(settings);
        this.queues = queues;
        this.monitor = monitor;
        this.instances = ServiceLoader.load(FunctionInstanceInjector.class, code)
                .findFirst()
                .orElseThrow();
        this.host = host(files.get("host.json"));
        files.forEach((path, text) -> {
            if (path.endsWith("/function.json")) {
                String name = path.substring(0, path.indexOf('/'));
                functions.put(name, new HostedFunction(name, text, code));
            }
        });
        repeats = Duration.ofSeconds(
                java.time.LocalTime.parse(queueSetting("visibilityTimeout").asText("00:00:00"))
                        .toSecondOfDay());
        functions.values().forEach(this::listen);
    }

    /** Shows a message that failed again after another time than the app says. */
    public FunctionsHost repeatingAfter(Duration time) {
        repeats = time;
        return this;
    }

    /** Where its requests are answered. */
    public URI endpoint() {
        return URI.create(
                "http://127.0.0.1:" + server.orElseThrow().getAddress().getPort());
    }

    /** Lets a timer go off. */
    public void fire(String function) {
        invoke(functions.get(function), "{\"IsPastDue\":false}", Map.of());
    }

    /** What failed, one line each. */
    public List<String> failures() {
        return List.copyOf(failures);
    }

    /** What the functions printed. */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    private JsonNode queueSetting(String key) {
        return host.path("extensions").path("queues").path(key);
    }

    private static JsonNode host(String text) {
        try {
            JsonNode host = JSON.readTree(text);
            boolean right = host.path("version").asText().equals("2.0")
                    && host.path("functionTimeout").asText().matches("00:(0[1-9]|10):00")
                    && host.path("extensionBundle").path("version").asText().startsWith("[4.");
            if (!right) {
                throw new IllegalArgumentException("a host.json that the Consumption plan does not take: " + text);
            }
            return host;
        } catch (IOException e) {
            throw new IllegalArgumentException("host.json is no JSON", e);
        }
    }

    private void listen(HostedFunction function) {
        switch (function.type()) {
            case "httpTrigger" -> server = Optional.of(Loopback.serve(exchange -> answer(function, exchange)));
            case "queueTrigger" -> {
                String queue = resolved(function.setting("queueName"));
                boolean bound = settings.keySet().stream()
                        .anyMatch(setting -> setting.startsWith(function.setting("connection")));
                if (!bound) {
                    throw new IllegalArgumentException(
                            "no setting says what " + function.setting("connection") + " is");
                }
                Thread thread = new Thread(() -> take(function, queue), "host-" + function.name());
                thread.setDaemon(true);
                thread.start();
                listening.add(thread);
            }
            default -> {
                if (resolved(function.setting("schedule")).split(" ", -1).length != 6) {
                    throw new IllegalArgumentException("a timer has six fields");
                }
            }
        }
    }

    private String resolved(String text) {
        return SETTING.matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(Optional.ofNullable(settings.get(found.group(1)))
                        .orElseThrow(() -> new IllegalArgumentException("no setting " + found.group(1)))));
    }

    private void answer(HostedFunction function, HttpExchange exchange) throws IOException {
        try (exchange) {
            ((HostedRequest.Answering) invoke(function, HostedRequest.of(exchange), Map.of())).send(exchange);
        } catch (IllegalStateException e) {
            exchange.sendResponseHeaders(500, -1);
        }
    }

    private Object invoke(HostedFunction function, Object given, Map<String, String> parts) {
        String operation = java.util.UUID.randomUUID().toString();
        Logger log = Logger.getAnonymousLogger();
        log.setUseParentHandlers(false);
        log.addHandler(new Lines(operation));
        try {
            return function.invoke(instances, given, parts, log);
        } catch (IllegalStateException e) {
            failures.add(function.name() + ": " + e.getCause());
            throw e;
        }
    }

    private void take(HostedFunction function, String name) {
        QueueClient queue = queues.getQueueClient(name);
        while (!stopped) {
            try {
                List<QueueMessageItem> messages =
                        queue
                                .receiveMessages(queueSetting("batchSize").asInt(), WHILE_RUNNING, null, Context.NONE)
                                .stream()
                                .toList();
                messages.forEach(message -> handle(function, queue, message));
                if (messages.isEmpty()) {
                    LockSupport.parkNanos(PAUSE_NANOS);
                }
            } catch (AzureException e) {
                // As in the host: a later round takes what this one could not.
                LockSupport.parkNanos(PAUSE_NANOS);
            } catch (RuntimeException e) {
                if (e.getCause() == null) {
                    throw e;
                }
            }
        }
    }

    private void handle(HostedFunction function, QueueClient queue, QueueMessageItem message) {
        try {
            invoke(function, message.getBody().toString(), Map.of("Id", message.getMessageId()));
        } catch (IllegalStateException e) {
            if (message.getDequeueCount() < queueSetting("maxDequeueCount").asInt()) {
                queue.updateMessage(
                        message.getMessageId(),
                        message.getPopReceipt(),
                        message.getBody().toString(),
                        repeats);
                return;
            }
            queues.getQueueClient(queue.getQueueName() + "-poison").sendMessage(message.getBody());
        }
        queue.deleteMessage(message.getMessageId(), message.getPopReceipt());
    }

    @Override
    public void close() {
        stopped = true;
        server.ifPresent(each -> each.stop(0));
        for (Thread thread : listening) {
            try {
                thread.join(10_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Takes an invocation's lines. */
    private final class Lines extends Handler {
        private final String operation;

        Lines(String operation) {
            this.operation = operation;
        }

        @Override
        public void publish(LogRecord line) {
            lines.add(line.getMessage());
            monitor.accept(operation, line.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
