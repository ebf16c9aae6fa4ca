// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud.contract;

import dev.cumulane.run.HistoryRecord;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.RunId;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * A run's history without what differs from cloud to cloud and from run to run: which events share a record, in which order independent stages took their turns, instants, ids, addresses and
 * words that a service chose. What is left follows from the pipeline and the signals alone.
 */
public final class NormalForm {
    /** Components of events that a provider fills as it likes, or leaves empty; a plan's fingerprint and what it goes into tell the archive of the code, of which each cloud makes its own. */
    private static final Set<String> TOKENS = Set.of("service", "address", "version", "detail", "plan", "subject");

    private static final String OF_THE_RUN = "run";

    private NormalForm() {}

    /**
     * Makes it.
     *
     * @param history a run's records, in order
     * @return a line for each event: those of the run in their order, then those of each stage in theirs, stages by name
     */
    public static List<String> of(List<HistoryRecord> history) {
        SortedMap<String, List<String>> stages = new TreeMap<>();
        List<String> lines = new ArrayList<>();
        for (HistoryRecord record : history) {
            for (RunEvent event : record.events()) {
                Optional<String> stage = stage(event);
                List<String> to =
                        stage.isPresent() ? stages.computeIfAbsent(stage.get(), name -> new ArrayList<>()) : lines;
                to.add(stage.orElse(OF_THE_RUN) + ": " + value(event));
            }
        }
        stages.values().forEach(lines::addAll);
        return lines;
    }

    private static Optional<String> stage(RunEvent event) {
        for (RecordComponent component : event.getClass().getRecordComponents()) {
            if (component.getName().equals("stage")) {
                return Optional.of(String.valueOf(of(event, component)));
            }
        }
        return Optional.empty();
    }

    private static Object of(Object part, RecordComponent component) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(part);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(component + " cannot be read", e);
        }
    }

    private static String value(Object value) {
        if (value instanceof Instant) {
            return "<time>";
        }
        if (value instanceof RunId) {
            return "<run>";
        }
        if (value instanceof Optional<?> optional) {
            return optional.map(NormalForm::value).orElse("-");
        }
        if (value instanceof Collection<?> all) {
            return all.stream().map(NormalForm::value).toList().toString();
        }
        if (value instanceof Map<?, ?> map) {
            SortedMap<String, String> sorted = new TreeMap<>();
            map.forEach((key, each) -> sorted.put(value(key), value(each)));
            return sorted.toString();
        }
        return value instanceof Record ? record(value) : String.valueOf(value);
    }

    private static String record(Object record) {
        StringJoiner parts = new StringJoiner(", ", record.getClass().getSimpleName() + "[", "]");
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            if (component.getName().equals("stage")) {
                continue;
            }
            String name = component.getName();
            parts.add(name + "=" + (TOKENS.contains(name) ? "<" + name + ">" : value(of(record, component))));
        }
        return parts.toString();
    }
}
