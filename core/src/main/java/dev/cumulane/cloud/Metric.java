// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

import java.util.List;

/** What an engine measures, by the names of the OpenTelemetry conventions for CI/CD where they have one. A dashboard of an adapter shows these and no others. */
public enum Metric {
    /** How long a run took, from its beginning to its end. */
    RUN_DURATION("cicd.pipeline.run.duration", Unit.SECONDS, true),
    /** A run that ended in failure, in error, or too late. */
    RUN_ERRORS("cicd.pipeline.run.errors", Unit.COUNT, true),
    /** How long a stage took, from its beginning to its end; of those that began. */
    STAGE_DURATION("cumulane.stage.duration", Unit.SECONDS, true),
    /** How old a signal was when the engine took it from the queue. */
    SIGNAL_AGE("cumulane.signal.age", Unit.SECONDS, false),
    /** A vote that did not count. */
    VOTES_REFUSED("cumulane.votes.refused", Unit.COUNT, false),
    /** A status, a message or an event that could not be told and is tried again. */
    NOTICES_UNTOLD("cumulane.notices.untold", Unit.COUNT, false),
    /** How long a sweep took. */
    SWEEP_DURATION("cumulane.sweep.duration", Unit.SECONDS, false),
    /** How many open runs a sweep looked at. */
    SWEEP_RUNS("cumulane.sweep.runs", Unit.COUNT, false);

    /** The dimension that names the pipeline. */
    public static final String PIPELINE = "cicd.pipeline.name";

    private final String text;
    private final Unit unit;
    private final boolean ofPipeline;

    /** What a value counts. */
    public enum Unit {
        /** Seconds. */
        SECONDS,
        /** Things. */
        COUNT
    }

    Metric(String text, Unit unit, boolean ofPipeline) {
        this.text = text;
        this.unit = unit;
        this.ofPipeline = ofPipeline;
    }

    /**
     * What to call it in a monitoring service.
     *
     * @return a name such as {@code cicd.pipeline.run.duration}
     */
    public String text() {
        return text;
    }

    /**
     * What its values count.
     *
     * @return the unit
     */
    public Unit unit() {
        return unit;
    }

    /**
     * By what its values are told apart. Few on purpose: a monitoring service has its price for each combination of values.
     *
     * @return names of dimensions; none, if it is one of the whole installation
     */
    public List<String> dimensions() {
        return ofPipeline ? List.of(PIPELINE) : List.of();
    }
}
