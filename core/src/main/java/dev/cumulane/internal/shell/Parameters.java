// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.shell;

import dev.cumulane.pipeline.Parameter;
import dev.cumulane.pipeline.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a run is told, against what its pipeline asks for. */
final class Parameters {
    private Parameters() {}

    /**
     * All parameters of a run.
     *
     * @param plan what it follows
     * @param said what somebody said; may be anything
     * @return what was said and, of the rest, the defaults
     * @throws IllegalArgumentException with all that is wrong and what there is to choose from
     */
    static SortedMap<String, String> of(Plan plan, Map<String, String> said) {
        List<String> problems = new ArrayList<>();
        SortedMap<String, String> all = new TreeMap<>();
        for (Parameter parameter : plan.parameters()) {
            String value = said.get(parameter.name());
            if (value != null) {
                parameter
                        .problem(value)
                        .ifPresent(
                                problem -> problems.add("parameter '" + parameter.name() + "' cannot be " + problem));
                all.put(parameter.name(), value);
            } else if (parameter.fallback().isPresent()) {
                all.put(parameter.name(), parameter.fallback().get());
            } else {
                problems.add("parameter '" + parameter.name() + "' has to be said; it may be " + parameter.allowed());
            }
        }
        List<String> names = plan.parameters().stream().map(Parameter::name).toList();
        for (String name : new TreeMap<>(said).keySet()) {
            if (!names.contains(name)) {
                String shown = name.length() > 40 ? name.substring(0, 37) + "..." : name;
                problems.add("pipeline '" + plan.pipeline() + "' has no parameter '"
                        + shown.replaceAll("\\p{Cntrl}", "?") + "'; it has: "
                        + (names.isEmpty() ? "none" : String.join(", ", names)));
            }
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", problems));
        }
        return all;
    }

    /** Those that are not what they would be if nobody had said anything. */
    static SortedMap<String, String> special(Plan plan, SortedMap<String, String> all) {
        SortedMap<String, String> special = new TreeMap<>(all);
        plan.parameters()
                .forEach(parameter ->
                        parameter.fallback().ifPresent(fallback -> special.remove(parameter.name(), fallback)));
        return special;
    }
}
