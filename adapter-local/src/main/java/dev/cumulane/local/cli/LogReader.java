// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import dev.cumulane.cloud.Logs;
import dev.cumulane.run.AttemptId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/** Reads the log of one attempt from its beginning, as far as it has come, and on from there when asked again. */
final class LogReader {
    private static final int CHUNK = 256 * 1024;

    private final Logs logs;
    private final AttemptId attempt;
    private final String service;
    private long position;
    private String rest = "";
    private boolean ended;

    LogReader(Logs logs, AttemptId attempt, String service) {
        this.logs = logs;
        this.attempt = attempt;
        this.service = service;
    }

    /** Hands over the whole lines that are new, each cleaned. */
    void read(Consumer<String> line) {
        while (!ended) {
            Logs.Piece piece = logs.read(attempt, service, position, CHUNK);
            ended = piece.ended() && piece.next() == position;
            boolean still = piece.next() == position;
            position = piece.next();
            take(piece.text(), line);
            if (still) {
                break;
            }
        }
        if (ended && !rest.isEmpty()) {
            line.accept(Text.clean(rest));
            rest = "";
        }
    }

    /** Whether nothing more can come. */
    boolean ended() {
        return ended;
    }

    /** The last lines of what is there now. */
    List<String> last(int most) {
        Deque<String> kept = new ArrayDeque<>();
        read(line -> {
            if (kept.size() == most) {
                kept.removeFirst();
            }
            kept.addLast(line);
        });
        if (!rest.isBlank()) {
            kept.addLast(Text.clean(rest));
        }
        return List.copyOf(kept);
    }

    private void take(String text, Consumer<String> line) {
        String all = rest + text;
        int from = 0;
        for (int end = all.indexOf('\n'); end >= 0; end = all.indexOf('\n', from)) {
            line.accept(Text.clean(all.substring(from, end)));
            from = end + 1;
        }
        rest = all.substring(from);
    }
}
