// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.journal;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Journal;
import dev.cumulane.cloud.StreamId;
import dev.cumulane.local.sqlite.Checksum;
import dev.cumulane.local.sqlite.Layout;
import dev.cumulane.local.sqlite.Millis;
import dev.cumulane.local.sqlite.Session;
import dev.cumulane.local.sqlite.SqliteFile;
import dev.cumulane.run.RunId;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The journal of the local cloud: the file {@code journal.db} of the state directory, readable with any SQLite tool.
 *
 * <p>Any thread and any number of processes may use it at once. Instants are kept to the millisecond. A row whose bytes are not those that were written is a
 * permanent {@link CloudException} when it is read.
 */
public final class SqliteJournal implements Journal, AutoCloseable {
    /** The file's name. */
    public static final String FILE = "journal.db";

    private static final int MOST_KNOWN_STREAMS = 10_000;

    /** Rows are only ever added at the end of {@code records}; its index holds two integers a row. docs/decisions/0002-sqlite-journal.md has the figures. */
    private static final Layout LAYOUT = new Layout(
            "journal",
            0x43756d6a,
            1,
            List.of(
                    "CREATE TABLE streams (stream INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT",
                    "CREATE TABLE records (stream INTEGER NOT NULL, sequence INTEGER NOT NULL, crc32c INTEGER NOT NULL, bytes BLOB NOT NULL) STRICT",
                    "CREATE UNIQUE INDEX records_of_stream ON records (stream, sequence)",
                    "CREATE TABLE inbox (stream TEXT NOT NULL, id TEXT NOT NULL, crc32c INTEGER NOT NULL, bytes BLOB NOT NULL) STRICT",
                    "CREATE UNIQUE INDEX inbox_of_stream ON inbox (stream, id)",
                    "CREATE TABLE snapshots (stream TEXT PRIMARY KEY, sequence INTEGER NOT NULL, crc32c INTEGER NOT NULL, bytes BLOB NOT NULL) STRICT",
                    "CREATE TABLE runs (run TEXT NOT NULL UNIQUE, open INTEGER NOT NULL, started_at_millis INTEGER NOT NULL,"
                            + " look_again_at_millis INTEGER NOT NULL) STRICT",
                    "CREATE INDEX runs_open ON runs (look_again_at_millis) WHERE open = 1",
                    "CREATE INDEX runs_recent ON runs (started_at_millis)",
                    "CREATE VIEW history AS SELECT name AS stream, sequence, CAST(bytes AS TEXT) AS record FROM records JOIN streams USING (stream)"));

    private final SqliteFile file;
    /** Numbers of streams that are in the file; a stream is never deleted, so what is here stays true. */
    private final Map<String, Long> known = new ConcurrentHashMap<>();

    private SqliteJournal(SqliteFile file) {
        this.file = file;
    }

    /**
     * Opens the journal of a state directory, or creates it.
     *
     * @param stateDirectory the directory
     * @return the journal, which the caller closes
     * @throws CloudException permanent, if the file is damaged, of a newer version or cannot be written; the message names it
     */
    public static SqliteJournal open(Path stateDirectory) {
        return new SqliteJournal(SqliteFile.open(stateDirectory.resolve(FILE), LAYOUT));
    }

    /**
     * Why the journal cannot be written, as the last attempt to do so found.
     *
     * @return the failure, which does not pass by itself, or empty if there is none
     */
    public Optional<CloudException> broken() {
        return file.broken();
    }

    @Override
    public Append append(StreamId stream, long sequence, byte[] record) {
        Journal.checkRecord(stream, sequence, record);
        String name = stream.value();
        long crc = Checksum.of(name, sequence, record);
        long[] number = new long[1];
        int added = file.write("append record " + sequence + " of " + name, session -> {
            number[0] = number(session, name);
            return session.update(
                    "INSERT INTO records (stream, sequence, crc32c, bytes) VALUES (?, ?, ?, ?) ON CONFLICT (stream, sequence) DO NOTHING",
                    number[0],
                    sequence,
                    crc,
                    record);
        });
        remember(name, number[0]);
        return added == 1 ? Append.APPENDED : Append.EXISTS;
    }

