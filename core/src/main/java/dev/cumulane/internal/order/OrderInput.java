// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.order;

import dev.cumulane.pipeline.Digest;

/**
 * An artifact that an earlier stage wrote.
 *
 * @param stage the stage that wrote it
 * @param name its name there
 * @param path where it lay in that stage's workspace, and lies again when it is unpacked
 * @param into the directory of the workspace in which that path begins; empty for the workspace itself
 * @param digest the sha-256 of its archive
 * @param size the archive's size in bytes
 */
public record OrderInput(String stage, String name, String path, String into, Digest digest, long size) {
    /** Checks the names and the size. */
    public OrderInput {
        Checks.name("stage", stage);
        Checks.name("artifact", name);
        RelativePath.check("input path", path);
        if (!into.isEmpty()) {
            RelativePath.check("an input's directory", into);
        }
        if (size < 0) {
            throw new IllegalArgumentException("size " + size + " of input " + name + " is negative");
        }
    }

    /** An artifact that lies again where it lay. */
    public OrderInput(String stage, String name, String path, Digest digest, long size) {
        this(stage, name, path, "", digest, size);
    }
}
