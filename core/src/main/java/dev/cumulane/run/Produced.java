// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.run;

import dev.cumulane.pipeline.Digest;

/**
 * An artifact that a stage wrote: a gzip-compressed tar archive of the declared path, or of a function stage's output, in the artifact store.
 *
 * @param name the artifact's name in its stage
 * @param digest the sha-256 of the archive
 * @param size the archive's size in bytes
 */
public record Produced(String name, Digest digest, long size) {
    /** Refuses a negative size. */
    public Produced {
        if (size < 0) {
            throw new IllegalArgumentException("size " + size + " of artifact " + name + " is negative");
        }
    }
}
