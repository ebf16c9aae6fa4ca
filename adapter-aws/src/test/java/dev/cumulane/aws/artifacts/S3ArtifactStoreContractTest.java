// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.artifacts;

import dev.cumulane.aws.client.AwsClients;
import dev.cumulane.aws.emulator.Disturbed;
import dev.cumulane.aws.emulator.Emulators;
import dev.cumulane.aws.emulator.Moto;
import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.contract.ArtifactStoreContract;
import dev.cumulane.pipeline.Digest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.core.sync.RequestBody;

/** The contract on moto's S3, behind a network that disturbs every tenth request. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class S3ArtifactStoreContractTest extends ArtifactStoreContract {
    private static final long SEED = 20261123;

    private final Disturbed network = Disturbed.before(Moto.endpoint(), "s3", SEED);
    private final AwsClients clients = network.clients();
    private String bucket = "";
    private ArtifactStore store = another();

    @BeforeEach
    void create() {
        bucket = Moto.bucket(network.undisturbed().s3());
        store = another();
    }

    @AfterAll
    void closeAndCount() {
        network.closeAndCount("S3");
    }

    @Override
    protected ArtifactStore store() {
        return store;
    }

    @Override
    protected ArtifactStore another() {
        return new S3ArtifactStore(clients::s3, clients::s3Presigner, () -> bucket, Emulators.REGION.id());
    }

    @Override
    protected void damage(Digest digest, byte[] bytes) {
        network.undisturbed()
                .s3()
                .putObject(
                        request -> request.bucket(bucket).key(S3ArtifactStore.OBJECTS + digest.hex()),
                        RequestBody.fromBytes(bytes));
    }
}
