// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.run;

/** How a stage or a run ended; the names are OpenTelemetry's {@code cicd.pipeline.result}. */
public enum Outcome {
    /** The work said yes. */
    SUCCESS,
    /** The work said no. */
    FAILURE,
    /** We could not find out what the work would have said. */
    ERROR,
    /** A time limit passed first. */
    TIMEOUT,
    /** Somebody cancelled it first. */
    CANCELLATION,
    /** It was not needed, or what it needed did not succeed. */
    SKIP
}
