// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import dev.cumulane.local.cli.Style.Ink;
import dev.cumulane.run.Produced;
import dev.cumulane.run.RunView;
import dev.cumulane.run.StageValue;
import dev.cumulane.run.StageView;
import dev.cumulane.run.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a run was told, what its stages handed on, and what it returns: nothing where there is nothing. */
final class ValueLines {
    private static final int WIDEST = 100;

    private ValueLines() {}

    static List<Line> of(RunView run) {
        List<Line> lines = new ArrayList<>(titled("parameters", run.parameters()));
        for (StageView stage : run.stages()) {
            SortedMap<String, String> values = new TreeMap<>();
            stage.progress()
                    .verdict()
                    .map(Verdict::values)
                    .ifPresent(all -> all.forEach((name, value) -> values.put(name, shown(value))));
            lines.addAll(titled("values of " + stage.name(), values));
        }
        SortedMap<String, String> returned = new TreeMap<>();
        run.returned().values().forEach((name, value) -> returned.put(name, shown(value)));
        run.returned().artifacts().forEach((name, artifact) -> returned.put(name, shown(artifact)));
        lines.addAll(titled("returns", returned));
        return lines;
    }

    private static List<Line> titled(String title, SortedMap<String, String> entries) {
        if (entries.isEmpty()) {
            return List.of();
        }
        List<Line> lines = new ArrayList<>(List.of(Line.of(""), Line.of(Ink.BOLD, title)));
        List<List<String>> rows = new ArrayList<>();
        entries.forEach((name, value) -> rows.add(List.of("  " + name, line(value))));
        PlanTable.table(rows).forEach(row -> lines.add(Line.of(row)));
        return lines;
    }

    private static String shown(StageValue value) {
        if (value instanceof StageValue.Inline inline) {
            return inline.text();
        }
        return value.size() + " bytes, sha-256 "
                + Text.brief(((StageValue.Stored) value).digest().hex());
    }

    private static String shown(Produced artifact) {
        return "artifact of " + artifact.size() + " bytes, sha-256 "
                + Text.brief(artifact.digest().hex());
    }

    /** A value came from a build: one line of it, without what could steer a terminal. */
    private static String line(String value) {
        return Text.cut(Text.clean(value.replace("\n", ", ")), WIDEST);
    }
}
