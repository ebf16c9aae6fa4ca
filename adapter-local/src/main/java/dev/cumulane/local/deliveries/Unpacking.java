// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.deliveries;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.pipeline.Digest;
import java.nio.file.Path;

/** Makes files of an artifact. */
@FunctionalInterface
public interface Unpacking {
    /**
     * Checks an artifact's bytes against its digest and unpacks them. Nothing appears at the directory unless all of it does.
     *
     * @param artifact the artifact
     * @param directory the directory to make
     * @throws CloudException permanent, if the artifact is missing, damaged or refused; retryable, if the disk does not take it
     */
    void unpack(Digest artifact, Path directory);
}
