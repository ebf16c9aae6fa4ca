// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.run;

import dev.cumulane.pipeline.Output;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How an attempt or a stage ended, and what it left.
 *
 * @param cause why
 * @param detail one line for people, at most {@value #LONGEST_DETAIL} characters without control characters; may be empty
 * @param artifacts what it wrote, in the order of the definition
 * @param tests the summary of its test reports, if it made any
 * @param address where the deployed thing answers, for a deployment
 * @param values what it handed on, by name; at most {@value Output#MOST}
 */
public record Verdict(
        Cause cause,
        String detail,
        List<Produced> artifacts,
        Optional<TestSummary> tests,
        Optional<String> address,
        SortedMap<String, StageValue> values) {
    /** The longest {@link #detail()}, in characters. */
    public static final int LONGEST_DETAIL = 500;

    /** Cuts the detail to its limit and copies the collections. */
    public Verdict {
        detail = detail.replaceAll("\\p{Cntrl}", " ");
        detail = detail.length() > LONGEST_DETAIL ? detail.substring(0, LONGEST_DETAIL - 3) + "..." : detail;
        artifacts = List.copyOf(artifacts);
        values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
        if (values.size() > Output.MOST) {
            throw new IllegalArgumentException(values.size() + " values are more than " + Output.MOST);
        }
    }

    /**
     * A verdict without values.
     *
     * @param cause why
     * @param detail one line for people
     * @param artifacts what it wrote
     * @param tests the summary of its test reports, if it made any
     * @param address where the deployed thing answers, for a deployment
     */
    public Verdict(
            Cause cause,
            String detail,
            List<Produced> artifacts,
            Optional<TestSummary> tests,
            Optional<String> address) {
        this(cause, detail, artifacts, tests, address, Collections.emptySortedMap());
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
