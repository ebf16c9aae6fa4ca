// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.artifacts;

import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.contract.ArtifactStoreContract;
import dev.cumulane.gcp.client.GcpNames;
import dev.cumulane.gcp.emulator.Disturbed;
import dev.cumulane.gcp.emulator.Emulators;
import dev.cumulane.gcp.fake.FakeCloudStorage;
import dev.cumulane.pipeline.Digest;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/** The contract on a Cloud Storage that enforces conditions and checksums, behind a network that disturbs every tenth request. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CloudStorageArtifactStoreContractTest extends ArtifactStoreContract {
    private final FakeCloudStorage storage = new FakeCloudStorage(InstantSource.system());
    private final Disturbed network = Disturbed.before(Map.of("storage", storage.endpoint()), 0.1, 20261123);
    private GcpNames names = Emulators.names();

    @BeforeEach
    void create() {
        names = Emulators.names();
        storage.create(names.bucket());
    }

    @AfterAll
    void closeAndCount() {
        network.closeAndCount();
        storage.close();
    }

    @Override
    protected ArtifactStore store() {
        return another();
    }

    @Override
    protected ArtifactStore another() {
        return new CloudStorageArtifactStore(
                () -> network.clients().api("storage"),
                names,
                new IamSigner(() -> network.clients().api("iamcredentials"), () -> names.serviceAccount("ingress")),
                InstantSource.system());
    }

    @Override
    protected void damage(Digest digest, byte[] bytes) {
        storage.damage(names.bucket(), CloudStorageArtifactStore.OBJECTS + digest.hex(), bytes);
    }
}
