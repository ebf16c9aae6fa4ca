// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.deliveries;

import java.util.Optional;

/** What an environment can be bound to; given to the lambda of {@code Azure.environment}. Immutable. */
public final class EnvironmentChoice {
    /** In the resource group of this installation, where nothing else is said. */
    public static final EnvironmentChoice HERE = new EnvironmentChoice();

    private EnvironmentChoice() {}

    /**
     * A container app; say from where its image is pulled.
     *
     * @param name the app's name
     * @return from where
     */
    public ContainerAppEnvironment.Unpulled containerApp(String name) {
        return new ContainerAppEnvironment.Unpulled(name);
    }

    /**
     * A pipeline of the project of Azure DevOps that takes the release over.
     *
     * @param name the pipeline's name
     * @return the binding
     */
    public PipelineEnvironment devOpsPipeline(String name) {
        return new PipelineEnvironment(name, false, Optional.empty());
    }
}
