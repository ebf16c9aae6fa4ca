// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.artifacts;

import com.azure.core.util.BinaryData;
import dev.cumulane.azure.client.AzureClients;
import dev.cumulane.azure.emulator.Azurite;
import dev.cumulane.azure.emulator.Emulators;
import dev.cumulane.azure.emulator.FaultCount;
import dev.cumulane.azure.emulator.Storage;
import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.contract.ArtifactStoreContract;
import dev.cumulane.pipeline.Digest;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/** The contract on Azurite, behind a network that disturbs every tenth request. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BlobArtifactStoreContractTest extends ArtifactStoreContract {
    private final FaultCount faults = new FaultCount("Blob storage", Azurite.Service.BLOB);
    private Storage storage;
    private AzureClients clients;
    private ArtifactStore store;

    @BeforeEach
    void create() {
        storage = faults.storage().install();
        clients = storage.clients();
        store = another();
    }

    @AfterEach
    void close() {
        faults.closeAndCount(storage);
    }

    @AfterAll
    void allFaultsHappened() {
        faults.assertAll();
    }

    @Override
    protected ArtifactStore store() {
        return store;
    }

    @Override
    protected ArtifactStore another() {
        return new BlobArtifactStore(clients::blobs, Emulators.NAMES, InstantSource.system());
    }

    @Override
    protected void damage(Digest digest, byte[] bytes) {
        storage.undisturbed()
                .blobs()
                .getBlobContainerClient(Emulators.NAMES.container())
                .getBlobClient(BlobArtifactStore.OBJECTS + digest.hex())
                .upload(BinaryData.fromBytes(bytes), true);
    }
}
