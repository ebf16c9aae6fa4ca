// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.deliveries;

import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.UnpackedArtifacts;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.Produced;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * What Lambda takes, made of an artifact: a jar or a zip as it is, anything else as a zip of its files. Equal artifacts make equal packages.
 *
 * @param bytes the package
 */
record FunctionPackage(byte[] bytes) {
    /** What Lambda takes in the call itself; a larger package would have to lie in a bucket. */
    private static final int MOST_BYTES = 50 * 1024 * 1024;

    /**
     * Makes the package of an artifact.
     *
     * @throws CloudException permanent, if the artifact is missing, damaged or too large
     */
    static FunctionPackage of(ArtifactStore store, Produced artifact) {
        byte[] bytes = UnpackedArtifacts.make(store, List.of(artifact), files -> files.packed("jar|zip"));
        if (bytes.length > MOST_BYTES) {
            throw CloudException.permanent(
                    "Lambda",
                    "the package of artifact " + artifact.name() + " has " + bytes.length + " bytes; Lambda takes "
                            + MOST_BYTES + " in a call");
        }
        return new FunctionPackage(bytes);
    }

    /** The digest in the form in which Lambda tells it. */
    String codeSha256() {
        return Base64.getEncoder()
                .encodeToString(HexFormat.of().parseHex(Digest.of(bytes).hex()));
    }
}
