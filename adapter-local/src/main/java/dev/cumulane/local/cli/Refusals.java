// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;

/** Prints why requests were refused: at most one line in a while, however many somebody sends. Any thread. */
final class Refusals implements Consumer<String> {
    private static final Duration BETWEEN = Duration.ofSeconds(2);

    private final InstantSource clock;
    private final Consumer<String> printer;
    private Instant next = Instant.MIN;
    private long untold;

    Refusals(InstantSource clock, Consumer<String> printer) {
        this.clock = clock;
        this.printer = printer;
    }

    @Override
    public synchronized void accept(String refusal) {
        Instant now = clock.instant();
        if (now.isBefore(next)) {
            untold++;
            return;
        }
        printer.accept(Text.time(now) + "  " + Text.clean(refusal)
                + (untold == 0 ? "" : " (and " + untold + " more since the last line)"));
        untold = 0;
        next = now.plus(BETWEEN);
    }
}
