// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package com.example.greeting;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** Runs the service until it is told to stop. */
public final class Main {
    private static final String DEFAULT_PORT = "8080";

    private Main() {}

    /** Starts the service on the port that the environment variable PORT names. */
    public static void main(String[] args) {
        Map<String, String> settings = System.getenv();
        String port = settings.getOrDefault("PORT", DEFAULT_PORT);
        try {
            GreetingServer server = GreetingServer.start(portNumber(port), version(), () -> problem(settings));
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                server.close();
                System.out.println("Greeting stopped");
            }));
            System.out.println("Greeting " + version() + " listens on " + server.address());
        } catch (IllegalArgumentException e) {
            fail(e.getMessage());
        } catch (IOException e) {
            fail("cannot listen on port " + port + ": " + e.getMessage());
        }
    }

    static int portNumber(String text) {
        if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > 65_535) {
            throw new IllegalArgumentException("PORT is a number from 0 to 65535, not '" + text + "'");
        }
        return Integer.parseInt(text);
    }

    private static Optional<String> problem(Map<String, String> settings) {
        return Optional.empty();
    }

    private static String version() {
        return Optional.ofNullable(Main.class.getPackage().getImplementationVersion())
                .orElse("unpackaged");
    }

    private static void fail(String reason) {
        System.err.println("greeting: " + reason);
        System.exit(2);
    }
}
