// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.artifacts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.azure.emulator.Emulators;
import dev.cumulane.azure.emulator.Storage;
import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.RequestSigner;
import dev.cumulane.cloud.SignedRequest;
import dev.cumulane.cloud.contract.Awaiting;
import dev.cumulane.cloud.contract.SignedRequestsContract;
import dev.cumulane.pipeline.Digest;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The contract on Azurite, which checks signatures, permissions and times by a clock that nobody moves: ours is slow instead. It checks no bodies, as Blob storage does not. */
final class BlobSignedRequestsContractTest extends SignedRequestsContract {
    private static final Duration SLOW = Duration.ofSeconds(57);

    private final InstantSource clock = () -> Instant.now().minus(SLOW);

    @RegisterExtension
    final Storage storage = new Storage(0, 0);

    private final ArtifactStore store = new BlobArtifactStore(storage.clients()::blobs, Emulators.NAMES, clock);

    @Override
    protected ArtifactStore store() {
        return store;
    }

    /** What was signed just now for a minute is over in some seconds. */
    @Override
    protected void advance(Duration by) {
        Instant until = clock.instant().plus(by);
        try {
            Awaiting.until("the request is over", () -> Instant.now().isAfter(until));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Override
    protected URI reach(URI signed) {
        return Emulators.insecure(signed);
    }

    @Test
    void what_is_signed_may_create_or_read_alone_by_a_key_of_this_identity_and_over_tls() {
        RequestSigner signer = store.signer().orElseThrow();
        SignedRequest put = signer.put(Digest.of(new byte[] {1}), 1, RequestSigner.LIFE);
        SignedRequest read = signer.read("claims/shop-0k3v9q2m7xw4b1ce/build/1", RequestSigner.LIFE);

        assertThat(put.uri().getQuery()).contains("sp=c&", "spr=https", "sr=b", "skoid=", "sks=b");
        assertThat(put.headers()).isEqualTo(Map.of("if-none-match", "*", "x-ms-blob-type", "BlockBlob"));
        assertThat(read.uri().getQuery()).contains("sp=r&", "spr=https");
    }
}
