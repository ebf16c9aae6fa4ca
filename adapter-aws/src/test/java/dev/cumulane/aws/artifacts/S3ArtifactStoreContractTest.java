// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.artifacts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.aws.client.AwsClients;
import dev.cumulane.aws.emulator.Emulators;
import dev.cumulane.aws.emulator.FaultProxy;
import dev.cumulane.aws.emulator.Moto;
import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.contract.ArtifactStoreContract;
import dev.cumulane.pipeline.Digest;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.core.sync.RequestBody;

/** The contract on moto's S3, behind a network that disturbs every tenth request. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class S3ArtifactStoreContractTest extends ArtifactStoreContract {
    private static final long SEED = 20261123;

    private final FaultProxy proxy = FaultProxy.before(Moto.endpoint(), 0.1, SEED);
    private final AwsClients clients = Emulators.clients(Map.of("s3", proxy.endpoint()));
    private final AwsClients undisturbed = Emulators.clients(Map.of("s3", Moto.endpoint()));
    private String bucket = "";
    private ArtifactStore store = another();

    @BeforeEach
    void create() {
        bucket = Moto.name("artifacts");
        undisturbed
                .s3()
                .createBucket(request -> request.bucket(bucket)
                        .createBucketConfiguration(where -> where.locationConstraint(Emulators.REGION.id())));
        store = another();
    }

    @AfterAll
    void closeAndCount() {
        clients.close();
        undisturbed.close();
        proxy.close();
        System.out.println("faults before S3: " + proxy.counts());
        assertThat(proxy.counts()).as("faults of seed %s", SEED).containsOnlyKeys(FaultProxy.Fault.values());
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
        undisturbed
                .s3()
                .putObject(
                        request -> request.bucket(bucket).key(S3ArtifactStore.OBJECTS + digest.hex()),
                        RequestBody.fromBytes(bytes));
    }
}
