// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import dev.cumulane.pipeline.Artifact;
import dev.cumulane.pipeline.Input;
import dev.cumulane.pipeline.Plan;
import dev.cumulane.pipeline.Stage;
import java.util.ArrayList;
import java.util.List;

/** A plan's stages and what stands between them, in the language of a drawing program; equal plans give equal text. */
final class Graph {
    private Graph() {}

    /** The languages. */
    enum Format {
        /** A Mermaid flowchart, which the forges draw in a README. */
        MERMAID,
        /** A Graphviz digraph. */
        DOT
    }

    /** What one stage hands to another; the label is the artifact's name, or empty for mere order. */
    private record Edge(String from, String to, String label) {}

    static List<String> lines(Plan plan, Format format) {
        return format == Format.MERMAID ? mermaid(plan) : dot(plan);
    }

    private static List<String> mermaid(Plan plan) {
        List<String> lines = new ArrayList<>(List.of("flowchart LR"));
        List<String> names = plan.stages().stream().map(Stage::name).toList();
        for (Stage stage : plan.stages()) {
            String label = "\"" + entities(stage.name()) + "<br/>" + description(stage) + "\"";
            String shape = stage instanceof Stage.Approval
                    ? "{{" + label + "}}"
                    : stage instanceof Stage.Deploy ? "[/" + label + "/]" : "[" + label + "]";
            lines.add("    " + id(names, stage.name()) + shape);
        }
        for (Edge edge : edges(plan)) {
            String arrow = edge.label().isEmpty() ? " --> " : " -- \"" + entities(edge.label()) + "\" --> ";
            lines.add("    " + id(names, edge.from()) + arrow + id(names, edge.to()));
        }
        return lines;
    }

    private static List<String> dot(Plan plan) {
        List<String> lines = new ArrayList<>(
                List.of("digraph " + quoted(plan.pipeline()) + " {", "    rankdir=LR;", "    node [shape=box];"));
        for (Stage stage : plan.stages()) {
            String shape = stage instanceof Stage.Approval
                    ? ", shape=hexagon"
                    : stage instanceof Stage.Deploy ? ", shape=parallelogram" : "";
            lines.add("    " + quoted(stage.name()) + " [label=" + quoted(stage.name() + "\n" + description(stage))
                    + shape + "];");
        }
        for (Edge edge : edges(plan)) {
            String label = edge.label().isEmpty() ? "" : " [label=" + quoted(edge.label()) + "]";
            lines.add("    " + quoted(edge.from()) + " -> " + quoted(edge.to()) + label + ";");
        }
        lines.add("}");
        return lines;
    }

    /** Mermaid takes words such as {@code end} for its own; a number is never one. */
    private static String id(List<String> names, String stage) {
        return "s" + (names.indexOf(stage) + 1);
    }

    private static String description(Stage stage) {
        return PlanTable.kind(stage) + (stage.needs().isCleanUp() ? ", always" : "");
    }

    private static List<Edge> edges(Plan plan) {
        List<Edge> edges = new ArrayList<>();
        for (Stage stage : plan.stages()) {
            for (String before : stage.before()) {
                List<String> read = new ArrayList<>();
                for (Input input : stage.needs().reads()) {
                    if (input instanceof Artifact artifact && artifact.stage().equals(before)) {
                        read.add(artifact.name());
                    } else if (input instanceof Input.Handed handed
                            && handed.stage().equals(before)) {
                        read.add(handed.name());
                    }
                }
                edges.add(new Edge(before, stage.name(), String.join(", ", read)));
            }
        }
        return edges;
    }

    /** Mermaid's own escapes; a hash begins one. */
    private static String entities(String text) {
        return Text.clean(text)
                .replace("#", "#35;")
                .replace("\"", "#quot;")
                .replace("<", "#lt;")
                .replace(">", "#gt;")
                .replace("&", "#amp;");
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
    }
}
