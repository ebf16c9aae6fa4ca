// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

import dev.cumulane.pipeline.Plan;
import java.util.List;

/** Writes the resources and the least-privilege permissions that pipelines need, as the cloud's own template. Called by the command line. */
public interface Blueprint {
    /**
     * The template for these pipelines.
     *
     * @param plans every registered pipeline's plan
     * @return the template's text, the same for the same plans
     */
    String template(List<Plan> plans);
}
