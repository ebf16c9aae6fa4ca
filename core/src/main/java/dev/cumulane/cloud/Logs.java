// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

import dev.cumulane.run.AttemptId;

/**
 * Reads what work printed.
 *
 * <p>Called by the command line and by {@code listen}, on the caller's thread, as often as somebody looks.
 */
public interface Logs {
    /**
     * A piece of a log.
     *
     * @param text whole lines where possible, with secrets masked
     * @param next the position to read on from
     * @param ended whether nothing more can come
     */
    record Piece(String text, long next, boolean ended) {}

    /**
     * Reads an attempt's log from a position.
     *
     * @param attempt the attempt
     * @param serviceId what the service called its work
     * @param position 0 for the beginning, then {@link Piece#next}
     * @param most the most bytes to read, at most 1 MiB
     * @return the piece; empty text if nothing new is there
     */
    Piece read(AttemptId attempt, String serviceId, long position, int most);
}
