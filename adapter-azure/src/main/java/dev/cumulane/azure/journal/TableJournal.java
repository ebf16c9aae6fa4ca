// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.journal;

import com.azure.data.tables.TableServiceClient;
import com.azure.data.tables.models.TableEntity;
import dev.cumulane.azure.client.AzureNames;
import dev.cumulane.azure.client.AzureService;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Journal;
import dev.cumulane.cloud.Lifetimes;
import dev.cumulane.cloud.StreamId;
import dev.cumulane.run.RunId;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * The journal of the Azure cloud: one table, a partition for each stream; {@code Keys} draws it.
 *
 * <p>An append is one insert. The client repeats a call whose answer was lost; the repetition then fails because of our own write, so each append carries a mark by which
 * its own record is known again. Table storage reads what was written.
 *
 * <p>A run's records are kept for a time that its first record fixes; then the run is absent, and its id stays taken as long again. Table storage deletes nothing by
 * itself: {@link #deleteEnded} does, which the sweep calls. Any thread.
 */
public final class TableJournal implements Journal {
    private final JournalTable table;
    private final Lifetimes lifetimes;
    private final EndedRuns ended;
    private final long writer = new SecureRandom().nextLong();
    private final AtomicLong writes = new AtomicLong();

    /**
     * The journal of an installation. Does no I/O.
     *
     * @param client makes the client on first use
     * @param names of the installation
     * @param kept how long the records of a run are kept from its start; longer than any run lasts
     * @param clock by which they become old
     */
    public TableJournal(Supplier<TableServiceClient> client, AzureNames names, Duration kept, InstantSource clock) {
        table = new JournalTable(
                client, names.table(), new AzureService("Table storage", "table " + names.table() + " of " + names));
        lifetimes = new Lifetimes(kept, clock);
        ended = new EndedRuns(table, kept, clock);
    }

    @Override
    public Append append(StreamId stream, long sequence, byte[] record) {
        Journal.checkRecord(stream, sequence, record);
        byte[] mark = mark();
        TableEntity entity = Keys.record(stream, sequence)
                .addProperty(Entities.BYTES, record)
                .addProperty(Entities.WRITER, mark);
        if (Lifetimes.isFor(stream)) {
            entity.addProperty(Entities.ENDS, sequence == 1 ? lifetimes.fresh() : ends(stream));
        }
        String attempt = "append record " + sequence + " of " + stream;
        if (table.insert(attempt, entity)) {
            learn(stream, entity);
            return Append.APPENDED;
        }
        TableEntity there = table.get(
                        attempt, entity.getPartitionKey(), entity.getRowKey(), Entities.WRITER, Entities.ENDS)
                .orElseThrow(() -> CloudException.retryable(
                        table.service().name(), "record " + sequence + " of " + stream + " was there a moment ago"));
        learn(stream, there);
        if (Entities.bytes(there, Entities.WRITER)
                .filter(one -> Arrays.equals(one, mark))
                .isPresent()) {
            return Append.APPENDED;
        }
        lifetimes.requireLiving(stream, table.service().name());
        return Append.EXISTS;
    }

    @Override
    public List<Entry> read(StreamId stream, long from, int limit) {
        Journal.checkSequence(from);
        Journal.checkLimit(limit);
        String rows = JournalTable.rows(Keys.partition(stream), Keys.recordRow(from), Keys.recordRow(Long.MAX_VALUE));
        List<Entry> entries = new ArrayList<>();
        for (TableEntity entity : table.query("read " + stream, rows, limit)) {
            if (learn(stream, entity)) {
                return List.of();
            }
            Entry entry = Entities.entry(entity);
            if (entry.sequence() != from + entries.size()) {
                throw CloudException.permanent(
                        table.service().name(),
                        "the journal is damaged: record " + (from + entries.size()) + " of " + stream
                                + " is missing in " + table.service().resource());
            }
            entries.add(entry);
        }
        return entries;
    }

    @Override
    public void putInbox(StreamId stream, String id, byte[] signal) {
        Journal.checkSignal(id, signal);
        TableEntity entity = new TableEntity(Keys.INBOX, Keys.inboxRow(stream, id))
                .addProperty(Entities.ID, id)
                .addProperty(Entities.BYTES, signal);
        boolean unused = table.insert("put signal " + id + " into the inbox of " + stream, entity);
    }

    @Override
    public List<Pending> inbox(StreamId stream, int limit) {
        Journal.checkLimit(limit);
        String start = Keys.inboxStart(stream);
        String rows = JournalTable.rows(Keys.INBOX, start, Keys.after(start));
        return table.query("read the inbox of " + stream, rows, limit).stream()
                .map(Entities::pending)
                .toList();
    }

    @Override
    public void deleteInbox(StreamId stream, List<String> ids) {
        List<String> rows = new LinkedHashSet<>(ids)
                .stream().map(id -> Keys.inboxRow(stream, id)).toList();
        table.delete("delete signals from the inbox of " + stream, Keys.INBOX, rows);
    }

    /** All signals lie in one partition: behind a stream's last one the next stream begins. */
    @Override
    public List<StreamId> inboxes(int limit) {
        Journal.checkPositive(limit);
        List<StreamId> streams = new ArrayList<>();
        String from = "";
        while (streams.size() < limit) {
            String rows = JournalTable.in(Keys.INBOX) + " and RowKey ge '" + from + "'";
            List<TableEntity> next = table.query("list the inboxes", rows, 1);
            if (next.isEmpty()) {
                break;
            }
            StreamId stream = Keys.stream(next.get(0).getRowKey());
            streams.add(stream);
            from = Keys.after(Keys.inboxStart(stream));
        }
        return streams;
    }

    @Override
    public void putSnapshot(StreamId stream, Snapshot snapshot) {
        Journal.checkSnapshot(stream, snapshot);
        TableEntity entity = new TableEntity(Keys.partition(stream), Keys.SNAPSHOT);
        table.put("keep a snapshot of " + stream, Entities.snapshot(entity, snapshot));
    }

    @Override
    public Optional<Snapshot> snapshot(StreamId stream) {
        return table.get("read the snapshot of " + stream, Keys.partition(stream), Keys.SNAPSHOT)
                .flatMap(entity -> Entities.snapshot(entity, LARGEST_SNAPSHOT));
    }

    @Override
    public void list(Listed listed) {
        TableEntity entity = Entities.listed(
                new TableEntity(Keys.OPEN, listed.run().value()), listed.startedAt(), listed.lookAgainAt());
        boolean unused = table.insert("list run " + listed.run(), entity);
    }

    @Override
    public void lookAgain(RunId run, Instant at) {
        boolean unused = table.change(
                "write when to look at run " + run + " again",
                new TableEntity(Keys.OPEN, run.value()).addProperty(Entities.LOOK, Entities.millis(at)));
    }

    /** Among those that have ended before it is off the open ones: whoever looks in between sees it twice rather than not at all. */
    @Override
    public void unlist(RunId run) {
        String attempt = "take run " + run + " off the open ones";
        Optional<TableEntity> open = table.get(attempt, Keys.OPEN, run.value());
        if (open.isPresent()) {
            Listed listed = Entities.listed(run, open.get());
            TableEntity done = new TableEntity(Keys.DONE, Keys.timed(listed.startedAt(), run));
            table.put(attempt, Entities.listed(done, listed.startedAt(), listed.lookAgainAt()));
            table.delete(attempt, Keys.OPEN, run.value());
        }
    }

    /** Open runs are few beside those that have ended; those that are due come in the order of their names and are sorted here. */
    @Override
    public List<Listed> open(Instant due, int limit) {
        Journal.checkPositive(limit);
        String filter = JournalTable.in(Keys.OPEN) + " and " + Entities.LOOK + " le " + Entities.millis(due) + "L";
        return openRuns("list the open runs", filter).stream()
                .sorted(Comparator.comparing(Listed::lookAgainAt))
                .limit(limit)
                .toList();
    }

    @Override
    public List<Listed> recent(int limit) {
        Journal.checkLimit(limit);
        String attempt = "list the recent runs";
        // The open ones first: a run that ends in between is then seen twice rather than not at all.
        List<Listed> all = new ArrayList<>(openRuns(attempt, JournalTable.in(Keys.OPEN)));
        table.query(attempt, JournalTable.in(Keys.DONE), limit)
                .forEach(entity -> all.add(Entities.listed(Keys.timedRun(entity.getRowKey()), entity)));
        all.sort(Comparator.comparing(Listed::startedAt).reversed());
        Map<RunId, Listed> recent = new LinkedHashMap<>();
        all.forEach(listed -> recent.putIfAbsent(listed.run(), listed));
        return recent.values().stream().limit(limit).toList();
    }

    /**
     * Deletes runs whose time is over, the oldest first: at first all but their first record, which keeps the run's id taken, and when that has been kept as long again,
     * that too. What is interrupted goes on with the next call. The sweep calls it.
     *
     * @param most of how many runs at most
     * @return of how many something was deleted
     * @throws CloudException if the table cannot be used
     */
    public int deleteEnded(int most) {
        Journal.checkPositive(most);
        return ended.delete(most);
    }

    private List<Listed> openRuns(String attempt, String filter) {
        return table.query(attempt, filter, Integer.MAX_VALUE).stream()
                .map(entity -> Entities.listed(new RunId(entity.getRowKey()), entity))
                .toList();
    }

    /** When a stream ends whose first record was written already, perhaps by another process. */
    private long ends(StreamId stream) {
        if (lifetimes.of(stream).isEmpty()) {
            table.get("read record 1 of " + stream, Keys.partition(stream), Keys.recordRow(1), Entities.ENDS)
                    .ifPresent(first -> learn(stream, first));
        }
        lifetimes.requireLiving(stream, table.service().name());
        return lifetimes
                .of(stream)
                .orElseThrow(() -> CloudException.permanent(
                        table.service().name(),
                        "stream " + stream + " has no record 1 in "
                                + table.service().resource()));
    }

    /** Whether the stream that this record belongs to has ended. */
    private boolean learn(StreamId stream, TableEntity record) {
        Optional<Long> ends = Entities.number(record, Entities.ENDS);
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
