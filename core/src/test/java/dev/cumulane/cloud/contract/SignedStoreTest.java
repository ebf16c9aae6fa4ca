// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud.contract;

import dev.cumulane.cloud.ArtifactStore;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;

/** The contract on a right store of our own. */
class SignedStoreTest extends CheckedRequestsContract {
    private volatile Instant now = Instant.parse("2026-11-23T12:00:00Z");
    private final SignedStore store = tried(new SignedStore(() -> now, SignedStore.Words.S3));

    /** What the contract is tried on, of a right store. */
    SignedStore tried(SignedStore right) {
        return right;
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Override
    protected ArtifactStore store() {
        return store;
    }

    @Override
    protected void advance(Duration by) {
        now = now.plus(by);
    }
}
