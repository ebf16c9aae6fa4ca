// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

import dev.cumulane.run.Release;
import dev.cumulane.run.RunId;
import java.util.Optional;

/**
 * A wanted state of an environment, one step of a deployment. It states what should be, never a change, so that it may be repeated.
 *
 * @param run the run that deploys
 * @param stage the deploy stage
 * @param index the step's number in the deployment, from 1
 * @param environment the environment's name
 * @param fence the number that the environment's lock granted; a step with a lower one than the environment has seen is refused
 * @param version the provider's tag that the step before reported, empty at first
 * @param wanted what should be
 */
public record DeploymentStep(
        RunId run, String stage, int index, String environment, long fence, Optional<String> version, Wanted wanted) {
    /** What an environment should be. */
    public sealed interface Wanted {}

    /**
     * The release is in place beside the live one, started and healthy; it gets no traffic yet.
     *
     * @param release its artifacts by digest; what an environment is bound to is made of the first one, and the others are put beside it. An environment that takes one
     *     artifact only reports a failure for a release of several
     */
    public record Prepared(Release release) implements Wanted {}

    /**
     * The prepared release gets this share of the traffic, the former one the rest.
     *
     * @param percent 1 to 100
     */
    public record Shifted(int percent) implements Wanted {
        /** Refuses a share outside 1 to 100. */
        public Shifted {
            if (percent < 1 || percent > 100) {
                throw new IllegalArgumentException("a share of traffic is 1 to 100 percent, not " + percent);
            }
        }
    }

    /**
     * The prepared release is still healthy under the traffic that it gets.
     *
     * @param alarm an alarm of the cloud's monitoring that says otherwise while it rings, if one is watched
     */
    public record Healthy(Optional<String> alarm) implements Wanted {
        /** Healthy by what the environment's own check says. */
        public Healthy() {
            this(Optional.empty());
        }
    }

    /** The prepared release is the live one; the former one is stopped and kept as the one to roll back to. */
    public record Completed() implements Wanted {}

    /** The release that was live before this deployment has all the traffic again, and the prepared one is stopped. */
    public record RolledBack() implements Wanted {}
}
