// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.logs;

import dev.cumulane.cloud.LogText;
import dev.cumulane.cloud.Logs;
import java.util.ArrayList;
import java.util.List;

/**
 * Lines on their way from events into a piece of a log.
 *
 * <p>CloudWatch has no positions, only times: a position here is a time in milliseconds and, in its lowest 22 bits, how many bytes of the events of that millisecond
 * were read. Events of one millisecond come in the order in which they were printed, each time the same.
 */
final class Reading {
    private static final int OFFSET_BITS = 22;
    private static final long LARGEST_OFFSET = (1L << OFFSET_BITS) - 1;

    private final byte[] buffer;
    private final long position;
    private final List<Part> parts = new ArrayList<>();
    private int length;
    private boolean cut;
    private long millis = -1;
    /** Bytes of this millisecond's events so far, those that were read before included. */
    private long seen;

    /** Bytes of the buffer that came from one event, and where in their millisecond they begin. */
    private record Part(int begin, int end, long millis, long offset) {}

    Reading(int capacity, long position) {
        this.buffer = new byte[capacity];
        this.position = position;
    }

    /** The time that a position names. */
    static long millis(long position) {
        return position >>> OFFSET_BITS;
    }

    void add(long at, byte[] bytes) {
        if (at != millis) {
            millis = at;
            seen = 0;
        }
        long readBefore = at == millis(position) ? position & LARGEST_OFFSET : 0;
        int from = (int) Math.min(Math.max(readBefore - seen, 0), bytes.length);
        int count = Math.min(bytes.length - from, buffer.length - length);
        if (count > 0) {
            System.arraycopy(bytes, from, buffer, length, count);
            parts.add(new Part(length, length + count, at, seen + from));
            length += count;
        }
        cut |= count < bytes.length - from;
        seen += bytes.length;
    }

    boolean isFull() {
        return length == buffer.length;
    }

    /** The piece; the log has ended with it if the work is over and nothing was left out. */
    Logs.Piece piece(boolean over) {
        boolean last = over && !cut && !isFull();
        int end = last ? length : LogText.end(buffer, length, isFull());
        return new Logs.Piece(LogText.plain(buffer, end), positionAfter(end), last);
    }

    private long positionAfter(int end) {
        for (Part part : parts) {
            if (part.begin() < end && end <= part.end()) {
                long offset = part.offset() + end - part.begin();
                return part.millis() << OFFSET_BITS | Math.min(offset, LARGEST_OFFSET);
            }
        }
        return position;
    }
}
