// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

/** The repository at the run's commit, to be read by stages of the pipeline that gave it. */
public final class SourceHandle implements Readable {
    private final PipelineDefinition owner;

    SourceHandle(PipelineDefinition owner) {
        this.owner = owner;
    }

    PipelineDefinition owner() {
        return owner;
    }
}
