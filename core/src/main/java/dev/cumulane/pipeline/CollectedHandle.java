// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

/** An artifact of all stages of a group, to be read by other stages of the same pipeline: using it is the edge. */
public final class CollectedHandle implements Readable {
    private final PipelineDefinition owner;
    private final Input.Collected input;

    CollectedHandle(PipelineDefinition owner, Input.Collected input) {
        this.owner = owner;
        this.input = input;
    }

    PipelineDefinition owner() {
        return owner;
    }

    Input.Collected input() {
        return input;
    }
}
