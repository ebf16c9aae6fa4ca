// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.run;

import java.util.List;
import java.util.Optional;

/**
 * An environment, as it is now.
 *
 * @param name its name
 * @param holder the deployment that goes on, if one does
 * @param waiting the deployments that wait for it, the next first
 * @param live the last good release, if there is one: what has the traffic, unless {@link #holder} is giving some of it to another
 * @param history the finished deployments, the latest first; at most {@value #MOST}
 */
public record EnvironmentView(
        String name, Optional<Claim> holder, List<Claim> waiting, Optional<Deployment> live, List<Deployment> history) {
    /** The most deployments in {@link #history}. */
    public static final int MOST = 50;

    /** Copies the lists. */
    public EnvironmentView {
        waiting = List.copyOf(waiting);
        history = List.copyOf(history);
    }

    /**
     * A stage that deploys or wants to.
     *
     * @param run the run
     * @param stage its deploy stage
     */
    public record Claim(RunId run, String stage) {}
}
