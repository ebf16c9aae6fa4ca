// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.shell;

import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.internal.codec.Codec;
import dev.cumulane.internal.json.MalformedJsonException;
import dev.cumulane.internal.machine.TakenOver.Taken;
import dev.cumulane.internal.order.OrderKeys;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.pipeline.Stage;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Produced;
import dev.cumulane.run.StageValue;
import java.util.List;
import java.util.Optional;

/**
 * Successes that later runs may take over, each under the digest of all that it depended on. The first one stays. Whatever is not such a success, or names what the
 * store does not have, counts as none.
 */
final class PastSuccesses {
    private final ArtifactStore store;

    PastSuccesses(ArtifactStore store) {
        this.store = store;
    }

    Optional<Taken> find(Digest key, Stage stage) {
        return store.read(OrderKeys.reuse(key)).flatMap(PastSuccesses::parse).filter(past -> isWhole(past, stage));
    }

    void keep(Digest key, Taken success) {
        store.create(OrderKeys.reuse(key), Codec.bytes(success));
    }

    private static Optional<Taken> parse(byte[] bytes) {
        try {
            return Optional.of(Codec.taken(bytes));
        } catch (MalformedJsonException e) {
            return Optional.empty();
        }
    }

    private boolean isWhole(Taken past, Stage stage) {
        List<String> written =
                past.verdict().artifacts().stream().map(Produced::name).sorted().toList();
        return past.verdict().cause() == Cause.COMPLETED
                && written.equals(Results.declared(stage))
                && past.verdict().artifacts().stream().allMatch(one -> store.has(one.digest()))
                && past.verdict().values().values().stream()
                        .allMatch(value -> !(value instanceof StageValue.Stored stored) || store.has(stored.digest()));
    }
}
