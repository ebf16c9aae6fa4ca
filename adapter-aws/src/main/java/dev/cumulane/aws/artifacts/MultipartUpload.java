// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.artifacts;

import dev.cumulane.aws.client.AwsService;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/** One object on its way up in parts, one part in memory at a time. What is given up without being abandoned, the bucket's lifecycle removes. */
final class MultipartUpload {
    private static final Logger LOG = LoggerFactory.getLogger(MultipartUpload.class);
    /** S3 takes 10,000 parts; half of them leave room for a length that was told wrong. */
    private static final int MOST_PARTS = 5_000;

    private final S3Client client;
    private final AwsService service;
    private final String bucket;
    private final String key;
    private final List<CompletedPart> parts = new ArrayList<>();
    private String id = "";

    MultipartUpload(S3Client client, AwsService service, String bucket, String key) {
        this.client = client;
        this.service = service;
        this.bucket = bucket;
        this.key = key;
    }

    /** How large the parts of an object are: as usual, unless there would be too many. */
    static int partSize(long length, int usual) {
        return (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(usual, length / MOST_PARTS + 1));
    }

    void begin(String attempt) {
        id = service.call(
                        attempt,
                        () -> client.createMultipartUpload(request -> request.bucket(bucket)
                                .key(key)
                                .checksumAlgorithm(ChecksumAlgorithm.SHA256)
                                .contentType("application/octet-stream")))
                .uploadId();
    }

    void add(byte[] bytes, String attempt) {
        int number = parts.size() + 1;
        UploadPartResponse stored = service.call(
                attempt,
                () -> client.uploadPart(
                        request -> request.bucket(bucket)
                                .key(key)
                                .uploadId(id)
                                .partNumber(number)
                                .checksumAlgorithm(ChecksumAlgorithm.SHA256),
                        RequestBody.fromBytes(bytes)));
        parts.add(CompletedPart.builder()
                .partNumber(number)
                .eTag(stored.eTag())
                .checksumSHA256(stored.checksumSHA256())
                .build());
    }

    CompleteMultipartUploadResponse complete() {
        return client.completeMultipartUpload(request -> request.bucket(bucket)
                .key(key)
                .uploadId(id)
                .ifNoneMatch("*")
                .multipartUpload(upload -> upload.parts(parts)));
    }

    void abandon() {
        try {
            client.abortMultipartUpload(
                    request -> request.bucket(bucket).key(key).uploadId(id));
        } catch (SdkException e) {
            LOG.debug("upload {} of {} was not abandoned", id, key, e);
        }
    }
}
