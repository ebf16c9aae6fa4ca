// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.journal;

import static dev.cumulane.gcp.journal.JournalCollections.BYTES;
import static dev.cumulane.gcp.journal.JournalCollections.ENDS;
import static dev.cumulane.gcp.journal.JournalCollections.INBOX;
import static dev.cumulane.gcp.journal.JournalCollections.LOOK;
import static dev.cumulane.gcp.journal.JournalCollections.RECORDS;
import static dev.cumulane.gcp.journal.JournalCollections.RUNS;
import static dev.cumulane.gcp.journal.JournalCollections.SEQUENCE;
import static dev.cumulane.gcp.journal.JournalCollections.SNAPSHOTS;
import static dev.cumulane.gcp.journal.JournalCollections.STARTED;
import static dev.cumulane.gcp.journal.JournalCollections.TIME_TO_LIVE;
import static dev.cumulane.gcp.journal.JournalCollections.WRITER;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Journal;
import dev.cumulane.cloud.Lifetimes;
import dev.cumulane.cloud.Packed;
import dev.cumulane.cloud.StreamId;
import dev.cumulane.gcp.client.GcpNames;
import dev.cumulane.gcp.client.GcpService;
import dev.cumulane.gcp.client.GoogleApi;
import dev.cumulane.gcp.journal.Document.Fields;
import dev.cumulane.run.RunId;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * The journal of Google Cloud: one Firestore database, whose collections {@link JournalCollections} describes.
 *
 * <p>An append creates a document, which Firestore does for one writer only. A call whose answer was lost is repeated and then fails because of our own write, so each
 * append carries a mark by which its own record is known again. All reads are consistent.
 *
 * <p>A run's records are kept for a time that its first record fixes; then the run is absent, and its id stays taken as long again. Any thread.
 */
public final class FirestoreJournal implements Journal {
    private final Documents documents;
    private final GcpService service;
    private final Lifetimes lifetimes;
    private final long writer = new SecureRandom().nextLong();
    private final AtomicLong writes = new AtomicLong();

    /**
     * The journal in a database. Does no I/O.
     *
     * @param api makes Firestore's API on first use
     * @param names of the installation
     * @param kept how long the records of a run are kept from its start; longer than any run lasts
     * @param clock by which they become old
     */
    public FirestoreJournal(Supplier<GoogleApi> api, GcpNames names, Duration kept, InstantSource clock) {
        this.service = new GcpService("Firestore", "database " + names.database() + " in " + names.project());
        this.documents = new Documents(
                api, service, "projects/" + names.project() + "/databases/" + names.database() + "/documents");
        this.lifetimes = new Lifetimes(kept, clock);
    }

    @Override
    public Append append(StreamId stream, long sequence, byte[] record) {
        Journal.checkRecord(stream, sequence, record);
        String attempt = "append record " + sequence + " of " + stream;
        byte[] mark = mark();
        Fields fields = new Fields().bytes(BYTES, record).bytes(WRITER, mark);
        Optional<Long> ends = Optional.empty();
        if (Lifetimes.isFor(stream)) {
            long end = sequence == 1 ? lifetimes.fresh() : ends(stream);
            ends = Optional.of(end);
            fields.number(ENDS, end).seconds(TIME_TO_LIVE, sequence == 1 ? lifetimes.tombstone(end) : end);
        }
        String id = JournalCollections.recordId(stream, sequence);
        if (!documents.create(attempt, RECORDS, id, fields)) {
            Optional<Document> there = documents.get(attempt, RECORDS, id);
            if (there.isEmpty() || !Arrays.equals(mark, there.get().bytes(WRITER))) {
                there.ifPresent(record1 -> learn(stream, record1));
                lifetimes.requireLiving(stream, service.name());
                return Append.EXISTS;
            }
        }
        ends.ifPresent(end -> lifetimes.learn(stream, end));
        return Append.APPENDED;
    }

    @Override
    public List<Entry> read(StreamId stream, long from, int limit) {
        Journal.checkSequence(from);
        Journal.checkLimit(limit);
        List<Document> found = documents.between(
                "read " + stream,
                RECORDS,
                JournalCollections.recordId(stream, from),
                JournalCollections.last(stream),
                limit);
        List<Entry> entries = new ArrayList<>(found.size());
        for (Document document : found) {
            if (learn(stream, document)) {
                return List.of();
            }
            long sequence = JournalCollections.sequence(document.id());
            if (sequence != from + entries.size()) {
                throw CloudException.permanent(
                        service.name(),
                        "the journal is damaged: record " + (from + entries.size()) + " of " + stream
                                + " is missing in " + service.resource());
            }
            entries.add(new Entry(sequence, document.bytes(BYTES)));
        }
        return entries;
    }

    @Override
    public void putInbox(StreamId stream, String id, byte[] signal) {
        Journal.checkSignal(id, signal);
        boolean unused = documents.create(
                "put signal " + id + " into the inbox of " + stream,
                INBOX,
                JournalCollections.signalId(stream, id),
                new Fields().bytes(BYTES, signal));
    }

    @Override
    public List<Pending> inbox(StreamId stream, int limit) {
        Journal.checkLimit(limit);
        return documents
                .between(
                        "read the inbox of " + stream,
                        INBOX,
                        JournalCollections.first(stream),
                        JournalCollections.last(stream),
                        limit)
                .stream()
                .map(document -> new Pending(JournalCollections.signal(document.id()), document.bytes(BYTES)))
                .toList();
    }

