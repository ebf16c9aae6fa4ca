// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.run;

import java.util.List;
import java.util.Optional;

/**
 * How an attempt or a stage ended, and what it left.
 *
 * @param cause why
 * @param detail one line for people, at most {@value #LONGEST_DETAIL} characters without control characters; may be empty
 * @param artifacts what it wrote, in the order of the definition
 * @param tests the summary of its test reports, if it made any
 * @param address where the deployed thing answers, for a deployment
 */
public record Verdict(
        Cause cause, String detail, List<Produced> artifacts, Optional<TestSummary> tests, Optional<String> address) {
    /** The longest {@link #detail()}, in characters. */
    public static final int LONGEST_DETAIL = 500;

    /** Cuts the detail to its limit and copies the list. */
    public Verdict {
        detail = detail.replaceAll("\\p{Cntrl}", " ");
        detail = detail.length() > LONGEST_DETAIL ? detail.substring(0, LONGEST_DETAIL - 3) + "..." : detail;
        artifacts = List.copyOf(artifacts);
    }

    /**
     * A verdict without artifacts, tests or address.
     *
     * @param cause why
     * @param detail one line for people
     * @return the verdict
     */
    public static Verdict of(Cause cause, String detail) {
        return new Verdict(cause, detail, List.of(), Optional.empty(), Optional.empty());
    }

    /**
     * A success that left these artifacts.
     *
     * @param artifacts what it wrote
     * @return the verdict
     */
    public static Verdict success(Produced... artifacts) {
        return new Verdict(Cause.COMPLETED, "", List.of(artifacts), Optional.empty(), Optional.empty());
    }

    /**
     * The outcome that the cause leads to.
     *
     * @return the outcome
     */
    public Outcome outcome() {
        return cause.outcome();
    }
}
