// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.artifacts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.cumulane.aws.client.AwsClients;
import dev.cumulane.aws.client.AwsNames;
import dev.cumulane.aws.emulator.CountedCalls;
import dev.cumulane.aws.emulator.Emulators;
import dev.cumulane.aws.emulator.Moto;
import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.contract.Scripted;
import dev.cumulane.pipeline.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is S3's own: parts, answers that mean try again, and what is said when something is missing. */
final class S3ArtifactStoreTest {
    /** S3 takes no smaller part but the last. */
    private static final int SMALLEST_PART = 5 * 1024 * 1024;

    private static final String CONFLICT =
            "<Error><Code>ConditionalRequestConflict</Code><Message>a conflicting operation</Message></Error>";

    private final CountedCalls calls = new CountedCalls();
    private final AwsClients clients = Emulators.clients(Map.of("s3", Moto.endpoint()), calls);
    private String bucket = "";

    @BeforeEach
    void create() {
        bucket = Moto.bucket(clients.s3());
        calls.reset();
    }

    @AfterEach
    void close() {
        clients.close();
    }

    @Test
    void a_small_object_is_one_request_also_when_it_is_there_already() {
        byte[] bytes = "hello".getBytes(UTF_8);

        store().put(bytes);
        store().put(bytes);

        assertThat(calls.calls()).isEqualTo(Map.of("S3.PutObject", 2));
    }

    @Test
    void a_large_object_goes_up_in_parts_and_only_once() throws IOException {
        byte[] large = new byte[2 * SMALLEST_PART + 1000];
        new Random(1).nextBytes(large);

        Digest digest = store().put(large);
        Digest again = store().put(large);

        assertThat(again).isEqualTo(digest).isEqualTo(Digest.of(large));
        assertThat(calls.of("S3.UploadPart")).isEqualTo(3);
        assertThat(calls.of("S3.CompleteMultipartUpload")).isEqualTo(1);
        try (InputStream in = store().open(digest).orElseThrow()) {
            assertThat(in.readAllBytes()).isEqualTo(large);
        }
    }

    @Test
    void a_large_object_that_changes_while_it_is_stored_is_not_stored() {
        byte[] large = new byte[SMALLEST_PART + 10];
        AtomicInteger opened = new AtomicInteger();

        assertThatExceptionOfType(CloudException.class)
                .isThrownBy(() -> store().put(() -> {
                    large[0] = (byte) opened.getAndIncrement();
                    return new ByteArrayInputStream(large.clone());
                }))
                .withMessageContaining("changed while they were stored");

        assertThat(calls.of("S3.AbortMultipartUpload")).isEqualTo(1);
        assertThat(clients.s3().listObjectsV2(request -> request.bucket(bucket)).contents())
                .isEmpty();
    }

    @Test
    void a_writer_that_meets_another_one_tries_again() {
        try (Scripted busy =
                        new Scripted().then(409, CONFLICT).then(409, CONFLICT).then(200, "");
                AwsClients scripted = Emulators.clients(Map.of("s3", busy.endpoint()))) {
            new S3ArtifactStore(scripted::s3, scripted::s3Presigner, () -> "b-1", "eu-west-1")
                    .create("claims/x/build/1", new byte[] {1});

            assertThat(busy.requests()).hasSize(3).containsOnly("PUT /b-1/claims/x/build/1");
        }
    }

    @Test
    void a_writer_that_meets_others_for_ever_says_that_it_may_pass() {
        try (Scripted busy = new Scripted().then(409, CONFLICT);
                AwsClients scripted = Emulators.clients(Map.of("s3", busy.endpoint()))) {
            ArtifactStore store = new S3ArtifactStore(scripted::s3, scripted::s3Presigner, () -> "b-1", "eu-west-1");

            assertThatExceptionOfType(CloudException.class)
                    .isThrownBy(() -> store.create("claims/x/build/1", new byte[] {1}))
                    .satisfies(e -> assertThat(e.retryable()).isTrue());
        }
    }

    @Test
    void what_may_not_be_read_is_not_taken_for_absent() {
        String denied = "<Error><Code>AccessDenied</Code><Message>no s3:GetObject</Message></Error>";
        try (Scripted closed = new Scripted().then(403, denied);
                AwsClients scripted = Emulators.clients(Map.of("s3", closed.endpoint()))) {
            ArtifactStore store = new S3ArtifactStore(scripted::s3, scripted::s3Presigner, () -> "b-1", "eu-west-1");

            assertThatExceptionOfType(CloudException.class)
                    .isThrownBy(() -> store.read("claims/x/build/1"))
                    .withMessageContaining("AccessDenied: no s3:GetObject")
                    .satisfies(e -> assertThat(e.retryable()).isFalse());
            assertThatExceptionOfType(CloudException.class)
                    .isThrownBy(() -> store.has(Digest.of(new byte[0])))
                    .satisfies(e -> assertThat(e.retryable()).isFalse());
        }
    }

    @Test
    void a_bucket_that_is_missing_is_named_with_the_command_that_installs_it() {
        ArtifactStore lost =
                new S3ArtifactStore(clients::s3, clients::s3Presigner, () -> "nobodys-bucket", "eu-west-1");

        assertThatExceptionOfType(CloudException.class)
                .isThrownBy(() -> lost.create("claims/x/build/1", new byte[] {1}))
                .withMessageContaining("bucket nobodys-bucket in eu-west-1 is missing")
                .withMessageContaining(AwsNames.INSTALL);
    }

    private ArtifactStore store() {
        return new S3ArtifactStore(
                clients::s3, clients::s3Presigner, () -> bucket, Emulators.REGION.id(), SMALLEST_PART);
    }
}
