// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.shell;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Journal;
import dev.cumulane.cloud.StreamId;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** Reads and appends one stream, and knows its own writes again. */
public final class Stream {
    private static final int PAGE = 200;

    private Stream() {}

    /**
     * Appends a record.
     *
     * @return false if another record of that number is there already
     */
    public static boolean append(Journal journal, StreamId stream, long sequence, byte[] record) {
        try {
            if (journal.append(stream, sequence, record) == Journal.Append.APPENDED) {
                return true;
            }
        } catch (CloudException e) {
            // Where only the answer was lost, the record is there, and its commands need not wait for the sweep.
            if (e.retryable() && isThere(journal, stream, sequence, record)) {
                return true;
            }
            throw e;
        }
        // The record that is there may be this one, stored by a call whose answer was lost, or by the client's own
        // retry.
        return isThere(journal, stream, sequence, record);
    }

    private static boolean isThere(Journal journal, StreamId stream, long sequence, byte[] record) {
        List<Journal.Entry> there = journal.read(stream, sequence, 1);
        return !there.isEmpty() && Arrays.equals(there.get(0).bytes(), record);
    }

    /**
     * Reads all records from one on.
     *
     * @return the number of the last record, or {@code from - 1} if there is none
     */
    public static long read(Journal journal, StreamId stream, long from, Consumer<Journal.Entry> reader) {
        long next = from;
        while (true) {
            List<Journal.Entry> page = journal.read(stream, next, PAGE);
            for (Journal.Entry entry : page) {
                if (entry.sequence() != next) {
                    throw CloudException.permanent(
                            "journal",
                            "stream " + stream + " has record " + entry.sequence() + " where record " + next
                                    + " should be");
                }
                reader.accept(entry);
                next++;
            }
            if (page.size() < PAGE) {
                return next - 1;
            }
        }
    }
}
