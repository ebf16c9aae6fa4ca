// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.deliveries;

import dev.cumulane.aws.client.AwsService;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.pipeline.Digest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.function.Supplier;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The bucket that a pipeline reads releases from. It keeps every version, and an execution is told which one it reads, so none is overwritten.
 *
 * @param client gives the client of S3
 * @param source the object
 */
record SourceBucket(Supplier<S3Client> client, PipelineEnvironment.Source source) {
    /**
     * Puts a package there.
     *
     * @return the version of the object that it is
     * @throws CloudException permanent, if the bucket keeps no versions
     */
    String put(byte[] zip) {
        String sha256 = Base64.getEncoder()
                .encodeToString(HexFormat.of().parseHex(Digest.of(zip).hex()));
        String version = new AwsService("S3", "bucket " + source.bucket())
                .call(
                        "store " + source.key(),
                        () -> client.get()
                                .putObject(
                                        request -> request.bucket(source.bucket())
                                                .key(source.key())
                                                .checksumSHA256(sha256)
                                                .contentType("application/zip"),
                                        RequestBody.fromBytes(zip)))
                .versionId();
        if (version == null || version.equals("null")) {
            throw CloudException.permanent(
                    "S3", "bucket " + source.bucket() + " keeps no versions; CodePipeline reads from one that does");
        }
        return version;
    }
}
