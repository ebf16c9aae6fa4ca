// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

import java.io.IOException;
import java.io.OutputStream;

/**
 * What the engine's HTTP endpoint answers bit by bit, for a server that can keep a connection open. A function does without: the same request to
 * {@code Engine.answer} says that there is no stream, and who asked looks again now and then.
 *
 * @param head status and headers; its body is empty
 * @param rest writes what follows
 */
public record HttpStream(HttpAnswer head, Rest rest) {
    /** Refuses a body that would come before the stream. */
    public HttpStream {
        if (head.body().length > 0) {
            throw new IllegalArgumentException("a stream's head has no body");
        }
    }

    /** Writes the rest of an answer, as it comes. */
    @FunctionalInterface
    public interface Rest {
        /**
         * Writes until there is nothing more to say, and after 45 seconds at most. Called once, on a thread of the server's.
         *
         * @param out where to; flushed after each bit, not closed
         * @throws IOException if the reader is gone
         * @throws InterruptedException if the server ends
         */
        void write(OutputStream out) throws IOException, InterruptedException;
    }
}
