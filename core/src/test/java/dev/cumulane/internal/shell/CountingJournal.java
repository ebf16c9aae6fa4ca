// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.shell;

import dev.cumulane.cloud.Journal;
import dev.cumulane.cloud.StreamId;
import dev.cumulane.run.RunId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One stream in memory, which counts what a run's cell asks of it. What only the engine around the cell asks for is refused. */
final class CountingJournal implements Journal {
    private final List<Entry> records = new ArrayList<>();
    private Optional<Snapshot> snapshot = Optional.empty();
    private int appends;
    private int snapshots;
    private long snapshotBytes;
    private long readRecords;

    List<Entry> records() {
        return records;
    }

    /** How many appends were tried. */
    int appends() {
        return appends;
    }

    /** How many snapshots were put, and of how many bytes together. */
    int snapshots() {
        return snapshots;
    }

    long snapshotBytes() {
        return snapshotBytes;
    }

    /** How many records were read so far. */
    long readRecords() {
        return readRecords;
    }

    void loseSnapshot() {
        snapshot = Optional.empty();
    }

    @Override
    public Append append(StreamId stream, long sequence, byte[] record) {
        appends++;
        if (sequence <= records.size()) {
            return Append.EXISTS;
        }
        records.add(new Entry(sequence, record));
        return Append.APPENDED;
    }

    @Override
    public List<Entry> read(StreamId stream, long from, int limit) {
        int first = (int) Math.min(from - 1, records.size());
        List<Entry> page = records.subList(first, Math.min(first + limit, records.size()));
        readRecords += page.size();
        return page;
    }

    @Override
    public void putSnapshot(StreamId stream, Snapshot next) {
        snapshot = Optional.of(next);
        snapshots++;
        snapshotBytes += next.bytes().length;
    }

    @Override
    public Optional<Snapshot> snapshot(StreamId stream) {
        return snapshot;
    }

    @Override
    public void putInbox(StreamId stream, String id, byte[] signal) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Pending> inbox(StreamId stream, int limit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void deleteInbox(StreamId stream, List<String> ids) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<StreamId> inboxes(int limit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void list(Listed listed) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void lookAgain(RunId run, Instant at) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void unlist(RunId run) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Listed> open(Instant due, int limit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Listed> recent(int limit) {
        throw new UnsupportedOperationException();
    }
}
