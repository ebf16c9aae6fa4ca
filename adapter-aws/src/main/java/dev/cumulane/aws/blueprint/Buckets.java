// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.blueprint;

import dev.cumulane.aws.client.AwsClients;
import dev.cumulane.aws.client.AwsService;
import dev.cumulane.cloud.CloudException;
import java.nio.file.Path;
import java.util.List;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;
import software.amazon.awssdk.services.s3.model.BucketLocationConstraint;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CreateBucketRequest;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** The buckets that an installation needs before there is a stack, or leaves behind after it. */
final class Buckets {
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;

    private final AwsClients clients;

    Buckets(AwsClients clients) {
        this.clients = clients;
    }

    private static AwsService service(String bucket) {
        return new AwsService("S3", "bucket " + bucket);
    }

    boolean exists(String bucket) {
        return service(bucket).call("look for it", () -> {
            try {
                client().headBucket(request -> request.bucket(bucket));
                return true;
            } catch (S3Exception e) {
                if (e.statusCode() == FORBIDDEN) {
                    throw CloudException.permanent(
                            "S3",
                            "bucket " + bucket
                                    + " is there and not accessible: it is another account's, or rights are missing",
                            e);
                }
                if (e.statusCode() == NOT_FOUND) {
                    return false;
                }
                throw e;
            }
        });
    }

    /** Makes a bucket if there is none. S3 itself keeps new buckets private and encrypts what is in them. */
    void require(String bucket) {
        if (exists(bucket)) {
            return;
        }
        String region = clients.connection().region().id();
        CreateBucketRequest.Builder request = CreateBucketRequest.builder().bucket(bucket);
        if (!region.equals("us-east-1")) {
            request.createBucketConfiguration(
                    each -> each.locationConstraint(BucketLocationConstraint.fromValue(region)));
        }
        service(bucket).call("create it", () -> {
            try {
                client().createBucket(request.build());
            } catch (BucketAlreadyOwnedByYouException e) {
                // The answer to the call before this one was lost.
                return bucket;
            }
            return bucket;
        });
    }

    boolean has(String bucket, String key) {
        return service(bucket).call("look for " + key, () -> {
            try {
                client().headObject(request -> request.bucket(bucket).key(key));
                return true;
            } catch (S3Exception e) {
                if (e.statusCode() == NOT_FOUND) {
                    return false;
                }
                throw e;
            }
        });
    }

    void put(String bucket, String key, Path file) {
        put(bucket, key, RequestBody.fromFile(file));
    }

    void put(String bucket, String key, String text) {
        put(bucket, key, RequestBody.fromString(text));
    }

    private void put(String bucket, String key, RequestBody body) {
        service(bucket)
                .call(
                        "upload " + key,
                        () -> client().putObject(
                                        request -> request.bucket(bucket)
                                                .key(key)
                                                .checksumAlgorithm(ChecksumAlgorithm.SHA256),
                                        body));
    }

    /** The address by which CloudFormation, which has the caller's rights, reads an object. */
    String url(String bucket, String key) {
        return client().utilities()
                .getUrl(request -> request.bucket(bucket).key(key))
                .toString();
    }

    /** Deletes a bucket with all that is in it. */
    void delete(String bucket) {
        service(bucket).call("delete it", () -> {
            try {
                client().listObjectsV2Paginator(request -> request.bucket(bucket)).stream()
                        .map(page -> page.contents().stream()
                                .map(each -> ObjectIdentifier.builder()
                                        .key(each.key())
                                        .build())
                                .toList())
                        .filter(keys -> !keys.isEmpty())
                        .forEach(keys -> delete(bucket, keys));
                client().deleteBucket(request -> request.bucket(bucket));
            } catch (NoSuchBucketException e) {
                // Somebody else deleted it meanwhile, or the answer was lost.
                return bucket;
            }
            return bucket;
        });
    }

    private void delete(String bucket, List<ObjectIdentifier> keys) {
        client()
                .deleteObjects(request ->
                        request.bucket(bucket).delete(all -> all.objects(keys).quiet(true)))
                .errors()
                .stream()
                .findFirst()
                .ifPresent(error -> {
                    throw CloudException.permanent(
                            "S3", "could not delete " + error.key() + " in bucket " + bucket + ": " + error.code());
                });
    }

    private S3Client client() {
        return clients.s3();
    }
}
