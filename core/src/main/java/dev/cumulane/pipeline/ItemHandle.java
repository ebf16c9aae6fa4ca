// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

/**
 * An item of a list, whichever it will be, while the stage that runs for each is being defined. It may be any line of text that a build made up, and comes to the stage as
 * an environment variable.
 */
public final class ItemHandle implements Provided {
    private final PipelineDefinition owner;
    private final String name;
    private final Input.Handed list;

    ItemHandle(PipelineDefinition owner, String name, Input.Handed list) {
        this.owner = owner;
        this.name = name;
        this.list = list;
    }

    /**
     * The name for the stage that runs for each item; in a run, its cells have this name, a hyphen and their numbers.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    PipelineDefinition owner() {
        return owner;
    }

    Input.Handed list() {
        return list;
    }

    Value.Item inPlan() {
        return new Value.Item(list.stage(), list.name(), 0);
    }

    @Override
    public String toString() {
        return "an item of '" + list.name() + "' of stage '" + list.stage() + "'";
    }
}
