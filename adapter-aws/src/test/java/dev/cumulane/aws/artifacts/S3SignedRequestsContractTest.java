// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.artifacts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.aws.client.AwsClients;
import dev.cumulane.aws.emulator.Emulators;
import dev.cumulane.aws.emulator.Moto;
import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.RequestSigner;
import dev.cumulane.cloud.SignedRequest;
import dev.cumulane.cloud.contract.SentRequestsContract;
import dev.cumulane.pipeline.Digest;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The contract on moto, which checks neither signatures nor bodies, and creates a key twice for two who come at once; that the headers which S3 checks are signed is told by the URL. */
final class S3SignedRequestsContractTest extends SentRequestsContract {
    private final AwsClients clients = Emulators.clients(Map.of("s3", Moto.endpoint()));
    private String bucket = "";

    @BeforeEach
    void create() {
        bucket = Moto.bucket(clients.s3());
    }

    @AfterEach
    void close() {
        clients.close();
    }

    @Override
    protected ArtifactStore store() {
        return new S3ArtifactStore(clients::s3, clients::s3Presigner, () -> bucket, Emulators.REGION.id());
    }

    @Test
    void condition_size_and_checksum_are_among_the_signed_headers() {
        RequestSigner signer = store().signer().orElseThrow();
        SignedRequest put = signer.put(Digest.of(new byte[] {1}), 1, RequestSigner.LIFE);
        SignedRequest create = signer.create("claims/shop-0k3v9q2m7xw4b1ce/build/1", 7, RequestSigner.LIFE);

        assertThat(put.uri().getQuery())
                .contains("X-Amz-SignedHeaders=content-length;host;if-none-match;x-amz-checksum-sha256")
                .contains("X-Amz-Expires=900");
        assertThat(put.headers()).containsOnlyKeys("if-none-match", "x-amz-checksum-sha256");
        assertThat(create.uri().getQuery()).contains("X-Amz-SignedHeaders=content-length;host;if-none-match&");
        assertThat(create.headers()).isEqualTo(Map.of("if-none-match", "*"));
    }
}
