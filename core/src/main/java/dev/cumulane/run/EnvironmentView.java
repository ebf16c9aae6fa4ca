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
 * @param service what the cloud says of what is deployed there
 */
public record EnvironmentView(
        String name,
        Optional<Claim> holder,
        List<Claim> waiting,
        Optional<Deployment> live,
        List<Deployment> history,
        Service service) {
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

    /** Whether what was deployed is there; the journal tells what was deployed, and not what somebody has done to it since. */
    public enum Standing {
        /** It runs. */
        RUNNING,
        /** It does not: somebody stopped it, or its machine was started again. */
        STOPPED,
        /** The cloud does not tell. */
        UNKNOWN
    }

    /**
     * What the cloud says of what is deployed.
     *
     * @param standing whether it is there
     * @param address where it answers, or did last, as far as anybody knows
     */
    public record Service(Standing standing, Optional<String> address) {
        /** Nothing is said. */
        public static final Service UNKNOWN = new Service(Standing.UNKNOWN, Optional.empty());

        /**
         * Whether there is nothing behind the last release any more.
         *
         * @return true if the cloud says so
         */
        public boolean isStopped() {
            return standing == Standing.STOPPED;
        }
    }
}
