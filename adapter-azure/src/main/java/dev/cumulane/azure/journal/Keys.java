// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.azure.data.tables.models.TableEntity;
import dev.cumulane.cloud.StreamId;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.RunId;
import java.time.Instant;
import java.util.Locale;

/**
 * Where the journal's entities are. A table has two keys and no index: what is to be found otherwise has a partition of its own.
 *
 * <pre>
 * partition     row              holds
 * run_NAME      r000000000001    b bytes, w writer, x when the stream ends (runs only)
 * run_NAME      s                n sequence, b0 b1 … packed bytes                         the snapshot
 * inbox         run_NAME!ID      i id, b bytes                                            all signals that lie in inboxes
 * open          RUN              s started, l look again                                  runs that are open
 * done          TIME_RUN         s started, l look again                                  runs that have ended, the latest first
 * gone          TIME_RUN         s started                                                runs of which a tombstone is left
 * </pre>
 */
final class Keys {
    static final String INBOX = "inbox";
    static final String OPEN = "open";
    static final String DONE = "done";
    static final String GONE = "gone";

    static final String SNAPSHOT = "s";

    /** Above every character that a stream's name or an escaped id begins with. */
    private static final String AFTER_ALL = "\uffff";

    private static final String RECORD = "r";
    private static final String ID = "!";

    /** Twelve digits after the first make the order of texts the order of numbers; no stream has that many records. */
    private static final long DIGITS = 1_000_000_000_000L;

    /** Milliseconds since 1970 up to the year 33658. */
    private static final long END_OF_TIME = 999_999_999_999_999L;

    /** A row key has at most 512 characters; a stream's name takes up to 133 of them. */
    private static final int LONGEST_ID = 370;

    private Keys() {}

    /** A stream's name has one slash, which no key may have, and no underscore. */
    static String partition(StreamId stream) {
        return stream.value().replace('/', '_');
    }

    static StreamId stream(String inboxRow) {
        return new StreamId(inboxRow.substring(0, inboxRow.indexOf(ID)).replace('_', '/'));
    }

    static TableEntity record(StreamId stream, long sequence) {
        return new TableEntity(partition(stream), recordRow(sequence));
    }

    static String recordRow(long sequence) {
        return RECORD + Long.toString(DIGITS + Math.min(sequence, DIGITS - 1)).substring(1);
    }

    static long sequence(String recordRow) {
        return Long.parseLong(recordRow.substring(RECORD.length()));
    }

    static String inboxRow(StreamId stream, String id) {
        return partition(stream) + ID + ordered(id);
    }

    /** What all rows of a stream's inbox begin with. */
    static String inboxStart(StreamId stream) {
        return partition(stream) + ID;
    }

    /** Beyond all rows that begin so. */
    static String after(String start) {
        return start + AFTER_ALL;
    }

    /** The later, the lower. */
    static String timed(Instant startedAt, RunId run) {
        return inverted(startedAt) + "_" + run.value();
    }

    static RunId timedRun(String row) {
        return new RunId(row.substring(row.indexOf('_') + 1));
    }

    static String inverted(Instant instant) {
        return String.format(Locale.ROOT, "%015d", END_OF_TIME - Math.max(0, instant.toEpochMilli()));
    }

    /**
     * An id as a key in the same order. A character that a key must not have, or that is trouble in a URL, is written as the one before it in Unicode and a tilde; and
     * that one, wherever it stands for itself, as itself and an exclamation mark, which is below all tildes. A very long one ends in its digest.
     */
    private static String ordered(String id) {
        StringBuilder key = new StringBuilder(id.length() + 16);
        for (int i = 0; i < id.length(); i++) {
            append(key, id.charAt(i));
        }
        if (key.length() <= LONGEST_ID) {
            return key.toString();
        }
        String digest = Digest.of(id.getBytes(UTF_8)).hex();
        return key.substring(0, LONGEST_ID - digest.length()) + digest;
    }

    private static void append(StringBuilder key, char c) {
        if (c < ' ') {
            key.append(' ').append(digit(c));
        } else if (c >= 0x7f && c <= 0x9f) {
            key.append('~').append(digit((char) (c - 0x7f)));
        } else {
            switch (c) {
                case ' ' -> key.append(" ~");
                case '#', '%', '\'', '/', '?', '\\' ->
                    key.append((char) (c - 1)).append('~');
                case '"', '$', '&', '.', '>', '[', '~' -> key.append(c).append('!');
                default -> key.append(c);
            }
        }
    }

    /** 33 characters in their order. */
    private static char digit(char value) {
        return (char) (value < 10 ? '0' + value : 'a' + value - 10);
    }
}
