// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.examples.aws;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the minimized jar leaves out is nothing that a function calls. */
final class OperationsTest {
    private static final String MD5_OF_X = "9dd4e461268c8034f5c8564e155c67a6";
    private static final Path TEST_CLASSES = Path.of("target", "test-classes");

    private final Set<String> called = new ConcurrentSkipListSet<>();
    private HttpServer services;

    @BeforeEach
    void start() throws IOException {
        services = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        services.createContext("/", this::answer);
        services.start();
    }

    @AfterEach
    void stop() {
        services.stop(0);
    }

    /** An empty answer in the service's language; the client of SQS looks whether its message came. */
    private void answer(HttpExchange exchange) throws IOException {
        String service = exchange.getRequestHeaders().getFirst("Authorization").split("/", -1)[3];
        called.add(service);
        String text = switch (service) {
            case "s3", "sts", "monitoring" -> "<Answer/>";
            case "sqs" -> "{\"MD5OfMessageBody\":\"" + MD5_OF_X + "\"}";
            default -> "{}";
        };
        byte[] body = text.getBytes(UTF_8);
        exchange.getRequestBody().readAllBytes();
        exchange.getResponseHeaders().set("ETag", "\"e\"");
        boolean isHead = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(200, isHead ? -1 : body.length);
        if (!isHead) {
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    private void callAll(List<Path> jars) throws Exception {
        URL[] urls = new URL[jars.size() + 1];
        for (int i = 0; i < jars.size(); i++) {
            urls[i] = jars.get(i).toUri().toURL();
        }
        urls[jars.size()] = TEST_CLASSES.toUri().toURL();
        try (URLClassLoader loader = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader())) {
            @SuppressWarnings("unchecked")
            Consumer<URI> operations = (Consumer<URI>) loader.loadClass(Operations.class.getName())
                    .getConstructor()
                    .newInstance();
            operations.accept(
                    URI.create("http://127.0.0.1:" + services.getAddress().getPort()));
        }
    }

    @Test
    void each_operation_that_functions_use_works_from_the_minimized_jar() throws Exception {
        callAll(List.of(Jars.MINIMIZED));

        assertThat(called)
                .containsExactly(
                        "codebuild",
                        "codepipeline",
                        "dynamodb",
                        "events",
                        "lambda",
                        "logs",
                        "monitoring",
                        "s3",
                        "scheduler",
                        "secretsmanager",
                        "sqs",
                        "ssm",
                        "sts");
    }

    @Test
    void without_the_jar_the_first_operation_fails() {
        assertThatExceptionOfType(NoClassDefFoundError.class).isThrownBy(() -> callAll(List.of()));
    }
}
