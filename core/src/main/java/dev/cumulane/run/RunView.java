// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.run;

import dev.cumulane.pipeline.Digest;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A run, as it is now.
 *
 * @param id the run
 * @param pipeline the pipeline's name
 * @param plan the fingerprint of its plan
 * @param source what it runs for
 * @param status where it is
 * @param stages its stages, in the order of the definition
 * @param parameters what it was told and, of the rest, the defaults; by name
 * @param returned what it returns, as far as it is there
 * @param untold who could not be told of it, sorted by name; looked up only when a person asks for the run
 */
public record RunView(
        RunId id,
        String pipeline,
        Digest plan,
        SourceEvent source,
        Status status,
        List<StageView> stages,
        SortedMap<String, String> parameters,
        Returned returned,
        List<Untold> untold) {
    /** Copies the lists. */
    public RunView {
        stages = List.copyOf(stages);
        untold = List.copyOf(untold);
    }

    /**
     * A run that was told nothing and returns nothing.
     *
     * @param id the run
     * @param pipeline the pipeline's name
     * @param plan the fingerprint of its plan
     * @param source what it runs for
     * @param status where it is
     * @param stages its stages, in the order of the definition
     */
    public RunView(RunId id, String pipeline, Digest plan, SourceEvent source, Status status, List<StageView> stages) {
        this(id, pipeline, plan, source, status, stages, Collections.emptySortedMap(), Returned.NOTHING, List.of());
    }

    /**
     * What a run returns. A name whose stage has not ended well is absent.
     *
     * @param values the values, by the names that the pipeline gives them
     * @param artifacts the artifacts, by the names that the pipeline gives them
     */
    public record Returned(SortedMap<String, StageValue> values, SortedMap<String, Produced> artifacts) {
        /** Nothing. */
        public static final Returned NOTHING = new Returned(Collections.emptySortedMap(), Collections.emptySortedMap());

        /** Copies the maps. */
        public Returned {
            values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
            artifacts = Collections.unmodifiableSortedMap(new TreeMap<>(artifacts));
        }
    }

    /**
     * Somebody who wants to know of the run and could not be told how it is.
     *
     * @param follower who, such as {@code slack/releases}
     * @param why one line for people
     * @param tries how often it was tried in a row
     * @param since when it was tried first
     * @param again when it is tried again; empty if it is not any more
     */
    public record Untold(String follower, String why, int tries, Instant since, Optional<Instant> again) {}

    /**
     * The same run, with those who could not be told of it.
     *
     * @param those who
     * @return the run
     */
    public RunView withUntold(List<Untold> those) {
        return new RunView(id, pipeline, plan, source, status, stages, parameters, returned, those);
    }

    /**
     * Where a run is.
     *
     * @param state its state
     * @param outcome how it ended, once it has
     * @param times when it began and ended
     * @param records how many records its history has
     * @param cancelledBy who asked to cancel it, if somebody did
     * @param lineage where it comes from, if it is not the first of its kind
     * @param waiting what the run as a whole waits for, while it does: its turn in its group
     */
    public record Status(
            RunState state,
            Optional<Outcome> outcome,
            StageView.Times times,
            long records,
            Optional<String> cancelledBy,
            Optional<Lineage> lineage,
            Optional<StageView.Waiting> waiting) {}

    /**
     * How it ended.
     *
     * @return the outcome, once it has one
     */
    public Optional<Outcome> outcome() {
        return status.outcome();
    }

    /**
     * A stage by its name.
     *
     * @param name the stage's name
     * @return the stage
     * @throws IllegalArgumentException if there is none; the message names those there are
     */
    public StageView stage(String name) {
        for (StageView stage : stages) {
            if (stage.name().equals(name)) {
                return stage;
            }
        }
        throw new IllegalArgumentException("run " + id + " has no stage '" + name + "'; it has: "
                + String.join(", ", stages.stream().map(StageView::name).toList()));
    }
}
