// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

import dev.cumulane.run.Cause;
import dev.cumulane.run.Verdict;
import java.util.Optional;

/**
 * What became of a deployment's step.
 *
 * @param succeeded whether the wanted state is there
 * @param detail one line for people: what is wrong, or empty
 * @param version the provider's tag for the next step to carry, if it has tags
 * @param address where the environment answers, if it does
 */
public record StepReport(boolean succeeded, String detail, Optional<String> version, Optional<String> address) {
    private static final int LONGEST = 2000;

    /** Cuts the detail to a line of {@value Verdict#LONGEST_DETAIL} characters, and refuses a version or an address of more than 2,000. */
    public StepReport {
        detail = Verdict.of(Cause.DEPLOYMENT_FAILED, detail).detail();
        if (version.orElse("").length() > LONGEST || address.orElse("").length() > LONGEST) {
            throw new IllegalArgumentException("a step's version and address have at most " + LONGEST + " characters");
        }
    }

    /**
     * The wanted state is there.
     *
     * @param address where the environment answers
     * @return the report
     */
    public static StepReport success(String address) {
        return new StepReport(true, "", Optional.empty(), Optional.of(address));
    }

    /**
     * The wanted state is not there and will not come.
     *
     * @param detail one line for people
     * @return the report
     */
    public static StepReport failure(String detail) {
        return new StepReport(false, detail, Optional.empty(), Optional.empty());
    }
}
