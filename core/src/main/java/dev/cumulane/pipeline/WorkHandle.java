// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

import java.util.List;
import java.util.SortedMap;

/** A build or test stage while its pipeline is being defined. */
public final class WorkHandle extends StageHandle<WorkHandle> {
    private final Work work;
    private final boolean tests;
    private boolean reuse;

    WorkHandle(PipelineDefinition owner, String name, Work work, boolean tests) {
        super(owner, name);
        this.work = work;
        this.tests = tests;
        if (work.runsNothing()) {
            throw new IllegalArgumentException("stage '" + name + "' runs no command; give it one with runs(...)");
        }
        read(work.inputs());
        work.used().forEach(this::use);
    }

    /**
     * Does not run if it succeeded before, in any run of this pipeline, with the same entry in the plan, the same inputs and the same values of its variables: what it
     * wrote and handed on then is taken. Secrets count by their references. The commit counts only if the stage reads the source.
     *
     * @return this stage
     */
    public WorkHandle reuseWhenUnchanged() {
        owner().checkOpen();
        reuse = true;
        return this;
    }

    @Override
    WorkHandle self() {
        return this;
    }

    @Override
    List<Artifact.File> writes() {
        return work.commands(name()).writes();
    }

    @Override
    SortedMap<String, Output<?>> outputs() {
        return work.outputs();
    }

    @Override
    Stage compile(Stage.Needs needs) {
        Stage.Commands commands = work.commands(name());
        return tests
                ? new Stage.Test(name(), needs, commands, work.limits().reusing(reuse))
                : new Stage.Build(name(), needs, commands, work.limits().reusing(reuse));
    }
}
