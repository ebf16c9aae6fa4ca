// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.deliveries;

import java.util.Optional;

/** A cloud that may hand releases over to pipelines of Azure DevOps. */
public interface HandsOver {
    /**
     * The part of the deliveries that follows such pipelines, for their service hooks.
     *
     * @return the port; empty where no project was named
     */
    Optional<DevOpsDeliveries> handOvers();
}
