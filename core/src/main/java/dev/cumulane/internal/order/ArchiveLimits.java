// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.order;

/**
 * How much an archive may hold.
 *
 * @param entries files and directories
 * @param bytes of all files together, unpacked
 */
record ArchiveLimits(int entries, long bytes) {
    /** 100,000 entries and 2 GiB. */
    static final ArchiveLimits STANDARD = new ArchiveLimits(100_000, 2L << 30);

    /** How many times larger than its archive the content may be, once it is larger than {@link #SMALL}. */
    static final int MOST_RATIO = 100;

    /** Below this size, in bytes, no ratio is asked for: a small file of one repeated byte is no bomb. */
    static final long SMALL = 64L << 20;

    ArchiveLimits {
        if (entries < 1 || bytes < 1) {
            throw new IllegalArgumentException(
                    "limits of " + entries + " entries and " + bytes + " bytes hold nothing");
        }
    }
}
