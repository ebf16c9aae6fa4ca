// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

import dev.cumulane.run.RunId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The whole database: streams of numbered records, an inbox for each, snapshots, and an index of runs.
 *
 * <p>Called by the engine, from any thread and from several processes at once. A warm engine appends once per transition and reads nothing; a cold one reads a
 * snapshot and the tail. Every method may throw a {@link CloudException}: after a retryable one the call may or may not have taken effect, the engine finds out
 * by reading and calls again; after a permanent one the signal that is being handled is delivered again later.
 *
 * <p>Limits on every cloud: a record, a signal or an entry of the inbox holds at most {@value #LARGEST_RECORD} bytes (Azure Table keeps 64 KiB in a property),
 * a snapshot at most {@value #LARGEST_SNAPSHOT} bytes (DynamoDB keeps 400 KB in an item).
 */
public interface Journal {
    /** The most bytes that a record or a signal may have. */
    int LARGEST_RECORD = 60 * 1024;

    /** The most bytes that a snapshot may have. */
    int LARGEST_SNAPSHOT = 380 * 1024;

    /** The most records, signals or runs that are read at once. */
    int LARGEST_LIMIT = 1000;

    /** The most characters that a signal's id may have. */
    int LONGEST_ID = 200;

    /** What became of an append. */
    enum Append {
        /** The record is stored, durably. */
        APPENDED,
        /** The stream has a record of that number already, perhaps this very one, stored by a call whose answer was lost. Nothing was changed. */
        EXISTS
    }

    /**
     * A record as it was appended.
     *
     * @param sequence its number, 1 for the first of the stream
     * @param bytes the bytes, as appended
     */
    record Entry(long sequence, byte[] bytes) {}

    /**
     * A signal lying in an inbox.
     *
     * @param id the signal's id
     * @param bytes the bytes, as put
     */
    record Pending(String id, byte[] bytes) {}

    /**
     * A state as it was after some record.
     *
     * @param sequence the number of the last record folded into it
     * @param bytes the state's bytes
     */
    record Snapshot(long sequence, byte[] bytes) {}

    /**
     * A run in the index.
     *
     * @param run the run
     * @param startedAt when it was put there
     * @param lookAgainAt when the sweep should look at it next
     */
    record Listed(RunId run, Instant startedAt, Instant lookAgainAt) {}

    /**
     * Appends a record if the stream has none of that number. Of several callers with the same number exactly one gets {@link Append#APPENDED}. When this returns,
     * the record survives the loss of power. The engine never leaves a gap: it appends <em>n</em> + 1 only after it has seen <em>n</em>.
     *
     * @param stream the stream
     * @param sequence the record's number, from 1
     * @param record at most {@value #LARGEST_RECORD} bytes
     * @return what became of it
     * @throws IllegalArgumentException if the record is too large or the number is below 1; nothing was written
     */
    Append append(StreamId stream, long sequence, byte[] record);

    /**
     * Reads records in order. A record whose append was acknowledged before the call is seen.
     *
     * @param stream the stream; one that does not exist is empty
     * @param from the first number wanted, from 1
     * @param limit how many at most, 1 to 1,000
     * @return the records, without gaps; fewer than the limit only at the stream's end
     */
    List<Entry> read(StreamId stream, long from, int limit);

    /**
     * Puts a signal into a stream's inbox, if none of that id lies there.
     *
     * @param stream the stream
     * @param id the signal's id, at most {@value #LONGEST_ID} characters
     * @param signal at most {@value #LARGEST_RECORD} bytes
     */
    void putInbox(StreamId stream, String id, byte[] signal);

    /**
     * Reads an inbox in the order of the ids.
     *
     * @param stream the stream
     * @param limit how many at most, 1 to 1,000
     * @return the signals, the lowest id first
     */
    List<Pending> inbox(StreamId stream, int limit);

    /**
     * Deletes signals from an inbox; ids that are not there are ignored.
     *
     * @param stream the stream
     * @param ids the ids
     */
    void deleteInbox(StreamId stream, List<String> ids);

    /**
     * The streams whose inbox is not empty; the sweep asks.
     *
     * @param limit how many at most
     * @return streams
     */
    List<StreamId> inboxes(int limit);

    /**
     * Keeps a snapshot in place of an older one of that stream. It may be lost.
     *
     * @param stream the stream
     * @param snapshot at most {@value #LARGEST_SNAPSHOT} bytes
     */
    void putSnapshot(StreamId stream, Snapshot snapshot);

    /**
     * The stream's newest snapshot. The engine takes it only if the record it names exists.
     *
     * @param stream the stream
     * @return the snapshot, if there is one
     */
    Optional<Snapshot> snapshot(StreamId stream);

    /**
     * Lists a run as open and as recent; the engine does so before the run's record 1. While the run is open, repeating it changes nothing; a run that was taken off
     * is open again, since an open run must be listed whatever came before. Instants are kept to the millisecond.
     *
     * @param listed the run
     */
    void list(Listed listed);

    /**
     * Writes when the sweep should look at an open run again. A run that is not open is ignored.
     *
     * @param run the run
     * @param at the instant, at most 15 minutes ahead
     */
    void lookAgain(RunId run, Instant at);

    /**
     * Takes a run off the open ones; it stays among the recent ones. The engine does so after the run's last record.
     *
     * @param run the run
     */
    void unlist(RunId run);

    /**
     * Open runs that the sweep should look at.
     *
     * @param due only those whose {@code lookAgainAt} is not after this instant
     * @param limit how many at most
     * @return the runs, the longest due first
     */
    List<Listed> open(Instant due, int limit);

    /**
     * Runs, open and finished, the latest first.
     *
     * @param limit how many at most, 1 to 1,000
     * @return the runs
     */
    List<Listed> recent(int limit);

    /**
     * Refuses a record that no journal takes; every journal asks before it appends.
     *
     * @param stream the stream
     * @param sequence the record's number
     * @param record its bytes
     * @throws IllegalArgumentException if the number is below 1 or the record is too large
     */
    static void checkRecord(StreamId stream, long sequence, byte[] record) {
        checkSequence(sequence);
        checkSize("record " + sequence + " of " + stream, record, LARGEST_RECORD);
    }

    /**
     * Refuses a signal that no inbox takes; every journal asks before it puts one.
     *
     * @param id the signal's id
     * @param signal its bytes
     * @throws IllegalArgumentException if the id is empty or too long, or the signal is too large
     */
    static void checkSignal(String id, byte[] signal) {
        if (id.isEmpty() || id.length() > LONGEST_ID) {
            throw new IllegalArgumentException(
                    "a signal's id has 1 to " + LONGEST_ID + " characters, not " + id.length());
        }
        checkSize("signal " + id, signal, LARGEST_RECORD);
    }

    /**
     * Refuses a snapshot that no journal takes; every journal asks before it puts one.
     *
     * @param stream the stream
     * @param snapshot the snapshot
     * @throws IllegalArgumentException if it names a record below 1 or is too large
     */
    static void checkSnapshot(StreamId stream, Snapshot snapshot) {
        checkSequence(snapshot.sequence());
        checkSize("the snapshot of " + stream, snapshot.bytes(), LARGEST_SNAPSHOT);
    }

    /**
     * Refuses what is no record's number.
     *
     * @param sequence a number
     * @throws IllegalArgumentException if it is below 1
     */
    static void checkSequence(long sequence) {
        if (sequence < 1) {
            throw new IllegalArgumentException("a record's number starts at 1, not " + sequence);
        }
    }

    /**
     * Refuses a limit that is not one of {@link #read}, {@link #inbox} and {@link #recent}.
     *
     * @param limit how many at most
     * @throws IllegalArgumentException if it is not 1 to {@value #LARGEST_LIMIT}
     */
    static void checkLimit(int limit) {
        if (limit < 1 || limit > LARGEST_LIMIT) {
            throw new IllegalArgumentException("a limit is 1 to " + LARGEST_LIMIT + ", not " + limit);
        }
    }

    /**
     * Refuses a limit that is not one of {@link #inboxes} and {@link #open}.
     *
     * @param limit how many at most
     * @throws IllegalArgumentException if it is below 1
     */
    static void checkPositive(int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("a limit is at least 1, not " + limit);
        }
    }

    private static void checkSize(String what, byte[] bytes, int most) {
        if (bytes.length > most) {
            throw new IllegalArgumentException(what + " has " + bytes.length + " bytes; at most " + most + " are kept");
        }
    }
}
