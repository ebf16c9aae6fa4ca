// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.shell;

import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Journal;
import dev.cumulane.cloud.SignalEnvelope;
import dev.cumulane.cloud.StreamId;
import dev.cumulane.internal.codec.Codec;
import dev.cumulane.internal.codec.Coding;
import dev.cumulane.internal.codec.NewerFormException;
import dev.cumulane.internal.json.MalformedJsonException;
import dev.cumulane.internal.machine.LockEvent;
import dev.cumulane.internal.machine.LockProgress;
import dev.cumulane.internal.machine.Signal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries signals to the locks of environments. Their streams are read anew for each signal: deployments are rare. */
final class Locks {
    private static final Logger LOG = LoggerFactory.getLogger(Locks.class);
    private static final int TRIES = 2;
    private static final int SNAPSHOT_EVERY = 64;
    private static final Duration DRAIN_DELAY = Duration.ofMillis(300);

    private final Cloud cloud;
    private final Coding coding;
    private final Writer writer;

    Locks(Cloud cloud, Coding coding, Writer writer) {
        this.cloud = cloud;
        this.coding = coding;
        this.writer = writer;
    }

    private record Read(LockProgress lock, long sequence) {}

    /** Handles a signal; when this returns, it is recorded, or in the inbox, or says nothing new. */
    void signal(StreamId stream, Signal.ToLock signal) {
        if (!apply(stream, signal)) {
            byte[] bytes = coding.bytes(signal);
            cloud.journal()
                    .putInbox(stream, dev.cumulane.pipeline.Digest.of(bytes).hex(), bytes);
            Instant at = cloud.clock().instant().plus(DRAIN_DELAY);
            cloud.signals()
                    .send(
                            new SignalEnvelope("drain/" + at.toEpochMilli(), stream, coding.bytes(new Signal.Drain())),
                            at);
        }
    }

    /** Empties a lock's inbox. */
    void drain(StreamId stream) {
        for (Journal.Pending pending : cloud.journal().inbox(stream, 100)) {
            if (coding.signal(pending.bytes()) instanceof Signal.ToLock toLock && !apply(stream, toLock)) {
                return;
            }
            cloud.journal().deleteInbox(stream, List.of(pending.id()));
        }
    }

    /**
     * Releases a holder that has no use for the lock, and repeats a grant whose signal may have been lost.
     *
     * @param needs whether a claimant's deployment still goes on
     */
    void look(StreamId stream, Predicate<LockProgress.Claimant> needs) {
        Optional<LockProgress.Claimant> holder = read(stream).lock().holder();
        if (holder.isPresent()) {
            LockProgress.Claimant who = holder.get();
            signal(
                    stream,
                    needs.test(who)
                            ? new Signal.Ask(who.run(), who.stage())
                            : new Signal.Release(who.run(), who.stage()));
        }
    }

    private boolean apply(StreamId stream, Signal.ToLock signal) {
        for (int tries = 0; tries < TRIES; tries++) {
            Read read = read(stream);
            List<LockEvent> events = read.lock().step(signal);
            boolean recorded = events.isEmpty();
            if (!recorded) {
                byte[] record = coding.lockRecord(writer.next(), cloud.clock().instant(), events);
                recorded = Stream.append(cloud.journal(), stream, read.sequence() + 1, record);
                if (recorded) {
                    keepSnapshot(stream, read.lock(), read.sequence() + 1);
                }
            }
            if (recorded) {
                tell(read.lock());
                return true;
            }
        }
        return false;
    }

    private void keepSnapshot(StreamId stream, LockProgress lock, long sequence) {
        if (sequence % SNAPSHOT_EVERY != 0) {
            return;
        }
        byte[] snapshot = coding.bytes(lock.memo());
        if (snapshot.length > Journal.LARGEST_SNAPSHOT) {
            return;
        }
        try {
            cloud.journal().putSnapshot(stream, new Journal.Snapshot(sequence, snapshot));
        } catch (CloudException e) {
            // It only saves reading; the grant must be told all the same.
            LOG.debug("The snapshot of {} was not kept: {}", stream, e.getMessage());
        }
    }

    /** Tells the holder. It may know already: a repeated grant changes nothing. */
    private void tell(LockProgress lock) {
        lock.holder()
                .ifPresent(holder -> cloud.signals()
                        .send(new SignalEnvelope(
                                "granted/" + holder.stage() + "/" + lock.fence(),
                                StreamId.of(holder.run()),
                                coding.bytes(new Signal.Granted(holder.stage(), lock.fence())))));
    }

    private Read read(StreamId stream) {
        LockProgress lock = LockProgress.unused();
        long from = 1;
        Optional<Journal.Snapshot> snapshot = cloud.journal().snapshot(stream);
        List<Journal.Entry> last = snapshot.map(kept -> cloud.journal().read(stream, kept.sequence(), 1))
                .orElse(List.of());
        if (!last.isEmpty()) {
            // A later version may know more than this one finds in its snapshot; its record says so.
            record(stream, last.get(0));
            try {
                lock = LockProgress.of(coding.lockMemo(snapshot.get().bytes()));
                from = snapshot.get().sequence() + 1;
            } catch (MalformedJsonException e) {
                // The records say the same.
                LOG.debug("The snapshot of {} cannot be read: {}", stream, e.getMessage());
            }
        }
        LockProgress into = lock;
        long sequence = Stream.read(cloud.journal(), stream, from, entry -> fold(stream, into, entry));
        return new Read(into, sequence);
    }

    private void fold(StreamId stream, LockProgress into, Journal.Entry entry) {
        Codec.LockRecord record = record(stream, entry);
        try {
            record.events().forEach(into::fold);
        } catch (IllegalStateException e) {
            throw unreadable(stream, entry, e);
        }
    }

    private Codec.LockRecord record(StreamId stream, Journal.Entry entry) {
        try {
            return coding.lockRecord(entry.bytes());
        } catch (MalformedJsonException | NewerFormException e) {
            throw unreadable(stream, entry, e);
        }
    }

    private static CloudException unreadable(StreamId stream, Journal.Entry entry, RuntimeException why) {
        return CloudException.permanent(
                "journal",
                "record " + entry.sequence() + " of " + stream + " cannot be read by this version: " + why.getMessage(),
                why);
    }
}
