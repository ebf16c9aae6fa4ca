// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.shell;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Journal;
import dev.cumulane.cloud.StreamId;
import dev.cumulane.internal.codec.Codec;
import dev.cumulane.internal.codec.NewerFormException;
import dev.cumulane.internal.follow.FollowEvent;
import dev.cumulane.internal.follow.FollowerProgress;
import dev.cumulane.internal.json.MalformedJsonException;
import dev.cumulane.run.RunId;
import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;

/** What was told of one run, to whom: the records of its stream, as far as they were read. Not safe for use by several threads. */
final class FollowStream {
    private final Journal journal;
    private final StreamId stream;
    private final SortedMap<String, FollowerProgress> followers = new TreeMap<>();
    private long sequence;

    FollowStream(Journal journal, RunId run) {
        this.journal = journal;
        this.stream = StreamId.following(run);
    }

    /** Reads what was recorded since. */
    void refresh() {
        Stream.read(journal, stream, sequence + 1, entry -> {
            fold(entry.sequence(), entry.bytes());
            sequence = entry.sequence();
        });
    }

    /**
     * Appends a record.
     *
     * @return false if somebody else wrote first; what they wrote is read then
     */
    boolean append(String mark, Instant at, FollowEvent event) {
        byte[] record = Codec.followRecord(mark, at, event);
        if (Stream.append(journal, stream, sequence + 1, record)) {
            fold(sequence + 1, record);
            sequence++;
            return true;
        }
        refresh();
        return false;
    }

    /** How far a follower was told. */
    FollowerProgress of(String follower) {
        return followers.computeIfAbsent(follower, any -> new FollowerProgress());
    }

    /** All who were told something or could not be, by name. */
    SortedMap<String, FollowerProgress> all() {
        return followers;
    }

    private void fold(long number, byte[] bytes) {
        try {
            Codec.FollowRecord record = Codec.followRecord(bytes);
            of(record.event().follower()).fold(record.event(), record.writer(), record.at());
        } catch (MalformedJsonException | NewerFormException e) {
            throw CloudException.permanent(
                    "journal",
                    "record " + number + " of " + stream + " cannot be read by this version: " + e.getMessage(),
                    e);
        }
    }
}
