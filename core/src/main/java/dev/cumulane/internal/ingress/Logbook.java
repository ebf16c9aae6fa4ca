// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.ingress;

import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Journal;
import dev.cumulane.cloud.StreamId;
import dev.cumulane.internal.json.MalformedJsonException;
import dev.cumulane.internal.json.RecordJson;
import dev.cumulane.internal.shell.Stream;
import dev.cumulane.pipeline.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/**
 * What is known of a repository's deliveries: a stream of records in the journal. Of several processes that write to it at once, one is first, and the others read
 * what it wrote and decide again. Safe for use by several threads.
 */
final class Logbook {
    private static final int FORMAT = 1;
    private static final int MOST_BYTES = Journal.LARGEST_RECORD;
    private static final int SNAPSHOT_EVERY = 64;
    private static final int TRIES = 5;

    private final Cloud cloud;
    private final StreamId stream;
    private final String writer = UUID.randomUUID().toString().substring(0, 13);
    private Memory memory = Memory.EMPTY;
    private long sequence;
    private boolean loaded;

    /**
     * One record.
     *
     * @param writer who wrote it, so that a writer recognises its own
     */
    private record Entry(int format, String writer, Instant at, RepositoryEvent event) {}

    Logbook(Cloud cloud, String repository) {
        this.cloud = cloud;
        this.stream = StreamId.repository(repository);
    }

    /** What is known as of the last record that this process has seen: enough to find out what nobody needs to do again. */
    synchronized Memory known() {
        if (!loaded) {
            load();
        }
        return memory;
    }

    /** What is known now. */
    synchronized Memory latest() {
        known();
        catchUp();
        return memory;
    }

    /**
     * Records an event, unless what others recorded meanwhile makes it needless.
     *
     * @param event decides from what is known; empty for nothing to record
     */
    synchronized void record(Function<Memory, Optional<RepositoryEvent>> event) {
        for (int tries = 0; tries < TRIES; tries++) {
            Optional<RepositoryEvent> wanted = event.apply(known());
            if (wanted.isEmpty()) {
                return;
            }
            Instant at = cloud.clock().instant();
            long next = sequence + 1;
            Entry entry = new Entry(FORMAT, writer + "." + next, at, wanted.get());
            if (Stream.append(cloud.journal(), stream, next, RecordJson.write(Entry.class, entry))) {
                memory = memory.with(wanted.get(), at);
                sequence = next;
                keepSnapshot();
                return;
            }
            catchUp();
        }
        throw CloudException.retryable(
                "journal", "others wrote to " + stream + " each time", new IOException("outrun " + TRIES + " times"));
    }

    private void load() {
        Optional<Journal.Snapshot> snapshot = cloud.journal().snapshot(stream);
        if (snapshot.isPresent()
                && !cloud.journal().read(stream, snapshot.get().sequence(), 1).isEmpty()) {
            memory = RecordJson.read(Memory.class, snapshot.get().bytes(), Journal.LARGEST_SNAPSHOT);
            sequence = snapshot.get().sequence();
        }
        catchUp();
        loaded = true;
    }

    private void catchUp() {
        sequence = Stream.read(cloud.journal(), stream, sequence + 1, record -> {
            try {
                Entry entry = RecordJson.read(Entry.class, record.bytes(), MOST_BYTES);
                memory = memory.with(entry.event(), entry.at());
            } catch (MalformedJsonException e) {
                throw CloudException.permanent(
                        "journal",
                        "record " + record.sequence() + " of " + stream + " cannot be read by this version: "
                                + e.getMessage(),
                        e);
            }
        });
    }

    private void keepSnapshot() {
        if (sequence % SNAPSHOT_EVERY == 0) {
            byte[] bytes = RecordJson.write(Memory.class, memory);
            cloud.journal().putSnapshot(stream, new Journal.Snapshot(sequence, bytes));
        }
    }

    /**
     * The sum of a repository's records.
     *
     * @param handled ids and digests of the latest deliveries that were handled or kept aside, the oldest first
     * @param aside the latest deliveries that were kept aside, the oldest first
     * @param refused the latest commands that were refused, the oldest first
     * @param survey what the forge said when it was last asked for all heads
     */
    record Memory(
            List<String> handled, List<Aside> aside, List<Refused> refused, Optional<RepositoryEvent.Surveyed> survey) {
        private static final int MOST_HANDLED = 2_000;
        private static final int MOST_ASIDE = 100;
        private static final int MOST_REFUSED = 100;
        private static final int SHORT_DIGEST = 32;
        private static final Memory EMPTY = new Memory(List.of(), List.of(), List.of(), Optional.empty());

        /** A delivery that was kept aside. */
        record Aside(RepositoryEvent.KeptAside what, Instant at) {}

        /** A command that was refused, and why. */
        record Refused(String what, Instant at) {}

        /** Whether a delivery was handled, by its id or by its body. */
        boolean has(String delivery, Digest body) {
            return handled.contains(key(delivery)) || handled.contains(key(body));
        }

        private Memory with(RepositoryEvent event, Instant at) {
            if (event instanceof RepositoryEvent.Handled done) {
                List<Refused> more = refused;
                for (String what : done.refused()) {
                    more = added(more, new Refused(what, at), MOST_REFUSED);
                }
                return new Memory(remembering(done.delivery(), done.body()), aside, more, survey);
            }
            if (event instanceof RepositoryEvent.KeptAside kept) {
                return new Memory(
                        remembering(kept.delivery(), kept.body()),
                        added(aside, new Aside(kept, at), MOST_ASIDE),
                        refused,
                        survey);
            }
            return new Memory(handled, aside, refused, Optional.of((RepositoryEvent.Surveyed) event));
        }

        private List<String> remembering(String delivery, Digest body) {
            return added(added(handled, key(delivery), MOST_HANDLED), key(body), MOST_HANDLED);
        }

        private static <T> List<T> added(List<T> some, T more, int most) {
            List<T> all = new ArrayList<>(some.subList(some.size() < most ? 0 : 1, some.size()));
            all.add(more);
            return all;
        }

        private static String key(String delivery) {
            return Digest.of(("id " + delivery).getBytes(StandardCharsets.UTF_8))
                    .hex()
                    .substring(0, SHORT_DIGEST);
        }

        private static String key(Digest body) {
            return body.hex().substring(0, SHORT_DIGEST);
        }
    }
}
