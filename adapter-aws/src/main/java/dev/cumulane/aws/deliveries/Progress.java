// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.deliveries;

import dev.cumulane.cloud.DeploymentStep;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far the latest deployment of an environment has come. Kept in the description of the alias that names the prepared release: Lambda changes an alias only for who knows its
 * latest revision.
 *
 * @param fence the deployment's number
 * @param step the last step that has begun
 * @param prepared the version that the deployment brings
 * @param former the version that was live before, if any
 */
record Progress(long fence, int step, String prepared, Optional<String> former) {
    private static final Pattern TEXT =
            Pattern.compile("cumulane fence=([0-9]{1,18}) step=([0-9]{1,6}) former=([0-9]*)");

    String description() {
        return "cumulane fence=" + fence + " step=" + step + " former=" + former.orElse("");
    }

    /** What a description says; empty if it is not ours. */
    static Optional<Progress> read(String prepared, String description) {
        Matcher text = TEXT.matcher(description);
        return text.matches()
                ? Optional.of(new Progress(
                        Long.parseLong(text.group(1)),
                        Integer.parseInt(text.group(2)),
                        prepared,
                        Optional.of(text.group(3)).filter(version -> !version.isEmpty())))
                : Optional.empty();
    }

    Progress at(int index) {
        return new Progress(fence, Math.max(step, index), prepared, former);
    }

    /** Why a step that was not carried out must not be carried out any more, if so: a later one has begun. */
    Optional<String> stale(DeploymentStep late) {
        if (late.fence() < fence) {
            return Optional.of("stale: this deployment to " + late.environment() + " has the number " + late.fence()
                    + ", and the environment has seen " + fence);
        }
        return late.fence() == fence && late.index() < step ? Optional.of(stale(late, step)) : Optional.empty();
    }

    static String stale(DeploymentStep late, int begun) {
        return "stale: this is step " + late.index() + ", and step " + begun + " has begun";
    }
}
