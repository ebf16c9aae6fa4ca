// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.signals;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.SignalEnvelope;
import dev.cumulane.cloud.Signals;
import dev.cumulane.cloud.StreamId;
import dev.cumulane.local.sqlite.Checksum;
import dev.cumulane.local.sqlite.Layout;
import dev.cumulane.local.sqlite.Millis;
import dev.cumulane.local.sqlite.SqliteFile;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The signals of the local cloud: rows of the file {@code signals.db} of the state directory, deleted when they have been handled.
 *
 * <p>Any process may send; the one that delivers, of which {@link dev.cumulane.local.EngineLock} allows one, notices within some 40 milliseconds. The signals of a
 * stream are handled one after the other, those of different streams on up to four threads. After an exception a signal comes again, first after 100 milliseconds,
 * then each time after twice as long, up to a minute. Instants are rounded up to the
 * millisecond, so that none comes early.
 */
public final class SqliteSignals implements Signals, AutoCloseable {
    /** The file's name. */
    public static final String FILE = "signals.db";

    private static final Layout LAYOUT = new Layout(
            "signal file",
            0x43756d73,
            1,
            List.of(
                    "CREATE TABLE signals (number INTEGER PRIMARY KEY AUTOINCREMENT, stream TEXT NOT NULL, id TEXT NOT NULL, due_at_millis INTEGER NOT NULL,"
                            + " crc32c INTEGER NOT NULL, bytes BLOB NOT NULL) STRICT",
                    "CREATE INDEX signals_due ON signals (due_at_millis, number, stream)",
                    "CREATE INDEX signals_by_id ON signals (stream, id, due_at_millis)"));

    private final SqliteFile file;
    private final InstantSource clock;
    private final Runnable claim;
    private final Object delivering = new Object();
    private @Nullable Delivery delivery;
    private boolean closed;

    private SqliteSignals(SqliteFile file, InstantSource clock, Runnable claim) {
        this.file = file;
        this.clock = clock;
        this.claim = claim;
    }

    /**
     * Opens the signals of a state directory, or creates the file.
     *
     * @param stateDirectory the directory
     * @param clock by which signals become due
     * @param claim is called before anything is delivered; throws if another engine has the signals delivered to it
     * @return the signals, which the caller closes
     * @throws CloudException permanent, if the file is damaged, of a newer version or cannot be written; the message names it
     */
    public static SqliteSignals open(Path stateDirectory, InstantSource clock, Runnable claim) {
        return new SqliteSignals(SqliteFile.open(stateDirectory.resolve(FILE), LAYOUT), clock, claim);
    }

    @Override
    public void send(SignalEnvelope signal) {
        insert(signal, clock.instant());
        wake();
    }

    /** A signal that waits for that very instant already is not stored twice: the sweep repeats what it cannot know to be there. */
    @Override
    public void send(SignalEnvelope signal, Instant at) {
        if (at.isAfter(clock.instant())) {
            insertOnce(signal, at);
        } else {
            insert(signal, at);
        }
        wake();
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalStateException if a handler is set already, this is closed, or the claim is refused
     */
    @Override
    public boolean deliverTo(Handler handler) {
        synchronized (delivering) {
            if (closed) {
                throw new IllegalStateException("the signals are closed");
            }
            if (delivery != null) {
                throw new IllegalStateException("these signals are delivered to a handler already");
            }
            claim.run();
            delivery = new Delivery(this, handler, clock, file.watch());
            delivery.start();
            return true;
        }
    }

    /**
     * Why the signals cannot be written, as the last attempt to do so found.
     *
     * @return the failure, which does not pass by itself, or empty if there is none
     */
    public Optional<CloudException> broken() {
        return file.broken();
    }

    /**
     * Delivers nothing more, waits for the handlers in progress, a minute at most, and closes the file. What was not handled is delivered by the next process. Not
     * to be called by a handler.
     */
    @Override
    public void close() {
        Optional<Delivery> ending;
        synchronized (delivering) {
            closed = true;
            ending = Optional.ofNullable(delivery);
        }
        ending.ifPresent(Delivery::stop);
        file.close();
    }

    /** What is due, without its bytes: the longest due first. */
    List<Due> due(Instant now, int limit) {
        return file.read(
                "look for due signals",
                session -> session.rows(
                        row -> new Due(row.getLong(1), row.getString(2)),
                        "SELECT number, stream FROM signals WHERE due_at_millis <= ? ORDER BY due_at_millis, number LIMIT ?",
                        Millis.notAfter(now),
                        limit));
    }

    /** When the next signal becomes due that is not due now. */
    Optional<Instant> next(Instant now) {
        return file.read(
                "look for the next signal",
                session -> session.row(
                        row -> Instant.ofEpochMilli(row.getLong(1)),
                        "SELECT due_at_millis FROM signals WHERE due_at_millis > ? ORDER BY due_at_millis LIMIT 1",
                        Millis.notAfter(now)));
    }

    /** A signal's content, or empty if it was handled in the meantime. */
    Optional<SignalEnvelope> load(long number) {
        return file.read(
                "read signal " + number,
                session -> session.row(
                        row -> {
                            String stream = row.getString(1);
                            String id = row.getString(2);
                            byte[] stored = row.getBytes(4);
                            byte[] bytes = stored == null ? new byte[0] : stored;
                            if (Checksum.of(stream + id, 0, bytes) != row.getLong(3)) {
                                throw CloudException.permanent(
                                        "SQLite",
                                        "signal " + number + " in " + FILE
                                                + " does not have the checksum it was written with");
                            }
                            return new SignalEnvelope(id, new StreamId(stream), bytes);
                        },
                        "SELECT stream, id, crc32c, bytes FROM signals WHERE number = ?",
                        number));
    }

    /** Nobody waits for it: a deletion that is lost makes a duplicate, which is allowed. */
    CompletableFuture<Integer> deleteLater(long number) {
        return file.writeLater(
                "delete signal " + number, session -> session.update("DELETE FROM signals WHERE number = ?", number));
    }

    private void insert(SignalEnvelope signal, Instant at) {
        file.write(
                "send signal " + signal.id(),
                session -> session.update(
                        "INSERT INTO signals (stream, id, due_at_millis, crc32c, bytes) VALUES (?, ?, ?, ?, ?)",
                        signal.stream().value(),
                        signal.id(),
                        Millis.notBefore(at),
                        checksum(signal),
                        signal.bytes()));
    }

    private void insertOnce(SignalEnvelope signal, Instant at) {
        file.write(
                "send signal " + signal.id(),
                session -> session.update(
                        "INSERT INTO signals (stream, id, due_at_millis, crc32c, bytes) SELECT ?1, ?2, ?3, ?4, ?5 WHERE NOT EXISTS"
                                + " (SELECT 1 FROM signals WHERE stream = ?1 AND id = ?2 AND due_at_millis = ?3 AND bytes = ?5)",
                        signal.stream().value(),
                        signal.id(),
                        Millis.notBefore(at),
                        checksum(signal),
                        signal.bytes()));
    }

    private static long checksum(SignalEnvelope signal) {
        return Checksum.of(signal.stream().value() + signal.id(), 0, signal.bytes());
    }

    private void wake() {
        synchronized (delivering) {
            if (delivery != null) {
                delivery.wake();
            }
        }
    }

    /** A row that is due. */
    record Due(long number, String stream) {}
}
