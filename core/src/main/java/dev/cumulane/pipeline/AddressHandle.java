// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

/** Where a deployment answers, to be used as an environment variable of later stages: using it is the edge. */
public final class AddressHandle implements Provided {
    private final PipelineDefinition owner;
    private final String stage;

    AddressHandle(PipelineDefinition owner, String stage) {
        this.owner = owner;
        this.stage = stage;
    }

    PipelineDefinition owner() {
        return owner;
    }

    String stage() {
        return stage;
    }
}
