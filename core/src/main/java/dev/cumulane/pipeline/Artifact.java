// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

/** Something that a stage writes and others read, as the plan says it. */
public sealed interface Artifact extends Input permits Artifact.File {
    /**
     * The stage that writes it.
     *
     * @return the stage's name
     */
    String stage();

    /**
     * What its stage calls it.
     *
     * @return the artifact's name
     */
    String name();

    /**
     * A file or a directory of the workspace.
     *
     * @param stage the stage that writes it
     * @param name what its stage calls it
     * @param path where it lies, relative to the workspace, with slashes
     */
    record File(String stage, String name, String path) implements Artifact {}
}
