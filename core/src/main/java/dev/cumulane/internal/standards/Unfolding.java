// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.standards;

import dev.cumulane.pipeline.Plan;
import dev.cumulane.run.HistoryRecord;
import dev.cumulane.run.RunId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Turns a run's records into documents, where each needs to know what went before. What is known of the latest runs is kept, so that a long run is not read anew for
 * each of its records. Any thread.
 */
final class Unfolding<T, D> {
    private static final int MOST_KEPT = 100;

    private final Past past;
    private final Function<Plan, T> begin;
    private final BiFunction<T, HistoryRecord, List<D>> next;
    private final Map<RunId, Place<T>> places = new LinkedHashMap<>();

    /** How far a run was read. */
    private record Place<T>(long upTo, T state) {}

    Unfolding(Past past, Function<Plan, T> begin, BiFunction<T, HistoryRecord, List<D>> next) {
        this.past = past;
        this.begin = begin;
        this.next = next;
    }

    /** The documents of records that follow each other. */
    List<D> documents(RunId run, List<HistoryRecord> records) {
        long first = records.get(0).sequence();
        T state = take(run, first - 1).orElseGet(() -> read(run, first));
        List<D> documents = new ArrayList<>();
        records.forEach(record -> documents.addAll(next.apply(state, record)));
        keep(run, new Place<>(records.get(records.size() - 1).sequence(), state));
        return documents;
    }

    private T read(RunId run, long until) {
        T state = begin.apply(past.plan(run));
        if (until > 1) {
            // Only the state is wanted: these documents have been told.
            List<D> told = new ArrayList<>();
            past.history(run, 1).stream()
                    .filter(record -> record.sequence() < until)
                    .forEach(record -> told.addAll(next.apply(state, record)));
        }
        return state;
    }

    /** Takes what is known away: whoever is told again after a failure begins anew. */
    private synchronized Optional<T> take(RunId run, long upTo) {
        return Optional.ofNullable(places.remove(run))
                .filter(place -> place.upTo() == upTo)
                .map(Place::state);
    }

    private synchronized void keep(RunId run, Place<T> place) {
        places.put(run, place);
        if (places.size() > MOST_KEPT) {
            places.remove(places.keySet().iterator().next());
        }
    }
}
