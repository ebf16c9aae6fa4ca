// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far the latest deployment of an environment has come. An adapter keeps it where the cloud changes it only for who knows what was there, or in a {@link DeploymentLedger}.
 *
 * @param fence the deployment's number
 * @param step the last step that has begun
 * @param prepared the version that the deployment brings
 * @param former the version that was live before, if any
 */
public record DeploymentProgress(long fence, int step, String prepared, Optional<String> former) {
    private static final Pattern TEXT =
            Pattern.compile("cumulane fence=([0-9]{1,18}) step=([0-9]{1,6}) former=([0-9]*)");

    /**
     * As text, but for the prepared version.
     *
     * @return a line
     */
    public String description() {
        return "cumulane fence=" + fence + " step=" + step + " former=" + former.orElse("");
    }

    /**
     * What a description says.
     *
     * @param prepared the version that the deployment brings
     * @param description what {@link #description()} wrote, or something else
     * @return empty if it is not ours
     */
    public static Optional<DeploymentProgress> read(String prepared, String description) {
        Matcher text = TEXT.matcher(description);
        return text.matches()
                ? Optional.of(new DeploymentProgress(
                        Long.parseLong(text.group(1)),
                        Integer.parseInt(text.group(2)),
                        prepared,
                        Optional.of(text.group(3)).filter(version -> !version.isEmpty())))
                : Optional.empty();
    }

    /**
     * The same when a step begins.
     *
     * @param index the step's number
     * @return the progress
     */
    public DeploymentProgress at(int index) {
        return new DeploymentProgress(fence, Math.max(step, index), prepared, former);
    }

    /**
     * Why a step that was not carried out must not be carried out any more: a later one has begun.
     *
     * @param late the step
     * @return one line for people; empty if it may be carried out
     */
    public Optional<String> stale(DeploymentStep late) {
        if (late.fence() < fence) {
            return Optional.of("stale: this deployment to " + late.environment() + " has the number " + late.fence()
                    + ", and the environment has seen " + fence);
        }
        return late.fence() == fence && late.index() < step ? Optional.of(stale(late, step)) : Optional.empty();
    }

    /**
     * Why a step must not be carried out any more after another one of its deployment.
     *
     * @param late the step
     * @param begun the number of the one that has begun
     * @return one line for people
     */
    public static String stale(DeploymentStep late, int begun) {
        return "stale: this is step " + late.index() + ", and step " + begun + " has begun";
    }
}
