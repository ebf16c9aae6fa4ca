// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Takes what an engine measures. Called by the engine after an append and by its sweep, from any thread, some ten times per run; it must not wait for a service. An
 * exception is logged and the measurement is lost, as it is when the process dies between the append and this: figures for people, not records.
 */
@FunctionalInterface
public interface Metrics {
    /**
     * Takes a measurement.
     *
     * @param measurement what was measured
     */
    void record(Measurement measurement);

    /**
     * Takes nothing.
     *
     * @return the port
     */
    static Metrics none() {
        return measurement -> {};
    }

    /**
     * Something that was measured.
     *
     * @param metric what
     * @param value finite, at least 0
     * @param dimensions by what it is told apart: a value for each of the metric's dimensions
     * @param details what else is known of it, such as the run, for who looks at single measurements; none has a dimension's name
     */
    record Measurement(
            Metric metric, double value, SortedMap<String, String> dimensions, SortedMap<String, String> details) {
        /** Copies the maps; refuses dimensions that are not the metric's, and values that are none. */
        public Measurement {
            dimensions = Collections.unmodifiableSortedMap(new TreeMap<>(dimensions));
            details = Collections.unmodifiableSortedMap(new TreeMap<>(details));
            List<String> given = new ArrayList<>(dimensions.keySet());
            if (!given.equals(metric.dimensions())) {
                throw new IllegalArgumentException(
                        "metric " + metric.text() + " has the dimensions " + metric.dimensions() + ", not " + given);
            }
            if (!Double.isFinite(value) || value < 0) {
                throw new IllegalArgumentException("metric " + metric.text() + " cannot be " + value);
            }
            if (!Collections.disjoint(details.keySet(), dimensions.keySet())) {
                throw new IllegalArgumentException("a detail of metric " + metric.text() + " is a dimension already");
            }
        }

        /**
         * A measurement of the whole installation.
         *
         * @param metric what
         * @param value finite, at least 0
         * @return the measurement
         */
        public static Measurement of(Metric metric, double value) {
            return new Measurement(metric, value, Collections.emptySortedMap(), Collections.emptySortedMap());
        }
    }
}
