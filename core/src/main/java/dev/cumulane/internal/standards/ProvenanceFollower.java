// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.standards;

import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.Signer;
import dev.cumulane.internal.follow.Follower;
import dev.cumulane.run.HistoryRecord;
import dev.cumulane.run.RunView;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Keeps the provenance of each artifact beside it in the artifact store, once. */
public final class ProvenanceFollower implements Follower.OfRecords {
    private final ArtifactStore store;
    private final Supplier<Optional<Signer>> signer;
    private final Unfolding<Provenance, Provenance.Statement> statements;

    /**
     * Keeps provenance.
     *
     * @param store keeps it
     * @param signer signs it; asked for each time, since a key may be replaced
     * @param origin who says it
     * @param past what went before
     */
    public ProvenanceFollower(ArtifactStore store, Supplier<Optional<Signer>> signer, Origin origin, Past past) {
        this.store = store;
        this.signer = signer;
        this.statements = new Unfolding<>(past, plan -> new Provenance(plan, origin), Provenance::next);
    }

    @Override
    public String name() {
        return "provenance";
    }

    @Override
    public boolean follows(RunView run) {
        return true;
    }

    @Override
    public void tell(RunView run, List<HistoryRecord> records) {
        List<Provenance.Statement> all = statements.documents(run.id(), records);
        if (!all.isEmpty()) {
            Optional<Signer> with = signer.get();
            all.forEach(statement -> store.create(statement.key(), statement.envelope(with)));
        }
    }
}