    @Override
    public List<Entry> read(StreamId stream, long from, int limit) {
        Journal.checkSequence(from);
        Journal.checkLimit(limit);
        String name = stream.value();
        List<Entry> entries = file.read(
                "read " + name,
                session -> session.rows(
                        row -> new Entry(row.getLong(1), checked(name, row.getLong(1), row.getLong(2), bytes(row, 3))),
                        "SELECT sequence, crc32c, bytes FROM records WHERE stream = (SELECT stream FROM streams WHERE name = ?) AND sequence >= ?"
                                + " ORDER BY sequence LIMIT ?",
                        name,
                        from,
                        limit));
        for (int i = 0; i < entries.size(); i++) {
            if (entries.get(i).sequence() != from + i) {
                throw CloudException.permanent(
                        "SQLite", "the journal is damaged: record " + (from + i) + " of " + name + " is missing");
            }
        }
        return entries;
    }

    @Override
    public void putInbox(StreamId stream, String id, byte[] signal) {
        Journal.checkSignal(id, signal);
        file.write(
                "put signal " + id + " into the inbox of " + stream,
                session -> session.update(
                        "INSERT INTO inbox (stream, id, crc32c, bytes) VALUES (?, ?, ?, ?) ON CONFLICT (stream, id) DO NOTHING",
                        stream.value(),
                        id,
                        Checksum.of(stream.value() + id, 0, signal),
                        signal));
    }

    @Override
    public List<Pending> inbox(StreamId stream, int limit) {
        Journal.checkLimit(limit);
        return file.read(
                "read the inbox of " + stream,
                session -> session.rows(
                        row -> new Pending(
                                row.getString(1),
                                checked(stream.value() + row.getString(1), 0, row.getLong(2), bytes(row, 3))),
                        "SELECT id, crc32c, bytes FROM inbox WHERE stream = ? ORDER BY id LIMIT ?",
                        stream.value(),
                        limit));
    }

    @Override
    public void deleteInbox(StreamId stream, List<String> ids) {
        if (ids.isEmpty()) {
            return;
        }
        List<String> copy = List.copyOf(ids);
        file.write("delete " + copy.size() + " signals from the inbox of " + stream, session -> {
            int deleted = 0;
            for (String id : copy) {
                deleted += session.update("DELETE FROM inbox WHERE stream = ? AND id = ?", stream.value(), id);
            }
            return deleted;
        });
    }

    @Override
    public List<StreamId> inboxes(int limit) {
        Journal.checkPositive(limit);
        return file.read(
                "list the inboxes",
                session -> session.rows(
                        row -> new StreamId(row.getString(1)), "SELECT DISTINCT stream FROM inbox LIMIT ?", limit));
    }

    @Override
    public void putSnapshot(StreamId stream, Snapshot snapshot) {
        Journal.checkSnapshot(stream, snapshot);
        file.write(
                "keep a snapshot of " + stream,
                session -> session.update(
                        "INSERT OR REPLACE INTO snapshots (stream, sequence, crc32c, bytes) VALUES (?, ?, ?, ?)",
                        stream.value(),
                        snapshot.sequence(),
                        Checksum.of(stream.value(), snapshot.sequence(), snapshot.bytes()),
                        snapshot.bytes()));
    }

    /** A damaged snapshot is as good as a lost one: the records are still there. */
    @Override
    public Optional<Snapshot> snapshot(StreamId stream) {
        return file.<Optional<Optional<Snapshot>>>read(
                        "read the snapshot of " + stream,
                        session -> session.row(
                                row -> {
                                    Snapshot snapshot = new Snapshot(row.getLong(1), bytes(row, 3));
                                    boolean whole = Checksum.of(stream.value(), snapshot.sequence(), snapshot.bytes())
                                            == row.getLong(2);
                                    return whole ? Optional.of(snapshot) : Optional.<Snapshot>empty();
                                },
                                "SELECT sequence, crc32c, bytes FROM snapshots WHERE stream = ?",
                                stream.value()))
                .flatMap(snapshot -> snapshot);
    }

