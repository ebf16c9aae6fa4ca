// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.artifacts;

import com.azure.core.util.BinaryData;
import dev.cumulane.azure.emulator.Azurite;
import dev.cumulane.azure.emulator.DisturbedStorage;
import dev.cumulane.azure.emulator.Emulators;
import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.contract.ArtifactStoreContract;
import dev.cumulane.pipeline.Digest;
import java.time.InstantSource;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The contract on Azurite, behind a network that disturbs every tenth request. */
final class BlobArtifactStoreContractTest extends ArtifactStoreContract {
    @RegisterExtension
    static final DisturbedStorage STORAGE = new DisturbedStorage(Azurite.Service.BLOB);

    private final ArtifactStore store = another();

    @Override
    protected ArtifactStore store() {
        return store;
    }

    @Override
    protected ArtifactStore another() {
        return new BlobArtifactStore(() -> STORAGE.clients().blobs(), Emulators.NAMES, InstantSource.system());
    }

    @Override
    protected void damage(Digest digest, byte[] bytes) {
        STORAGE.undisturbed()
                .blobs()
                .getBlobContainerClient(Emulators.NAMES.container())
                .getBlobClient(BlobArtifactStore.OBJECTS + digest.hex())
                .upload(BinaryData.fromBytes(bytes), true);
    }
}
