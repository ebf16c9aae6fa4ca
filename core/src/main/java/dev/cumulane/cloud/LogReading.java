// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

import java.util.ArrayList;
import java.util.List;

/**
 * Lines on their way from a service that keeps them by time into a piece of a log.
 *
 * <p>Such a service has no positions, only times: a position here is a time in milliseconds and, in its lowest 22 bits, how many bytes of the lines of that millisecond
 * were read. Lines of one millisecond must come in the same order each time. Make one for each call of {@link Logs#read}; one thread.
 */
public final class LogReading {
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

    /**
     * A piece that is empty yet.
     *
     * @param position where it begins, as an earlier piece said; 0 for the beginning
     * @param most the most bytes that it may have; at least a whole character fits
     */
    public LogReading(long position, int most) {
        this.buffer = new byte[Math.max(most, LogText.LONGEST_CHARACTER)];
        this.position = position;
    }

    /**
     * The time that a position names.
     *
     * @param position a position
     * @return milliseconds since 1970, from which on lines are to be asked for
     */
    public static long millis(long position) {
        return position >>> OFFSET_BITS;
    }

    /**
     * Takes a line, or a part of one. What was read before is left out, as is what has no room.
     *
     * @param at its time in milliseconds since 1970, not before that of the last one
     * @param bytes what was printed, with the line's end
     */
    public void add(long at, byte[] bytes) {
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

    /**
     * Whether there is no room for more.
     *
     * @return true if it is full
     */
    public boolean isFull() {
        return length == buffer.length;
    }

    /**
     * The piece.
     *
     * @param over whether the work is over; the log has then ended with this piece, if nothing was left out
     * @return what may be shown
     */
    public Logs.Piece piece(boolean over) {
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
