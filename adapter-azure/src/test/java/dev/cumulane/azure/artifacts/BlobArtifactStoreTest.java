// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.artifacts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.azure.core.util.BinaryData;
import dev.cumulane.azure.client.AzureNames;
import dev.cumulane.azure.emulator.Azurite;
import dev.cumulane.azure.emulator.CountedCalls;
import dev.cumulane.azure.emulator.Emulators;
import dev.cumulane.azure.emulator.Storage;
import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.RequestSigner;
import dev.cumulane.cloud.contract.FaultProxy.Fault;
import dev.cumulane.cloud.contract.MovedClock;
import dev.cumulane.cloud.contract.Scripted;
import dev.cumulane.pipeline.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is Blob storage's own: blocks, the key that signs, and what is said when something is missing. */
final class BlobArtifactStoreTest {
    private static final int PIECE = 100_000;
    private static final String KEY = "claims/shop-0k3v9q2m7xw4b1ce/build/1";

    private final MovedClock clock = new MovedClock();
    private final CountedCalls calls = new CountedCalls();

    @RegisterExtension
    final Storage storage = new Storage(0, 0);

    private final ArtifactStore store =
            new BlobArtifactStore(storage.clients(calls)::blobs, Emulators.NAMES, clock, PIECE);

    @Test
    void a_small_object_is_one_request_also_when_it_is_there_already() {
        store.put("hello".getBytes(UTF_8));
        store.put("hello".getBytes(UTF_8));

        assertThat(calls.calls()).isEqualTo(Map.of("PUT artifacts", 2));
    }

    @Test
    void a_key_is_read_with_one_request() {
        store.create(KEY, "mine".getBytes(UTF_8));
        calls.reset();

        assertThat(store.read(KEY)).isPresent();

        assertThat(calls.calls()).isEqualTo(Map.of("GET artifacts", 1));
    }

    @Test
    void a_large_object_goes_up_in_blocks_and_only_once() throws IOException {
        byte[] large = random(2 * PIECE + 1000);

        Digest digest = store.put(large);
        assertThat(calls.calls()).isEqualTo(Map.of("HEAD artifacts", 1, "PUT artifacts", 4));
        Digest again = store.put(large);

        assertThat(again).isEqualTo(digest).isEqualTo(Digest.of(large));
        assertThat(calls.calls()).isEqualTo(Map.of("HEAD artifacts", 2, "PUT artifacts", 4));
        try (InputStream in = store.open(digest).orElseThrow()) {
            assertThat(in.readAllBytes()).isEqualTo(large);
        }
    }

    @Test
    void a_large_object_whose_commit_lost_its_answer_is_stored() throws IOException {
        byte[] large = random(PIECE + 1);
        storage.proxy(Azurite.Service.BLOB).next(1, "comp=blocklist", Fault.LOST_ANSWER);

        Digest digest = store.put(large);

        assertThat(storage.proxy(Azurite.Service.BLOB).counts()).containsEntry(Fault.LOST_ANSWER, 1);
        try (InputStream in = store.open(digest).orElseThrow()) {
            assertThat(in.readAllBytes()).isEqualTo(large);
        }
    }

    @Test
    void a_large_object_that_changes_while_it_is_stored_is_not_stored() {
        byte[] large = random(PIECE + 10);
        AtomicInteger opened = new AtomicInteger();

        assertThatExceptionOfType(CloudException.class)
                .isThrownBy(() -> store.put(() -> {
                    large[0] = (byte) opened.getAndIncrement();
                    return new ByteArrayInputStream(large.clone());
                }))
                .withMessageContaining("changed while they were stored");

        assertThat(storage.undisturbed()
                        .blobs()
                        .getBlobContainerClient(Emulators.NAMES.container())
                        .listBlobs())
                .isEmpty();
    }

    @Test
    void a_key_that_somebody_made_too_large_is_refused_and_not_fetched_to_its_end() {
        storage.undisturbed()
                .blobs()
                .getBlobContainerClient(Emulators.NAMES.container())
                .getBlobClient(KEY)
                .upload(BinaryData.fromBytes(new byte[5_000_000]));

        assertThatExceptionOfType(CloudException.class)
                .isThrownBy(() -> store.read(KEY))
                .withMessageContaining("holds more than 262144 bytes")
                .satisfies(e -> assertThat(e.retryable()).isFalse());

        assertThat(calls.calls()).isEqualTo(Map.of("GET artifacts", 1));
    }

    @Test
    void the_key_that_signs_is_fetched_once_a_day() {
        RequestSigner signer = store.signer().orElseThrow();
        signer.read(KEY, RequestSigner.LIFE);
        signer.read(KEY, RequestSigner.LIFE);
        clock.move(Duration.ofHours(21));
        signer.read(KEY, RequestSigner.LIFE);

        assertThat(calls.calls()).isEqualTo(Map.of("POST ", 1));

        clock.move(Duration.ofHours(1));
        signer.read(KEY, RequestSigner.LIFE);
        assertThat(calls.calls()).isEqualTo(Map.of("POST ", 2));
    }

    @Test
    void what_may_not_be_read_is_not_taken_for_absent() {
        try (Scripted closed = new Scripted()
                .then(
                        403,
                        "<?xml version=\"1.0\"?><Error><Code>AuthorizationPermissionMismatch</Code><Message>no</Message></Error>")) {
            var clients = Emulators.clients(Map.of("blob", closed.endpoint().resolve("/account1")));
            ArtifactStore refused = new BlobArtifactStore(clients::blobs, Emulators.NAMES, clock);

            assertThatExceptionOfType(CloudException.class)
                    .isThrownBy(() -> refused.read(KEY))
                    .withMessageContaining("read key " + KEY)
                    .satisfies(e -> assertThat(e.retryable()).isFalse());
            assertThatExceptionOfType(CloudException.class)
                    .isThrownBy(() -> refused.has(Digest.of(new byte[0])))
                    .satisfies(e -> assertThat(e.retryable()).isFalse());
        }
    }

    @Test
    void a_container_that_is_missing_is_named_with_the_command_that_installs_it() {
        storage.undisturbed().blobs().deleteBlobContainer(Emulators.NAMES.container());

        assertThatExceptionOfType(CloudException.class)
                .isThrownBy(() -> store.create(KEY, new byte[] {1}))
                .withMessageContaining("container artifacts of shop-ci in shop is missing")
                .withMessageContaining(AzureNames.INSTALL);
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(1).nextBytes(bytes);
        return bytes;
    }
}
