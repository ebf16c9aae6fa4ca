// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cumulane.cloud.HttpStream;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.RunId;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;

/**
 * Tells a page that there is news, as server-sent events: {@code news} when something was recorded of its run, or of any; {@code log} with what its log has more. What
 * has no news costs no read of the journal, but for one every two seconds, in which another process may have written.
 */
final class Ticker implements HttpStream.Rest {
    private static final Duration WHOLE = Duration.ofSeconds(45);
    private static final Duration STEP = Duration.ofMillis(400);
    private static final long LOOK_NANOS = Duration.ofSeconds(2).toNanos();
    private static final long BEAT_NANOS = Duration.ofSeconds(10).toNanos();

    private final Desk desk;
    private final Optional<RunId> run;
    private final Optional<Tail> tail;
    private String seen;
    private long position;
    private boolean logEnded;

    /**
     * A log that is followed.
     *
     * @param attempt whose
     * @param service the service's name for its work
     * @param from where to read on
     */
    record Tail(AttemptId attempt, String service, long from) {}

    /**
     * A ticker.
     *
     * @param run the run that is watched; empty for all
     * @param seen the number of the last record that the page shows
     */
    Ticker(Desk desk, Optional<RunId> run, String seen, Optional<Tail> tail) {
        this.desk = desk;
        this.run = run;
        this.seen = seen;
        this.tail = tail;
        this.position = tail.map(Tail::from).orElse(0L);
    }

    @Override
    public void write(OutputStream out) throws IOException, InterruptedException {
        long end = System.nanoTime() + WHOLE.toNanos();
        long looked = System.nanoTime() - LOOK_NANOS;
        long beaten = System.nanoTime();
        long before = -1;
        say(out, ": here\n\n");
        while (System.nanoTime() < end) {
            long changes = desk.changes();
            if (changes != before || System.nanoTime() - looked >= LOOK_NANOS) {
                looked = System.nanoTime();
                if (isNews(before >= 0 && changes != before)) {
                    say(out, "event: news\ndata: \n\n");
                }
                before = changes;
            }
            if (!logEnded && tail.isPresent()) {
                log(out, tail.get());
            }
            if (System.nanoTime() - beaten >= BEAT_NANOS) {
                beaten = System.nanoTime();
                say(out, ": still here\n\n");
            }
            desk.await(changes, STEP);
        }
    }

    private boolean isNews(boolean anything) {
        if (run.isEmpty()) {
            return anything;
        }
        String last =
                desk.records(run.get()).map(number -> Long.toString(number)).orElse(seen);
        boolean isNews = !last.equals(seen);
        seen = last;
        return isNews;
    }

    private void log(OutputStream out, Tail followed) throws IOException {
        LogText log = LogText.read(desk, followed.attempt(), followed.service(), position);
        logEnded = log.ended();
        position = log.next();
        if (!log.text().isEmpty() || log.ended()) {
            say(out, "event: log\ndata: " + Pages.news(log) + "\n\n");
        }
    }

    private static void say(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(UTF_8));
        out.flush();
    }
}
