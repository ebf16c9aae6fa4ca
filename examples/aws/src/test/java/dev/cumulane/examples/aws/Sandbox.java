// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.examples.aws;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/** Starts a function as Lambda does, a JVM with the real runtime client, for one event. Every other service it calls is answered by an empty account. */
final class Sandbox {
    private static final String API = "/2018-06-01/runtime/";
    private static final int PATIENCE_SECONDS = 120;

    private Sandbox() {}

    /**
     * What became of the first event.
     *
     * @param failed whether the handler threw
     * @param body its answer, or the error as JSON
     * @param cpu the processor time from the start to the answer
     */
    record Answer(boolean failed, String body, Duration cpu) {}

    /** Starts a function with these options and that class path, and gives it one event. */
    static Answer first(List<String> options, List<Path> classPath, Class<?> handler, String role, String event)
            throws IOException, InterruptedException {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        CompletableFuture<Process> process = new CompletableFuture<>();
        AtomicBoolean given = new AtomicBoolean();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        var threads = Executors.newCachedThreadPool();
        server.setExecutor(threads);
        server.createContext(API, exchange -> {
            if (exchange.getRequestURI().getPath().endsWith("invocation/next")) {
                next(exchange, given, event);
            } else {
                Duration cpu = process.join().info().totalCpuDuration().orElse(Duration.ZERO);
                boolean failed = exchange.getRequestURI().getPath().endsWith("error");
                String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
                exchange.sendResponseHeaders(202, -1);
                exchange.close();
                answer.complete(new Answer(failed, body, cpu));
            }
        });
        server.createContext("/", Sandbox::emptyAccount);
        server.start();
        Process started = start(server.getAddress().getPort(), options, classPath, handler, role);
        try {
            process.complete(started);
            return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError(handler + " did not answer as " + role, e);
        } finally {
            // By a signal, at which an archive of classes is written.
            started.destroy();
            started.waitFor();
            server.stop(0);
            threads.shutdownNow();
        }
    }

    private static Process start(int port, List<String> options, List<Path> classPath, Class<?> handler, String role)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx448m"));
        command.addAll(options);
        command.add("-cp");
        command.add(String.join(
                java.io.File.pathSeparator,
                classPath.stream().map(Path::toString).toList()));
        command.add("com.amazonaws.services.lambda.runtime.api.client.AWSLambda");
        command.add(handler.getName());
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        Map<String, String> environment = builder.environment();
        environment.keySet().retainAll(List.of("PATH"));
        environment.put("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:" + port);
        environment.put("AWS_ENDPOINT_URL", "http://127.0.0.1:" + port);
        environment.put("_HANDLER", handler.getName());
        environment.put("LAMBDA_TASK_ROOT", System.getProperty("java.io.tmpdir"));
        environment.put("AWS_LAMBDA_FUNCTION_NAME", "greeting-ci-" + role);
        environment.put("AWS_LAMBDA_FUNCTION_VERSION", "1");
        environment.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512");
        environment.put("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/greeting-ci");
        environment.put("AWS_LAMBDA_LOG_STREAM_NAME", "1");
        environment.put("AWS_REGION", "eu-west-1");
        environment.put("AWS_ACCESS_KEY_ID", "AKID");
        environment.put("AWS_SECRET_ACCESS_KEY", "secret");
        environment.put("CUMULANE_ROLE", role);
        environment.put("CUMULANE_ACCOUNT", "123456789012");
        environment.put("CUMULANE_CODE", "0f".repeat(32));
        return builder.start();
    }

    /** One event; whoever asks for a second one waits. */
    private static void next(HttpExchange exchange, AtomicBoolean given, String event) throws IOException {
        if (given.getAndSet(true)) {
            return;
        }
        byte[] payload = event.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.getResponseHeaders().set("Lambda-Runtime-Aws-Request-Id", "8f5a");
        exchange.getResponseHeaders()
                .set(
                        "Lambda-Runtime-Invoked-Function-Arn",
                        "arn:aws:lambda:eu-west-1:123456789012:function:greeting-ci:live");
        exchange.getResponseHeaders()
                .set("Lambda-Runtime-Deadline-Ms", Long.toString(System.currentTimeMillis() + 60_000));
        exchange.getResponseHeaders().set("Lambda-Runtime-Trace-Id", "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700");
        exchange.sendResponseHeaders(200, payload.length);
        exchange.getResponseBody().write(payload);
        exchange.close();
    }

    private static void emptyAccount(HttpExchange exchange) throws IOException {
        String target = String.valueOf(exchange.getRequestHeaders().getFirst("X-Amz-Target"));
        String text = switch (target.substring(target.indexOf('.') + 1)) {
            case "Query", "Scan" -> "{\"Items\":[],\"Count\":0,\"ScannedCount\":0}";
            case "GetSecretValue" -> "{\"SecretString\":\"0123456789abcdef0123456789abcdef\"}";
            default -> "{}";
        };
        byte[] answer = text.getBytes(UTF_8);
        exchange.getRequestBody().readAllBytes();
        exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
        exchange.sendResponseHeaders(target.equals("null") ? 404 : 200, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }
}
