// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.artifacts;

import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.contract.ArtifactStoreContract;
import dev.cumulane.gcp.client.GcpClients;
import dev.cumulane.gcp.client.GcpNames;
import dev.cumulane.gcp.emulator.Emulators;
import dev.cumulane.gcp.fake.FakeCloudStorage;
import dev.cumulane.pipeline.Digest;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The contract on a Cloud Storage that enforces conditions and checksums. */
final class CloudStorageArtifactStoreContractTest extends ArtifactStoreContract {
    private final FakeCloudStorage storage = new FakeCloudStorage(InstantSource.system());
    private final GcpClients clients = Emulators.clients(Map.of("*", storage.endpoint()));
    private final GcpNames names = Emulators.names();

    @BeforeEach
    void create() {
        storage.create(names.bucket());
    }

    @AfterEach
    void close() {
        storage.close();
    }

    @Override
    protected ArtifactStore store() {
        return another();
    }

    @Override
    protected ArtifactStore another() {
        return new CloudStorageArtifactStore(
                () -> clients.api("storage"),
                names,
                new IamSigner(() -> clients.api("iamcredentials"), () -> names.serviceAccount("ingress")),
                InstantSource.system());
    }

    @Override
    protected void damage(Digest digest, byte[] bytes) {
        storage.damage(names.bucket(), CloudStorageArtifactStore.OBJECTS + digest.hex(), bytes);
    }
}
