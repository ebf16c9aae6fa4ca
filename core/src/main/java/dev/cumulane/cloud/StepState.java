// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

import java.util.Optional;

/** What a provider knows of a deployment's step. */
public sealed interface StepState {
    /** It never heard of it, or has forgotten it before it ended: the step may be begun. */
    record Unknown() implements StepState {}

    /** It is working on it. */
    record UnderWay() implements StepState {}

    /**
     * It has ended.
     *
     * @param report how
     */
    record Ended(StepReport report) implements StepState {}

    /**
     * How it ended.
     *
     * @return the report, or empty if it has not ended
     */
    default Optional<StepReport> end() {
        return this instanceof Ended ended ? Optional.of(ended.report()) : Optional.empty();
    }
}
