// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.testing;

import dev.cumulane.cloud.Journal;
import dev.cumulane.cloud.StreamId;
import dev.cumulane.run.RunId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** A journal in memory. */
final class SimulatedJournal implements Journal {
    private final World world;
    private final Map<StreamId, List<byte[]>> streams = new HashMap<>();
    private final SortedMap<StreamId, NavigableMap<String, byte[]>> inboxes = new TreeMap<>();
    private final Map<StreamId, Snapshot> snapshots = new HashMap<>();
    private final Map<RunId, Listed> runs = new LinkedHashMap<>();
    private final Map<RunId, Listed> open = new LinkedHashMap<>();

    SimulatedJournal(World world) {
        this.world = world;
    }

    @Override
    public Append append(StreamId stream, long sequence, byte[] record) {
        Journal.checkRecord(stream, sequence, record);
        return world.call("append to", stream, () -> appendNow(stream, sequence, record));
    }

    private synchronized Append appendNow(StreamId stream, long sequence, byte[] record) {
        List<byte[]> records = streams.computeIfAbsent(stream, any -> new ArrayList<>());
        if (sequence <= records.size()) {
            world.witness().conflicted(stream);
            return Append.EXISTS;
        }
        if (sequence > records.size() + 1L) {
            throw new IllegalArgumentException(
                    "record " + sequence + " of " + stream + " would leave a gap after record " + records.size());
        }
        records.add(record.clone());
        world.witness().appended(stream, sequence, record);
        return Append.APPENDED;
    }

    @Override
    public List<Entry> read(StreamId stream, long from, int limit) {
        Journal.checkSequence(from);
        Journal.checkLimit(limit);
        return world.call("read of", stream, () -> readNow(stream, from, limit));
    }

    private synchronized List<Entry> readNow(StreamId stream, long from, int limit) {
        List<byte[]> records = streams.getOrDefault(stream, List.of());
        List<Entry> found = new ArrayList<>();
        long last = Math.max(Math.min(1L, records.size()), (long) records.size() - world.staleness());
        for (long n = from; n <= last && found.size() < limit; n++) {
            found.add(new Entry(n, records.get((int) n - 1).clone()));
        }
        return found;
    }

    @Override
    public void putInbox(StreamId stream, String id, byte[] signal) {
        Journal.checkSignal(id, signal);
        world.run("put into the inbox of", stream, () -> {
            synchronized (this) {
                inboxes.computeIfAbsent(stream, any -> new TreeMap<>()).putIfAbsent(id, signal.clone());
            }
        });
    }

    @Override
    public List<Pending> inbox(StreamId stream, int limit) {
        Journal.checkLimit(limit);
        return world.call("read of the inbox of", stream, () -> {
            synchronized (this) {
                return inboxes.getOrDefault(stream, new TreeMap<>()).entrySet().stream()
                        .limit(limit)
                        .map(entry ->
                                new Pending(entry.getKey(), entry.getValue().clone()))
                        .toList();
            }
        });
    }

    @Override
    public void deleteInbox(StreamId stream, List<String> ids) {
        world.run("delete from the inbox of", stream, () -> {
            synchronized (this) {
                inboxes.computeIfPresent(stream, (any, inbox) -> {
                    ids.forEach(inbox::remove);
                    return inbox.isEmpty() ? null : inbox;
                });
            }
        });
    }

    @Override
    public List<StreamId> inboxes(int limit) {
        Journal.checkPositive(limit);
        return world.call("list of", "inboxes", () -> {
            synchronized (this) {
                return inboxes.keySet().stream().limit(limit).toList();
            }
        });
    }

    @Override
    public void putSnapshot(StreamId stream, Snapshot snapshot) {
        Journal.checkSnapshot(stream, snapshot);
        world.run("put of a snapshot of", stream, () -> {
            synchronized (this) {
                snapshots.put(stream, copy(snapshot));
            }
        });
    }

    @Override
    public Optional<Snapshot> snapshot(StreamId stream) {
        return world.call("read of the snapshot of", stream, () -> {
            synchronized (this) {
                return world.staleness() > 0
                        ? Optional.empty()
                        : Optional.ofNullable(snapshots.get(stream)).map(SimulatedJournal::copy);
            }
        });
    }

    @Override
    public void list(Listed listed) {
        world.run("list of", listed.run(), () -> {
            synchronized (this) {
                runs.putIfAbsent(listed.run(), listed);
                open.putIfAbsent(listed.run(), listed);
            }
        });
    }

    @Override
    public void lookAgain(RunId run, Instant at) {
        world.run("look-again of", run, () -> {
            synchronized (this) {
                open.computeIfPresent(run, (any, listed) -> new Listed(run, listed.startedAt(), at));
            }
        });
    }

    @Override
    public void unlist(RunId run) {
        world.run("unlist of", run, () -> {
            synchronized (this) {
                open.remove(run);
            }
        });
    }

    /** Whether a run is listed as open, without a call that may fail. */
    synchronized boolean isOpen(RunId run) {
        return open.containsKey(run);
    }

    @Override
    public List<Listed> open(Instant due, int limit) {
        Journal.checkPositive(limit);
        return world.call("list of", "open runs", () -> {
            synchronized (this) {
                return open.values().stream()
                        .filter(listed -> !listed.lookAgainAt().isAfter(due))
                        .sorted(Comparator.comparing(Listed::lookAgainAt))
                        .limit(limit)
                        .toList();
            }
        });
    }

    @Override
    public List<Listed> recent(int limit) {
        Journal.checkLimit(limit);
        return world.call("list of", "recent runs", () -> {
            synchronized (this) {
                return runs.values().stream()
                        .map(listed -> open.getOrDefault(listed.run(), listed))
                        .sorted(Comparator.comparing(Listed::startedAt).reversed())
                        .limit(limit)
                        .toList();
            }
        });
    }

    private static Snapshot copy(Snapshot snapshot) {
        return new Snapshot(snapshot.sequence(), snapshot.bytes().clone());
    }
}