    @Override
    public void deleteInbox(StreamId stream, List<String> ids) {
        documents.delete(
                "delete signals from the inbox of " + stream,
                INBOX,
                new LinkedHashSet<>(ids)
                        .stream()
                                .map(id -> JournalCollections.signalId(stream, id))
                                .toList());
    }

    /** Reads one signal of each inbox and goes on behind that inbox. */
    @Override
    public List<StreamId> inboxes(int limit) {
        Journal.checkPositive(limit);
        List<StreamId> streams = new ArrayList<>();
        String from = "a";
        while (streams.size() < limit) {
            List<Document> next = documents.between("list the inboxes", INBOX, from, "{", 1);
            if (next.isEmpty()) {
                break;
            }
            StreamId stream = JournalCollections.stream(next.get(0).id());
            streams.add(stream);
            from = JournalCollections.last(stream);
        }
        return streams;
    }

    @Override
    public void putSnapshot(StreamId stream, Snapshot snapshot) {
        Journal.checkSnapshot(stream, snapshot);
        Fields fields = new Fields().number(SEQUENCE, snapshot.sequence()).bytes(BYTES, Packed.pack(snapshot.bytes()));
        if (Lifetimes.isFor(stream)) {
            fields.seconds(TIME_TO_LIVE, lifetimes.of(stream).orElseGet(lifetimes::fresh));
        }
        documents.put("keep a snapshot of " + stream, SNAPSHOTS, JournalCollections.id(stream), fields);
    }

    /** A damaged snapshot is as good as a lost one: the records are still there. */
    @Override
    public Optional<Snapshot> snapshot(StreamId stream) {
        return documents
                .get("read the snapshot of " + stream, SNAPSHOTS, JournalCollections.id(stream))
                .flatMap(document -> document.number(SEQUENCE)
                        .flatMap(sequence -> Packed.unpack(document.bytes(BYTES), LARGEST_SNAPSHOT)
                                .map(bytes -> new Snapshot(sequence, bytes))));
    }

    @Override
    public void list(Listed listed) {
        String attempt = "list run " + listed.run();
        String id = listed.run().value();
        Fields fields = new Fields().millis(STARTED, listed.startedAt()).millis(LOOK, listed.lookAgainAt());
        if (!documents.create(attempt, RUNS, id, fields)) {
            changeRun(attempt, listed.run(), there -> there.has(LOOK) ? Optional.empty() : Optional.of(fields));
        }
    }

    @Override
    public void lookAgain(RunId run, Instant at) {
        changeRun(
                "write when to look at run " + run + " again",
                run,
                there -> there.has(LOOK)
                        ? Optional.of(new Fields()
                                .millis(STARTED, there.millis(STARTED))
                                .millis(LOOK, at))
                        : Optional.empty());
    }

    /** The entry stays among the recent runs for as long as the run's records do, or some days more. */
    @Override
    public void unlist(RunId run) {
        boolean unused = documents.change(
                "take run " + run + " off the open ones",
                RUNS,
                run.value(),
                new Fields().seconds(TIME_TO_LIVE, lifetimes.fresh()),
                List.of(LOOK, TIME_TO_LIVE));
    }

    @Override
    public List<Listed> open(Instant due, int limit) {
        Journal.checkPositive(limit);
        return listed(documents.upTo("list the open runs", RUNS, LOOK, due.toEpochMilli(), limit));
    }

    @Override
    public List<Listed> recent(int limit) {
        Journal.checkLimit(limit);
        return listed(documents.highest("list the recent runs", RUNS, STARTED, limit));
    }

    /** What to make of a run's entry. */
    @FunctionalInterface
    private interface Change {
        /** The new fields, or empty to leave it as it is. */
        Optional<Fields> of(Document there);
    }

    /** Changes a run's entry, if there is one, on the strength of what it was; who comes in between is looked at again. */
    private void changeRun(String attempt, RunId run, Change change) {
        for (int tries = 1; tries <= GoogleApi.ATTEMPTS; tries++) {
            Optional<Document> there = documents.get(attempt, RUNS, run.value());
            Optional<Fields> changed = there.flatMap(change::of);
            if (changed.isEmpty() || documents.replace(attempt, RUNS, there.orElseThrow(), changed.get())) {
                return;
            }
        }
        throw CloudException.retryable(
                service.name(), "could not " + attempt + ": others changed it " + GoogleApi.ATTEMPTS + " times");
    }

    private static List<Listed> listed(List<Document> documents) {
        return documents.stream()
                .map(document -> new Listed(
                        new RunId(document.id()),
                        document.millis(STARTED),
                        document.millis(document.has(LOOK) ? LOOK : STARTED)))
                .toList();
    }

    /** When a stream ends whose first record was written already, perhaps by another process. */
    private long ends(StreamId stream) {
        if (lifetimes.of(stream).isEmpty()) {
            documents
                    .get("read record 1 of " + stream, RECORDS, JournalCollections.recordId(stream, 1))
                    .ifPresent(record -> learn(stream, record));
        }
        lifetimes.requireLiving(stream, service.name());
        return lifetimes
                .of(stream)
                .orElseThrow(() -> CloudException.permanent(
                        service.name(), "stream " + stream + " has no record 1 in " + service.resource()));
    }

    /** Whether the stream that this record belongs to has ended. */
    private boolean learn(StreamId stream, Document record) {
        Optional<Long> ends = record.number(ENDS);
        ends.ifPresent(at -> lifetimes.learn(stream, at));
        return ends.isPresent() && lifetimes.isOver(ends.get());
    }

    private byte[] mark() {
        return ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(writer)
                .putLong(writes.incrementAndGet())
                .array();
    }
}
