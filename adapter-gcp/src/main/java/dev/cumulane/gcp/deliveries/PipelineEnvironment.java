// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.deliveries;

import java.util.Optional;

/**
 * An environment that is a target of a delivery pipeline of Cloud Deploy, in the installation's project and region. The release is handed over as its artifact is: an archive with a Skaffold
 * configuration.
 *
 * @param pipeline the delivery pipeline's name
 * @param target the target's name
 * @param approves whether an approval that the target asks for is given by us: the run has asked its people before it came here
 * @param advances whether a rollout that waits between two phases is advanced by us
 * @param address where the environment answers, if it is known
 */
public record PipelineEnvironment(
        String pipeline, String target, boolean approves, boolean advances, Optional<String> address)
        implements GcpEnvironment {
    /** Refuses names that Cloud Deploy does not take. */
    public PipelineEnvironment {
        check("delivery pipeline", pipeline);
        check("target", target);
    }

    /**
     * A delivery pipeline without its target.
     *
     * @param pipeline its name
     */
    public record Untargeted(String pipeline) {
        /**
         * Rolls releases out to one target.
         *
         * @param name the target's name, one of the pipeline's stages
         * @return the binding
         */
        public PipelineEnvironment target(String name) {
            return new PipelineEnvironment(pipeline, name, false, false, Optional.empty());
        }
    }

    /**
     * The same, and an approval that the target asks for is given by us: whoever may approve the deployment here decides for there. Without it, people answer it in Cloud Deploy, within the
     * stage's time limit.
     *
     * @return the binding
     */
    public PipelineEnvironment approving() {
        return new PipelineEnvironment(pipeline, target, true, advances, address);
    }

    /**
     * The same, and a rollout that waits between two phases, such as the shares of a canary, is advanced by us. Without it, people or an automation of Cloud Deploy do so, within the stage's
     * time limit.
     *
     * @return the binding
     */
    public PipelineEnvironment advancing() {
        return new PipelineEnvironment(pipeline, target, approves, true, address);
    }

    /**
     * The same, which answers at an address that is known.
     *
     * @param url the address
     * @return the binding
     */
    public PipelineEnvironment at(String url) {
        return new PipelineEnvironment(pipeline, target, approves, advances, Optional.of(url));
    }

    private static void check(String what, String name) {
        if (!name.matches("[a-z]([a-z0-9-]{0,61}[a-z0-9])?")) {
            throw new IllegalArgumentException("the name of a " + what
                    + " of Cloud Deploy has 1 to 63 lower-case letters, digits and '-', not '"
                    + name.replaceAll("\\p{Cntrl}", "?") + "'");
        }
    }
}
