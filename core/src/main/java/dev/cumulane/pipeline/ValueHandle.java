// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

import java.util.List;

/**
 * A value of a stage, to be used by other stages of the same pipeline: using it is the edge.
 *
 * @param <T> what it is in Java
 */
public final class ValueHandle<T> implements Provided {
    private final PipelineDefinition owner;
    private final String stage;
    private final Output<T> output;

    ValueHandle(PipelineDefinition owner, String stage, Output<T> output) {
        this.owner = owner;
        this.stage = stage;
        this.output = output;
    }

    /**
     * It is one of these, as a condition for other stages.
     *
     * @param texts one or more, as the stage hands the value on: {@code 87.5} for a number, {@code true} for a flag, one item a line for a list
     * @return the condition
     */
    public Condition is(String... texts) {
        if (texts.length == 0) {
            throw new IllegalArgumentException("a condition on value '" + output.name() + "' names at least one text");
        }
        return Condition.given(this, List.of(texts));
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
}
