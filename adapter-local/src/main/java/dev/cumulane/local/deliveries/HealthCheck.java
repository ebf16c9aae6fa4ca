// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.deliveries;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Asks a service on the loopback address for its health: a GET that must be answered with 200. */
final class HealthCheck {
    private static final int ANSWER_MILLIS = 2_000;
    private static final long PAUSE_MILLIS = 50;

    private final String url;

    HealthCheck(int port, String path) {
        this.url = "http://127.0.0.1:" + port + path;
    }

    /**
     * Asks until the service is healthy.
     *
     * @param alive whether the service's process lives; when it does not, waiting is over
     * @param limit how long to ask
     * @return what is wrong, or empty if it is healthy
     */
    Optional<String> await(BooleanSupplier alive, Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            Optional<String> wrong = ask();
            if (!alive.getAsBoolean()) {
                return Optional.of("the process ended before it was healthy");
            }
            if (wrong.isEmpty()) {
                return wrong;
            }
            if (System.nanoTime() > deadline) {
                return Optional.of("not healthy after " + limit.toMillis() / 1000.0 + " s: " + wrong.get());
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
        }
    }

    /** Asks once: what is wrong, or empty if it is healthy. */
    Optional<String> ask() {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(url).toURL().openConnection(Proxy.NO_PROXY);
            connection.setConnectTimeout(ANSWER_MILLIS);
            connection.setReadTimeout(ANSWER_MILLIS);
            connection.setInstanceFollowRedirects(false);
            connection.setUseCaches(false);
            connection.setRequestProperty("Connection", "close");
            try {
                int status = connection.getResponseCode();
                return status == 200 ? Optional.empty() : Optional.of("GET " + url + " was answered with " + status);
            } finally {
                connection.disconnect();
            }
        } catch (IOException e) {
            return Optional.of("GET " + url + ": " + e.getMessage());
        }
    }
}
