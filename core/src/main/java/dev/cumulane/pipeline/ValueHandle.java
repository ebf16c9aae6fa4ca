// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

/**
 * A value of a stage, to be used by other stages of the same pipeline: using it is the edge.
 *
 * @param <T> what it is in Java
 */
public final class ValueHandle<T> implements Used {
    private final PipelineDefinition owner;
    private final String stage;
    private final Output<T> output;

    ValueHandle(PipelineDefinition owner, String stage, Output<T> output) {
        this.owner = owner;
        this.stage = stage;
        this.output = output;
    }

    PipelineDefinition owner() {
        return owner;
    }

    String stage() {
        return stage;
    }

    Output<T> output() {
        return output;
    }

    Value.Handed value() {
        return new Value.Handed(stage, output.name());
    }
}
