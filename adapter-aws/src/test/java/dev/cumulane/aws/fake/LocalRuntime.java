// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.fake;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A Lambda sandbox: a JVM of its own with the real runtime interface client, which asks our Runtime API for invocations. One invocation at a time.
 *
 * <p>The protocol is that of the developer guide, "Using the Lambda runtime API": {@code GET …/invocation/next}, then {@code POST …/response} or {@code …/error}.
 */
public final class LocalRuntime implements AutoCloseable {
    private static final String API = "/2018-06-01/runtime/";
    private static final int PATIENCE_SECONDS = 60;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final BlockingQueue<Invocation> waiting = new ArrayBlockingQueue<>(100);
    private final Map<String, BlockingQueue<Outcome>> outcomes = new ConcurrentHashMap<>();
    private final Process process;

    private record Invocation(String id, String arn, byte[] payload) {}

    /**
     * What became of an invocation.
     *
     * @param failed whether the handler threw
     * @param body the answer, or the error as JSON
     */
    public record Outcome(boolean failed, byte[] body) {
        /** The body as text. */
        public String text() {
            return new String(body, UTF_8);
        }
    }

    /**
     * Starts a sandbox.
     *
     * @param handler the handler's class
     * @param variables its environment
     * @param log takes what it prints
     * @throws IOException if it cannot be started
     */
    public LocalRuntime(Class<?> handler, Map<String, String> variables, Path log) throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext(API, this::serve);
        server.start();
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx448m",
                "-cp",
                System.getProperty("java.class.path"),
                "com.amazonaws.services.lambda.runtime.api.client.AWSLambda",
                handler.getName()));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        Map<String, String> environment = builder.environment();
        environment.keySet().retainAll(List.of("PATH"));
        environment.put(
                "AWS_LAMBDA_RUNTIME_API", "127.0.0.1:" + server.getAddress().getPort());
        environment.put("_HANDLER", handler.getName());
        environment.put("LAMBDA_TASK_ROOT", log.toAbsolutePath().getParent().toString());
        environment.put("AWS_LAMBDA_FUNCTION_NAME", "shop-ci-function");
        environment.put("AWS_LAMBDA_FUNCTION_VERSION", "1");
        environment.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512");
        environment.put("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/shop-ci");
        environment.put("AWS_LAMBDA_LOG_STREAM_NAME", "1");
        environment.put("AWS_REGION", "eu-west-1");
        environment.put("AWS_ACCESS_KEY_ID", "AKID");
        environment.put("AWS_SECRET_ACCESS_KEY", "secret");
        environment.putAll(variables);
        process = builder.start();
    }

    /**
     * Invokes the function and waits for its answer.
     *
     * @param arn the function's ARN as it is invoked
     * @param id the invocation's id
     * @param payload the payload
     * @return what became of it
     * @throws InterruptedException if the thread is interrupted
     */
    public Outcome invoke(String arn, String id, byte[] payload) throws InterruptedException {
        BlockingQueue<Outcome> outcome = new ArrayBlockingQueue<>(1);
        outcomes.put(id, outcome);
        waiting.put(new Invocation(id, arn, payload));
        for (int second = 0; second < PATIENCE_SECONDS; second++) {
            Outcome came = outcome.poll(1, TimeUnit.SECONDS);
            if (came != null) {
                return came;
            }
            if (!process.isAlive()) {
                return new Outcome(true, ("the sandbox has ended with " + process.exitValue()).getBytes(UTF_8));
            }
        }
        throw new AssertionError("no answer within " + PATIENCE_SECONDS + " s");
    }

    /** Whether it can still be invoked. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /**
     * Invokes the function with a text.
     *
     * @param payload the payload
     * @return what became of it
     * @throws InterruptedException if the thread is interrupted
     */
    public Outcome invoke(String payload) throws InterruptedException {
        return invoke(
                "arn:aws:lambda:eu-west-1:123456789012:function:shop-ci-function:live",
                UUID.randomUUID().toString(),
                payload.getBytes(UTF_8));
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath().substring(API.length());
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (path.equals("invocation/next")) {
                next(exchange);
                return;
            }
            String[] parts = path.split("/");
            if (parts.length == 3) {
                outcomes.get(parts[1]).add(new Outcome(parts[2].equals("error"), body));
            } else {
                outcomes.values().forEach(outcome -> outcome.offer(new Outcome(true, body)));
            }
            exchange.sendResponseHeaders(202, -1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void next(HttpExchange exchange) throws IOException, InterruptedException {
        Invocation invocation = waiting.take();
        // The client, which is native, dies of an answer without a content type.
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.getResponseHeaders().set("Lambda-Runtime-Aws-Request-Id", invocation.id());
        exchange.getResponseHeaders().set("Lambda-Runtime-Invoked-Function-Arn", invocation.arn());
        exchange.getResponseHeaders()
                .set("Lambda-Runtime-Deadline-Ms", Long.toString(System.currentTimeMillis() + 60_000));
        exchange.getResponseHeaders().set("Lambda-Runtime-Trace-Id", "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700");
        exchange.sendResponseHeaders(200, invocation.payload().length);
        exchange.getResponseBody().write(invocation.payload());
    }

    /** Ends the sandbox. */
    @Override
    public void close() {
        process.destroyForcibly();
        server.stop(0);
        threads.shutdownNow();
    }
}
