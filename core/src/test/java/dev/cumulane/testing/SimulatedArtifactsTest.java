// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.testing;

import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.contract.ArtifactStoreContract;
import dev.cumulane.pipeline.Digest;

class SimulatedArtifactsTest extends ArtifactStoreContract {
    private final SimulatedCloud cloud = SimulatedCloud.of();

    @Override
    protected ArtifactStore store() {
        return cloud.artifacts();
    }

    @Override
    protected ArtifactStore another() {
        return cloud.artifacts();
    }

    @Override
    protected void damage(Digest digest, byte[] bytes) {
        cloud.damage(digest, bytes);
    }
}
