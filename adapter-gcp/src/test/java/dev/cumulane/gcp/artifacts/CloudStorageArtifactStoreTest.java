// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.artifacts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.contract.Scripted;
import dev.cumulane.gcp.client.GcpClients;
import dev.cumulane.gcp.client.GcpNames;
import dev.cumulane.gcp.emulator.CountedCalls;
import dev.cumulane.gcp.emulator.Emulators;
import dev.cumulane.gcp.fake.FakeCloudStorage;
import dev.cumulane.pipeline.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.InstantSource;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is Cloud Storage's own: what a call costs, large objects, and what is said when something is missing. */
final class CloudStorageArtifactStoreTest {
    private static final int LARGE = 9 * 1024 * 1024;

    private final FakeCloudStorage storage = new FakeCloudStorage(InstantSource.system());
    private final CountedCalls calls = new CountedCalls();
    private final GcpNames names = Emulators.names();
    private final ArtifactStore store = at(storage.endpoint());

    @BeforeEach
    void create() {
        storage.create(names.bucket());
    }

    @AfterEach
    void close() {
        storage.close();
    }

    @Test
    void a_small_object_is_one_request_also_when_it_is_there_already() {
        byte[] bytes = "hello".getBytes(UTF_8);

        store.put(bytes);
        store.put(bytes);

        assertThat(calls.calls()).isEqualTo(Map.of("storage.put", 2));
    }

    @Test
    void a_large_object_goes_up_in_one_request_and_only_once() throws IOException {
        byte[] large = new byte[LARGE];
        new Random(1).nextBytes(large);

        Digest digest = store.put(large);
        Digest again = store.put(large);

        assertThat(again).isEqualTo(digest).isEqualTo(Digest.of(large));
        assertThat(calls.calls()).isEqualTo(Map.of("storage.head", 2, "storage.put", 1));
        try (InputStream in = store.open(digest).orElseThrow()) {
            assertThat(in.readAllBytes()).isEqualTo(large);
        }
    }

    @Test
    void a_large_object_that_changes_while_it_is_stored_is_not_stored() {
        byte[] large = new byte[LARGE];
        AtomicInteger opened = new AtomicInteger();

        assertThatExceptionOfType(CloudException.class)
                .isThrownBy(() -> store.put(() -> {
                    large[0] = (byte) opened.getAndIncrement();
                    return new ByteArrayInputStream(large.clone());
                }))
                .withMessageContaining("changed while they were stored")
                .satisfies(e -> assertThat(e.retryable()).isFalse());

        large[0] = 0;
        assertThat(storage.has(
                        names.bucket(),
                        CloudStorageArtifactStore.OBJECTS + Digest.of(large).hex()))
                .isFalse();
    }

    @Test
    void what_may_not_be_read_is_not_taken_for_absent() {
        String denied = "<Error><Code>AccessDenied</Code><Message>no storage.objects.get</Message></Error>";
        try (Scripted closed = new Scripted().then(403, denied)) {
            ArtifactStore refused = at(closed.endpoint());

            assertThatExceptionOfType(CloudException.class)
                    .isThrownBy(() -> refused.read("claims/x/build/1"))
                    .withMessageContaining("AccessDenied: no storage.objects.get")
                    .satisfies(e -> assertThat(e.retryable()).isFalse());
            assertThatExceptionOfType(CloudException.class)
                    .isThrownBy(() -> refused.has(Digest.of(new byte[0])))
                    .satisfies(e -> assertThat(e.retryable()).isFalse());
        }
    }

    @Test
    void a_store_that_is_down_is_asked_four_times_and_may_come_back() {
        try (Scripted down = new Scripted().then(503, "")) {
            assertThatExceptionOfType(CloudException.class)
                    .isThrownBy(() -> at(down.endpoint()).create("claims/x/build/1", new byte[] {1}))
                    .satisfies(e -> assertThat(e.retryable()).isTrue());

            assertThat(down.requests()).hasSize(4);
        }
    }

    @Test
    void a_bucket_that_is_missing_is_named_with_the_command_that_installs_it() {
        try (FakeCloudStorage empty = new FakeCloudStorage(InstantSource.system())) {
            ArtifactStore lost = at(empty.endpoint());

            assertThatExceptionOfType(CloudException.class)
                    .isThrownBy(() -> lost.create("claims/x/build/1", new byte[] {1}))
                    .withMessageContaining("bucket " + names.bucket() + " is missing")
                    .withMessageContaining(GcpNames.INSTALL);
            assertThatExceptionOfType(CloudException.class)
                    .isThrownBy(() -> lost.read("claims/x/build/1"))
                    .withMessageContaining(GcpNames.INSTALL);
        }
    }

    private ArtifactStore at(URI endpoint) {
        GcpClients clients = Emulators.clients(Map.of("*", endpoint), calls);
        return new CloudStorageArtifactStore(
                () -> clients.api("storage"),
                names,
                new IamSigner(() -> clients.api("iamcredentials"), () -> names.serviceAccount("ingress")),
                InstantSource.system());
    }
}
