// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.deliveries;

import java.util.Optional;

/** What an environment can be bound to; given to the lambda of {@code Gcp.environment}. Immutable. */
public final class EnvironmentChoice {
    /** In the project and region of this installation. */
    public static final EnvironmentChoice HERE = new EnvironmentChoice();

    private EnvironmentChoice() {}

    /**
     * A function of Cloud Functions, 2nd generation.
     *
     * @param name the function's name
     * @return the binding
     */
    public FunctionEnvironment function(String name) {
        return new FunctionEnvironment(name, Optional.empty());
    }

    /**
     * A delivery pipeline of Cloud Deploy that takes the release over; say to which target.
     *
     * @param name the delivery pipeline's name
     * @return to which target
     */
    public PipelineEnvironment.Untargeted cloudDeploy(String name) {
        return new PipelineEnvironment.Untargeted(name);
    }
}
