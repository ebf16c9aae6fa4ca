// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

/**
 * A place to deploy to: a name here, bound to something real in the cloud.
 *
 * @param name the environment's name
 */
public record Environment(String name) {
    /** The installation that runs the pipeline, for {@link PipelineDefinition#updateSelf}; nothing else is called so. */
    public static final Environment ITSELF = new Environment("cumulane");

    /** Refuses a name that is not usable. */
    public Environment {
        Names.check("environment", name);
    }

    /**
     * The environment of this name.
     *
     * @param name the environment's name
     * @return the environment
     */
    public static Environment environment(String name) {
        return new Environment(name);
    }
}
