// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.artifacts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.RequestSigner;
import dev.cumulane.cloud.SignedRequest;
import dev.cumulane.cloud.contract.MovedClock;
import dev.cumulane.cloud.contract.SignedRequestsContract;
import dev.cumulane.gcp.client.GcpClients;
import dev.cumulane.gcp.client.GcpNames;
import dev.cumulane.gcp.emulator.Emulators;
import dev.cumulane.gcp.fake.FakeCloudStorage;
import dev.cumulane.gcp.fake.FakeIam;
import dev.cumulane.pipeline.Digest;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The contract on a Cloud Storage that checks signatures, conditions and sizes. It knows no sha-256, as the real one does not. */
final class CloudStorageSignedRequestsContractTest extends SignedRequestsContract {
    private final MovedClock clock = new MovedClock();
    private final FakeCloudStorage storage = new FakeCloudStorage(clock);
    private final FakeIam iam = new FakeIam();
    private final GcpNames names = Emulators.names();
    private final GcpClients clients =
            Emulators.clients(Map.of("storage", storage.endpoint(), "iamcredentials", iam.endpoint()));
    private final ArtifactStore store = new CloudStorageArtifactStore(
            () -> clients.api("storage"),
            names,
            new IamSigner(() -> clients.api("iamcredentials"), () -> names.serviceAccount("ingress")),
            clock);

    @BeforeEach
    void create() {
        storage.create(names.bucket());
    }

    @AfterEach
    void close() {
        storage.close();
        iam.close();
    }

    @Override
    protected ArtifactStore store() {
        return store;
    }

    @Override
    protected void advance(Duration by) {
        clock.move(by);
    }

    @Test
    void condition_and_size_are_among_the_signed_headers() {
        SignedRequest put = signing().put(Digest.of(new byte[] {1}), 1, RequestSigner.LIFE);

        assertThat(put.uri().getQuery())
                .contains("X-Goog-SignedHeaders=host;x-goog-content-length-range;x-goog-if-generation-match")
                .contains(
                        "X-Goog-Credential=" + names.serviceAccount("ingress") + "/20261123/auto/storage/goog4_request")
                .contains("X-Goog-Expires=900");
        assertThat(put.headers())
                .isEqualTo(Map.of("x-goog-content-length-range", "1,1", "x-goog-if-generation-match", "0"));
    }

    @Test
    void a_body_of_another_size_leaves_no_object() throws Exception {
        byte[] longer = {1, 2, 3};
        SignedRequest put = signing().put(Digest.of(longer), 2, RequestSigner.LIFE);

        assertThat(sent(put, longer)).isEqualTo(400);
        assertThat(sent(put, new byte[] {1})).isEqualTo(400);

        assertThat(store.has(Digest.of(longer))).isFalse();
    }

    @Test
    void a_signature_costs_one_call_and_no_other() {
        var unused = signing().get(Digest.of(new byte[0]), RequestSigner.LIFE);

        assertThat(iam.requests())
                .containsExactly("POST /v1/projects/-/serviceAccounts/" + names.namespace()
                        + "-ingress%40test-project.iam.gserviceaccount.com:signBlob");
        assertThat(storage.requests()).isEmpty();
    }

    private RequestSigner signing() {
        return store.signer().orElseThrow();
    }

    private static int sent(SignedRequest request, byte[] body) throws IOException, InterruptedException {
        HttpRequest.Builder http = HttpRequest.newBuilder(request.uri())
                .method(request.method(), HttpRequest.BodyPublishers.ofByteArray(body));
        request.headers().forEach(http::setHeader);
        return HttpClient.newHttpClient()
                .send(http.build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }
}
