// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.page;

import dev.cumulane.internal.html.Html;
import dev.cumulane.pipeline.Plan;
import dev.cumulane.pipeline.Stage;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.RunView;
import dev.cumulane.run.StageView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which boxes a run's picture has. The many members of a group, and all cells of a fan-out, are one box that counts them. */
final class Graph {
    private static final int MOST_MEMBERS = 6;
    private static final int MOST_BOXES = 150;

    private Graph() {}

    /** The picture; empty if it would have too many boxes for anybody to look at. */
    static Optional<Html> of(RunView run, Plan plan) {
        Map<String, StageView> views = new HashMap<>();
        run.stages().forEach(stage -> views.put(stage.name(), stage));
        Map<String, String> hidden = new HashMap<>();
        for (Stage stage : plan.stages()) {
            if (stage instanceof Stage.Group group && group.members().size() > MOST_MEMBERS) {
                group.members().forEach(member -> hidden.put(member.stage(), group.name()));
            }
        }
        Map<String, List<String>> after = new HashMap<>();
        for (Stage stage : plan.stages()) {
            List<String> all =
                    after.computeIfAbsent(hidden.getOrDefault(stage.name(), stage.name()), name -> new ArrayList<>());
            stage.before().stream()
                    .map(name -> hidden.getOrDefault(name, name))
                    .filter(name -> !all.contains(name))
                    .forEach(all::add);
        }
        List<Drawing.Node> nodes = new ArrayList<>();
        for (Stage stage : plan.stages()) {
            StageView view = views.get(stage.name());
            if (view != null && !hidden.containsKey(stage.name())) {
                List<String> before = after.getOrDefault(stage.name(), List.of()).stream()
                        .filter(name -> !name.equals(stage.name()))
                        .toList();
                nodes.add(new Drawing.Node(stage.name(), note(run, stage, view), Look.of(view), before));
            }
        }
        return nodes.size() > MOST_BOXES
                ? Optional.empty()
                : Optional.of(ordered(nodes))
                        .filter(ordered -> !ordered.isEmpty())
                        .map(ordered -> Drawing.of(run.id(), ordered));
    }

    /** Each box after those before it; none if boxes that stand for several stages wait for each other. */
    private static List<Drawing.Node> ordered(List<Drawing.Node> nodes) {
        List<Drawing.Node> left = new ArrayList<>(nodes);
        List<Drawing.Node> ordered = new ArrayList<>();
        List<String> done = new ArrayList<>();
        while (!left.isEmpty()) {
            List<Drawing.Node> next =
                    left.stream().filter(node -> done.containsAll(node.after())).toList();
            if (next.isEmpty()) {
                return List.of();
            }
            ordered.addAll(next);
            next.forEach(node -> done.add(node.name()));
            left.removeAll(next);
        }
        return ordered;
    }

    private static String note(RunView run, Stage stage, StageView view) {
        if (stage instanceof Stage.Group group) {
            return counted(
                    run, group.members().stream().map(Stage.Member::stage).toList());
        }
        if (stage instanceof Stage.FanOut whole) {
            List<String> cells = run.stages().stream()
                    .map(StageView::name)
                    .filter(whole::couldName)
                    .toList();
            return cells.isEmpty() ? "fan-out" : counted(run, cells);
        }
        return Words.kind(view.kind());
    }

    private static String counted(RunView run, List<String> names) {
        long good = run.stages().stream()
                .filter(stage -> names.contains(stage.name()) && stage.outcome().equals(Optional.of(Outcome.SUCCESS)))
                .count();
        return good + " of " + names.size() + " succeeded";
    }
}
