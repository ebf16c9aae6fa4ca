// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.artifacts;

import dev.cumulane.aws.client.AwsService;
import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.RequestSigner;
import dev.cumulane.cloud.SignedRequest;
import dev.cumulane.pipeline.Digest;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.presigner.PresignedRequest;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/**
 * Signs requests to the bucket of an {@link S3ArtifactStore}: a PUT's condition, its size and, for an object, its sha-256 are among the signed headers, and S3 refuses a
 * body that is not so. One PUT carries at most 5 GB.
 *
 * <p>A request dies with the credentials that signed it, which for a function's role are renewed long before the 15 minutes that a work order needs. Any thread.
 */
final class S3RequestSigner implements RequestSigner {
    private static final Duration LONGEST_LIFE = Duration.ofHours(1);
    private static final long LARGEST_OBJECT = 5L * 1024 * 1024 * 1024;
    private static final String CACHES = "caches/";

    private final Supplier<S3Presigner> presigner;
    private final Supplier<String> bucket;
    private final AwsService service;

    S3RequestSigner(Supplier<S3Presigner> presigner, Supplier<String> bucket, String region) {
        this.presigner = presigner;
        this.bucket = bucket;
        this.service = new AwsService("S3", "requests to the bucket in " + region);
    }

    @Override
    public SignedRequest get(Digest digest, Duration life) {
        return get(S3ArtifactStore.OBJECTS + digest.hex(), life);
    }

    @Override
    public SignedRequest put(Digest digest, long size, Duration life) {
        requireSize("object " + digest, size, LARGEST_OBJECT);
        return put(
                conditional(S3ArtifactStore.OBJECTS + digest.hex(), size)
                        .checksumSHA256(S3ArtifactStore.base64(digest))
                        .build(),
                life);
    }

    @Override
    public SignedRequest create(String key, long size, Duration life) {
        boolean cached = ArtifactStore.checkKey(key).startsWith(CACHES);
        requireSize("key " + key, size, cached ? LARGEST_OBJECT : ArtifactStore.LARGEST_KEY_VALUE);
        return put(conditional(key, size).build(), life);
    }

    @Override
    public SignedRequest read(String key, Duration life) {
        return get(ArtifactStore.checkKey(key), life);
    }

    private PutObjectRequest.Builder conditional(String key, long size) {
        return PutObjectRequest.builder()
                .bucket(bucket.get())
                .key(key)
                .ifNoneMatch("*")
                .contentLength(size);
    }

    private SignedRequest put(PutObjectRequest request, Duration life) {
        requireLife(life);
        return service.call(
                "sign a request",
                () -> signed(
                        "PUT",
                        presigner
                                .get()
                                .presignPutObject(presign ->
                                        presign.signatureDuration(life).putObjectRequest(request))));
    }

    private SignedRequest get(String key, Duration life) {
        requireLife(life);
        GetObjectRequest request =
                GetObjectRequest.builder().bucket(bucket.get()).key(key).build();
        return service.call(
                "sign a request",
                () -> signed(
                        "GET",
                        presigner
                                .get()
                                .presignGetObject(presign ->
                                        presign.signatureDuration(life).getObjectRequest(request))));
    }

    private static SignedRequest signed(String method, PresignedRequest request) {
        Map<String, String> headers = new TreeMap<>();
        request.signedHeaders().forEach((name, values) -> headers.put(name, String.join(",", values)));
        try {
            return SignedRequest.of(method, request.url().toURI(), headers);
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the SDK has signed a URL that is none", e);
        }
    }

    private static void requireSize(String what, long size, long most) {
        if (size < 0 || size > most) {
            throw new IllegalArgumentException(what + " would have " + size + " bytes; 0 to " + most + " are stored");
        }
    }

    private static void requireLife(Duration life) {
        if (life.isNegative() || life.isZero() || life.compareTo(LONGEST_LIFE) > 0) {
            throw new IllegalArgumentException("a signed request lives at most " + LONGEST_LIFE + ", not " + life);
        }
    }
}
