// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.shell;

/**
 * Says when the next snapshot of a stream is due: at every 64th record, but not before the records since the last one have as many bytes as it has.
 *
 * <p>A snapshot grows with the plan. Made at a fixed interval, the snapshots of a run would have bytes in proportion to the square of its length. At this pace, all but the newest
 * together have at most as many bytes as all records, and a reader of the newest finds behind it at most as many bytes again, and 64 records.
 */
final class SnapshotPace {
    private static final int EVERY = 64;

    private long behind;
    private long last;

    /** Nothing is known of the stream. */
    void reset() {
        behind = 0;
        last = 0;
    }

    /** The stream has a record of this many bytes behind the last snapshot. */
    void recorded(int bytes) {
        behind += bytes;
    }

    /** A snapshot of this many bytes was made, or read. */
    void snapshot(int bytes) {
        behind = 0;
        last = bytes;
    }

    /** Whether the state after this record is to be kept. */
    boolean isDue(long sequence) {
        return sequence % EVERY == 0 && behind >= last;
    }
}