    /** A run that was taken off is open again: a start that comes back after the sweep gave the run up must not go on unlisted. */
    @Override
    public void list(Listed listed) {
        file.write(
                "list run " + listed.run(),
                session -> session.update(
                        "INSERT INTO runs (run, open, started_at_millis, look_again_at_millis) VALUES (?, 1, ?, ?)"
                                + " ON CONFLICT (run) DO UPDATE SET open = 1, started_at_millis = excluded.started_at_millis,"
                                + " look_again_at_millis = excluded.look_again_at_millis WHERE open = 0",
                        listed.run().value(),
                        Millis.notAfter(listed.startedAt()),
                        Millis.notAfter(listed.lookAgainAt())));
    }

    @Override
    public void lookAgain(RunId run, Instant at) {
        file.write(
                "write when to look at run " + run + " again",
                session -> session.update(
                        "UPDATE runs SET look_again_at_millis = ? WHERE run = ? AND open = 1",
                        Millis.notAfter(at),
                        run.value()));
    }

    @Override
    public void unlist(RunId run) {
        file.write(
                "take run " + run + " off the open ones",
                session -> session.update("UPDATE runs SET open = 0 WHERE run = ?", run.value()));
    }

    @Override
    public List<Listed> open(Instant due, int limit) {
        Journal.checkPositive(limit);
        return file.read(
                "list the open runs",
                session -> session.rows(
                        SqliteJournal::listed,
                        "SELECT run, started_at_millis, look_again_at_millis FROM runs WHERE open = 1 AND look_again_at_millis <= ?"
                                + " ORDER BY look_again_at_millis, rowid LIMIT ?",
                        Millis.notAfter(due),
                        limit));
    }

    @Override
    public List<Listed> recent(int limit) {
        Journal.checkLimit(limit);
        return file.read(
                "list the recent runs",
                session -> session.rows(
                        SqliteJournal::listed,
                        "SELECT run, started_at_millis, look_again_at_millis FROM runs ORDER BY started_at_millis DESC, rowid DESC LIMIT ?",
                        limit));
    }

    /** Stores what was begun and closes the file. */
    @Override
    public void close() {
        file.close();
    }

    private long number(Session session, String name) throws SQLException {
        Long number = known.get(name);
        if (number != null) {
            return number;
        }
        session.update("INSERT INTO streams (name) VALUES (?) ON CONFLICT (name) DO NOTHING", name);
        return session.row(row -> row.getLong(1), "SELECT stream FROM streams WHERE name = ?", name)
                .orElseThrow();
    }

    /** Only after the commit: a number from a transaction that was rolled back may be given to another stream. */
    private void remember(String name, long number) {
        if (known.size() >= MOST_KNOWN_STREAMS) {
            known.clear();
        }
        known.putIfAbsent(name, number);
    }

    private static Listed listed(ResultSet row) throws SQLException {
        return new Listed(
                new RunId(row.getString(1)),
                Instant.ofEpochMilli(row.getLong(2)),
                Instant.ofEpochMilli(row.getLong(3)));
    }

    private static byte[] bytes(ResultSet row, int column) throws SQLException {
        byte[] bytes = row.getBytes(column);
        return bytes == null ? new byte[0] : bytes;
    }

    private static byte[] checked(String name, long number, long crc, byte[] bytes) {
        if (Checksum.of(name, number, bytes) != crc) {
            throw CloudException.permanent(
                    "SQLite",
                    "the journal is damaged: " + (number == 0 ? "a signal" : "record " + number) + " of " + name
                            + " does not have the checksum it was written with");
        }
        return bytes;
    }
}
