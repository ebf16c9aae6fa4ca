// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

/** An artifact of a stage, to be read by other stages of the same pipeline: using it is the edge. */
public final class ArtifactHandle implements Readable {
    private final PipelineDefinition owner;
    private final Artifact.File artifact;

    ArtifactHandle(PipelineDefinition owner, Artifact.File artifact) {
        this.owner = owner;
        this.artifact = artifact;
    }

    PipelineDefinition owner() {
        return owner;
    }

    Artifact.File artifact() {
        return artifact;
    }
}
