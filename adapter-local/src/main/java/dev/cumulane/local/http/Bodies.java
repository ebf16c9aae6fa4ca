// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.http;

import com.sun.net.httpserver.HttpExchange;
import dev.cumulane.cloud.HttpRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * Reads the bodies of requests. Memory is taken as their bytes arrive, whatever length they announce, and who sends too slowly is hung up on. Safe for use by several
 * threads.
 */
final class Bodies implements AutoCloseable {
    /** For all bodies that are in memory at a time. */
    private static final int MOST_BYTES = 8 * HttpRequest.LARGEST_BODY;

    private static final int STEP = 16 * 1024;

    /** Slower than any forge, and than the proxy in front of us. */
    private static final int LEAST_BYTES_A_SECOND = 64 * 1024;

    private final Semaphore memory = new Semaphore(MOST_BYTES);
    private final Duration patience;
    private final ScheduledThreadPoolExecutor clock;

    /**
     * Reads bodies.
     *
     * @param patience how long a body may take beside the time that its bytes take at the least rate
     * @param threads makes the thread that hangs up
     */
    Bodies(Duration patience, ThreadFactory threads) {
        this.patience = patience;
        this.clock = new ScheduledThreadPoolExecutor(1, threads);
        clock.setRemoveOnCancelPolicy(true);
    }

    /**
     * Whether a request says that it has no body or a small one. Such a body is read in any case: a connection that is closed on bytes which nobody has read is reset, and its client may
     * never see the answer.
     */
    static boolean isSmall(HttpExchange exchange) {
        String said = exchange.getRequestHeaders().getFirst("Content-Length");
        return said == null
                ? !exchange.getRequestHeaders().containsKey("Transfer-Encoding")
                : said.matches("[0-9]{1,5}") && Integer.parseInt(said) <= STEP;
    }

    /** Whether a request says itself that its body is too large. */
    static boolean isTooLarge(HttpExchange exchange) {
        String said = exchange.getRequestHeaders().getFirst("Content-Length");
        return said != null && !(said.matches("[0-9]{1,9}") && Integer.parseInt(said) <= HttpRequest.LARGEST_BODY);
    }

    /** The body of a request, of which nothing is read yet. Whoever asks closes it when its bytes are needed no more. */
    Body of(HttpExchange exchange) {
        return new Body(exchange);
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }

    /** What becomes of a body. */
    enum Arrival {
        WHOLE,
        TOO_LARGE,
        NO_MEMORY
    }

    /** One body; for one thread. */
    final class Body implements AutoCloseable {
        private final HttpExchange exchange;
        private final long begun = System.nanoTime();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private volatile long arrived;
        private int reserved;

        private Body(HttpExchange exchange) {
            this.exchange = exchange;
        }

        /** Reads it to its end, or to its limit; an exception is that of a client that went away or was hung up on. */
        @SuppressWarnings("try") // what hangs up works by being there
        Arrival read() throws IOException {
            try (HangUp unused = new HangUp(this)) {
                InputStream in = exchange.getRequestBody();
                byte[] step = new byte[STEP];
                for (int got = in.read(step); got >= 0; got = in.read(step)) {
                    arrived = (long) bytes.size() + got;
                    if (arrived > HttpRequest.LARGEST_BODY) {
                        return Arrival.TOO_LARGE;
                    }
                    if (!reserve()) {
                        return Arrival.NO_MEMORY;
                    }
                    bytes.write(step, 0, got);
                }
                return Arrival.WHOLE;
            }
        }

        private boolean reserve() {
            while (reserved < arrived) {
                if (!memory.tryAcquire(STEP)) {
                    return false;
                }
                reserved += STEP;
            }
            return true;
        }

        byte[] bytes() {
            return bytes.toByteArray();
        }

        /** How much time is left until it is too slow, as far as it has arrived. */
        private long nanosLeft() {
            long due = patience.toNanos() + TimeUnit.SECONDS.toNanos(arrived) / LEAST_BYTES_A_SECOND;
            return due - (System.nanoTime() - begun);
        }

        @Override
        public void close() {
            memory.release(reserved);
            reserved = 0;
        }
    }

    /** Closes the connection of a body that is too slow, until this is closed. */
    private final class HangUp implements AutoCloseable, Runnable {
        private final Body body;
        private ScheduledFuture<?> next;
        private boolean over;

        HangUp(Body body) {
            this.body = body;
            this.next = clock.schedule(this, body.nanosLeft(), TimeUnit.NANOSECONDS);
        }

        @Override
        public synchronized void run() {
            long left = body.nanosLeft();
            if (!over && left > 0) {
                next = clock.schedule(this, left, TimeUnit.NANOSECONDS);
            } else if (!over) {
                body.exchange.close();
            }
        }

        @Override
        public synchronized void close() {
            over = true;
            next.cancel(false);
        }
    }
}
