// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** A pipeline: an immutable value, defined in Java, the same wherever it runs. */
public final class Pipeline {
    private final Plan plan;
    private final SortedMap<String, Class<? extends FunctionStage>> functions;

    private final SortedMap<String, Pipeline> children;

    private Pipeline(
            Plan plan,
            SortedMap<String, Class<? extends FunctionStage>> functions,
            SortedMap<String, Pipeline> children) {
        this.plan = plan;
        this.functions = functions;
        this.children = children;
    }

    /**
     * Defines a pipeline. The lambda runs once, here.
     *
     * @param name the pipeline's name: lower-case letters, digits and hyphens, at most 40 characters
     * @param body says what the stages are
     * @return the pipeline
     * @throws IllegalArgumentException for a mistake in the definition, naming the value and the valid choices
     */
    public static Pipeline define(String name, Consumer<PipelineDefinition> body) {
        PipelineDefinition definition = new PipelineDefinition(name);
        body.accept(definition);
        return new Pipeline(
                definition.compile(),
                Collections.unmodifiableSortedMap(new TreeMap<>(definition.functions())),
                definition.children());
    }

    /**
     * The pipeline's name.
     *
     * @return the name
     */
    public String name() {
        return plan.pipeline();
    }

    /**
     * What it compiles to.
     *
     * @return the plan, without the digest of its code
     */
    public Plan plan() {
        return plan;
    }

    /**
     * The classes of its function stages.
     *
     * @return class name to class
     */
    public SortedMap<String, Class<? extends FunctionStage>> functions() {
        return functions;
    }

    /**
     * The pipelines that its stages run.
     *
     * @return name of the stage to pipeline
     */
    public SortedMap<String, Pipeline> children() {
        return children;
    }
}
