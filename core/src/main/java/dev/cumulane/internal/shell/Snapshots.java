// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.shell;

import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Journal;
import dev.cumulane.cloud.StreamId;
import dev.cumulane.internal.codec.Codec;
import dev.cumulane.pipeline.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The newest snapshot of each run: in the journal or, where that cannot hold so many bytes, in the artifact store, and its digest in the journal. Snapshots only save reading: one
 * that cannot be kept or read is as good as none.
 */
final class Snapshots {
    private static final Logger LOG = LoggerFactory.getLogger(Snapshots.class);

    /** Begins what stands in place of a state that is in the artifact store; no state begins so. */
    private static final String ELSEWHERE = "sha-256 ";

    private final Journal journal;
    private final ArtifactStore store;

    Snapshots(Journal journal, ArtifactStore store) {
        this.journal = journal;
        this.store = store;
    }

    /** Keeps a state in place of an older one. */
    void keep(StreamId stream, long sequence, byte[] state) {
        if (state.length > Codec.LARGEST_STATE) {
            return;
        }
        try {
            byte[] kept = state.length <= Journal.LARGEST_SNAPSHOT
                    ? state
                    : (ELSEWHERE + store.put(state).hex()).getBytes(StandardCharsets.UTF_8);
            journal.putSnapshot(stream, new Journal.Snapshot(sequence, kept));
        } catch (CloudException e) {
            // The record is there, and its commands must not wait for the sweep.
            LOG.debug("The snapshot of {} was not kept: {}", stream, e.getMessage());
        }
    }

    /** The newest snapshot, with the state's own bytes. */
    Optional<Journal.Snapshot> newest(StreamId stream) {
        return journal.snapshot(stream)
                .flatMap(
                        kept -> state(stream, kept.bytes()).map(state -> new Journal.Snapshot(kept.sequence(), state)));
    }

    private Optional<byte[]> state(StreamId stream, byte[] kept) {
        int mark = ELSEWHERE.length();
        if (kept.length <= mark || !new String(kept, 0, mark, StandardCharsets.UTF_8).equals(ELSEWHERE)) {
            return Optional.of(kept);
        }
        try {
            String digest = new String(kept, mark, kept.length - mark, StandardCharsets.UTF_8);
            return store.read(new Digest(digest), Codec.LARGEST_STATE);
        } catch (CloudException | IllegalArgumentException e) {
            LOG.debug("The snapshot of {} cannot be read: {}", stream, e.getMessage());
            return Optional.empty();
        }
    }
}
