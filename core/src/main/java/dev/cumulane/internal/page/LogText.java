// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.page;

import dev.cumulane.cloud.Logs;
import dev.cumulane.run.AttemptId;

/**
 * A piece of an attempt's log, as far as one answer shows it.
 *
 * @param text the text, without the secrets of its stage
 * @param next where the rest begins
 * @param ended whether nothing more can come
 */
record LogText(String text, long next, boolean ended) {
    /** The most bytes that one answer shows. */
    static final int MOST = 256 * 1024;

    private static final int CHUNK = 64 * 1024;

    /** Reads on from a position. */
    static LogText read(Desk desk, AttemptId attempt, String service, long from) {
        StringBuilder text = new StringBuilder();
        long position = from;
        while (position - from < MOST) {
            Logs.Piece piece = desk.log(attempt, service, position, CHUNK);
            text.append(piece.text());
            boolean still = piece.next() == position;
            position = piece.next();
            if (still) {
                return new LogText(text.toString(), position, piece.ended());
            }
        }
        return new LogText(text.toString(), position, false);
    }
}
