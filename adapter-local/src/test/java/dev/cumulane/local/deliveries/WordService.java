// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.deliveries;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A service to deploy: it answers the word in its file {@code word}, is healthy unless there is a file {@code sick}, and notes each of its starts. Its class path is this directory alone. */
public final class WordService {
    private WordService() {}

    public static void main(String[] words) throws Exception {
        String word = Files.readString(Path.of("word"));
        Files.writeString(Path.of(words[0]), word + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        if (Files.exists(Path.of("dies"))) {
            System.out.println("no configuration for " + word);
            System.exit(3);
        }
        int health = Files.exists(Path.of("sick")) ? 503 : 200;
        HttpServer server = HttpServer.create(
                new InetSocketAddress(
                        InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), Integer.parseInt(System.getenv("PORT"))),
                64);
        server.createContext("/health", exchange -> {
            exchange.sendResponseHeaders(health, -1);
            exchange.close();
        });
        server.createContext("/", exchange -> {
            byte[] body = word.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }
}
