// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

/** A value of all stages of a group, to be given to other stages of the same pipeline: using it is the edge. */
public final class CollectedValuesHandle implements Provided {
    private final PipelineDefinition owner;
    private final Value.Collected value;

    CollectedValuesHandle(PipelineDefinition owner, Value.Collected value) {
        this.owner = owner;
        this.value = value;
    }

    PipelineDefinition owner() {
        return owner;
    }

    Value.Collected value() {
        return value;
    }
}
