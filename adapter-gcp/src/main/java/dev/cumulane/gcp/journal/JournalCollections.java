// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.journal;

import dev.cumulane.cloud.StreamId;
import java.util.List;

/**
 * The collections that the journal needs, for the template: which fields have an index, and which field says when Firestore may delete a document.
 *
 * <pre>
 * collection   id                  fields
 * records      STREAM|000000000001 b bytes, w writer, x when the stream ends (runs only), ttl
 * inbox        STREAM|ID           b bytes
 * snapshots    STREAM              b bytes, n sequence, ttl
 * runs         RUN                 s started, o when to look again (open runs only), ttl (finished ones only)
 * </pre>
 *
 * <p>A document's field costs a written index entry unless its index is switched off, and an index holds at most 1,500 bytes of a value: so of all fields only {@code s} and
 * {@code o} have one. Records and inboxes are read by ids, whose order needs none.
 */
public final class JournalCollections {
    /** The field after which Firestore may delete a document, where a time to live is to be switched on. */
    public static final String TIME_TO_LIVE = "ttl";

    static final String RECORDS = "records";
    static final String INBOX = "inbox";
    static final String SNAPSHOTS = "snapshots";
    static final String RUNS = "runs";

    static final String BYTES = "b";
    static final String WRITER = "w";
    /** When the stream reads as absent, in seconds since 1970. */
    static final String ENDS = "x";

    static final String SEQUENCE = "n";
    static final String STARTED = "s";
    static final String LOOK = "o";

    /** Above all characters of a stream's name, with a next one that is above it. */
    private static final char BETWEEN = '|';

    /** Twelve digits after the first make the order of texts the order of numbers; no stream has that many records. */
    private static final long DIGITS = 1_000_000_000_000L;

    /** All of them. */
    public static final List<JournalCollection> ALL = List.of(
            new JournalCollection(RECORDS, List.of(), true),
            new JournalCollection(INBOX, List.of(), false),
            new JournalCollection(SNAPSHOTS, List.of(), true),
            new JournalCollection(RUNS, List.of(STARTED, LOOK), true));

    private JournalCollections() {}

    /**
     * A collection.
     *
     * @param name its id
     * @param indexed its fields that have an index, ascending and descending; all others have none
     * @param ends whether its documents have {@link #TIME_TO_LIVE}
     */
    public record JournalCollection(String name, List<String> indexed, boolean ends) {}

    static String id(StreamId stream) {
        return stream.value().replace('/', ':');
    }

    static StreamId stream(String id) {
        int end = id.indexOf(BETWEEN);
        return new StreamId((end < 0 ? id : id.substring(0, end)).replace(':', '/'));
    }

    static String recordId(StreamId stream, long sequence) {
        return first(stream)
                + Long.toString(DIGITS + Math.min(sequence, DIGITS - 1)).substring(1);
    }

    static long sequence(String recordId) {
        return Long.parseLong(recordId.substring(recordId.indexOf(BETWEEN) + 1));
    }

    /** An id may hold no slash: a full stop begins a pair of characters that stands for one or the other, in their order. */
    static String signalId(StreamId stream, String signal) {
        return first(stream) + signal.replace(".", ".a").replace("/", ".b");
    }

    static String signal(String signalId) {
        return signalId.substring(signalId.indexOf(BETWEEN) + 1)
                .replace(".b", "/")
                .replace(".a", ".");
    }

    /** Not above any id of the stream's records or signals. */
    static String first(StreamId stream) {
        return id(stream) + BETWEEN;
    }

    /** Above all ids of the stream's records or signals. */
    static String last(StreamId stream) {
        return id(stream) + (char) (BETWEEN + 1);
    }
}
