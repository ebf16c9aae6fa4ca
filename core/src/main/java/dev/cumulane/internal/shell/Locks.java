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
import dev.cumulane.internal.machine.Claimant;
import dev.cumulane.internal.machine.LockEvent;
import dev.cumulane.internal.machine.LockProgress;
import dev.cumulane.internal.machine.Signal;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries signals to the locks of environments and groups of runs. Their streams are read anew for each signal: a run asks for few. */
final class Locks {
    private static final Logger LOG = LoggerFactory.getLogger(Locks.class);
    private static final int TRIES = 2;
    private static final int SNAPSHOT_EVERY = 64;
    private static final Duration DRAIN_DELAY = Duration.ofMillis(300);

    private final Cloud cloud;
    private final Coding coding;
    private final Writer writer;
    private final Function<Claimant, Optional<Signal.Release>> due;

    /** Locks, and what says how somebody who needs one no longer gives it back. */
    Locks(Cloud cloud, Coding coding, Writer writer, Function<Claimant, Optional<Signal.Release>> due) {
        this.cloud = cloud;
        this.coding = coding;
        this.writer = writer;
        this.due = due;
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

    /** Releases holders that have no use for the lock, and repeats what those who have it, or asked in vain, may not have heard. */
    void look(StreamId stream) {
        LockProgress lock = read(stream).lock();
        for (LockProgress.Place holder : lock.holders()) {
            due.apply(holder.who())
                    .ifPresentOrElse(release -> signal(stream, release), () -> tell(stream, holder, false));
        }
        lock.dismissed().forEach(place -> tell(stream, place, true));
    }

    /** A lock as its records say it is. */
    LockProgress find(StreamId stream) {
        return read(stream).lock();
    }

    private boolean apply(StreamId stream, Signal.ToLock signal) {
        boolean verified = false;
        for (int tries = 0; tries < TRIES; ) {
            Read read = read(stream);
            List<LockProgress.Place> before = read.lock().holders();
            List<LockEvent> events = read.lock().step(signal);
            if (!verified && events.stream().anyMatch(LockEvent.Refused.class::isInstance)) {
                // Nobody is sent away for the sake of one who has ended, and whose release is still on its way.
                verified = true;
                release(stream, before);
                continue;
            }
            tries++;
            boolean recorded = events.isEmpty();
            if (!recorded) {
                byte[] record = coding.lockRecord(writer.next(), cloud.clock().instant(), events);
                recorded = Stream.append(cloud.journal(), stream, read.sequence() + 1, record);
                if (recorded) {
                    keepSnapshot(stream, read.lock(), read.sequence() + 1);
                }
            }
            if (recorded) {
                tell(stream, read.lock(), signal, events);
                return true;
            }
        }
        return false;
    }

    private void release(StreamId stream, List<LockProgress.Place> holders) {
        for (LockProgress.Place holder : holders) {
            due.apply(holder.who()).ifPresent(release -> apply(stream, release));
        }
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

    /** Tells all whom the events are about, and who asked, perhaps again. They may know already: what they hear twice changes nothing. */
    private void tell(StreamId stream, LockProgress lock, Signal.ToLock signal, List<LockEvent> events) {
        Set<Claimant> about = new LinkedHashSet<>();
        events.forEach(event -> about.add(event.who()));
        if (signal instanceof Signal.Ask ask) {
            about.add(ask.who());
        }
        about.forEach(who -> lock.place(who).ifPresent(place -> tell(stream, place, lock.isDismissed(who))));
    }

    private void tell(StreamId stream, LockProgress.Place place, boolean isDismissed) {
        Claimant who = place.who();
        boolean has = place.fence() > 0;
        if (has && !who.isRun()) {
            send(who, "granted/" + who.stage() + "/" + place.fence(), new Signal.Granted(who.stage(), place.fence()));
        } else if (has) {
            send(who, "turn/" + stream.name() + "/" + place.fence(), new Signal.TurnGranted(place.fence()));
        }
        if (place.by().isPresent()) {
            send(who, "superseded/" + stream.name(), new Signal.TurnLost(place.by()));
        } else if (isDismissed) {
            send(who, "refused/" + stream.name(), new Signal.TurnLost(place.by()));
        }
    }

    private void send(Claimant who, String id, Signal signal) {
        cloud.signals().send(new SignalEnvelope(id, StreamId.of(who.run()), coding.bytes(signal)));
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
