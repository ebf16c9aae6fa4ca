// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.page;

import dev.cumulane.internal.html.Attr;
import dev.cumulane.internal.html.Html;
import dev.cumulane.internal.html.Tag;
import dev.cumulane.run.RunId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A picture of what comes before what: stages from left to right, each as far left as those before it allow, near those that it is connected with.
 *
 * <p>Only the lines that say something are drawn: none from a stage to one that comes after it anyway.
 */
final class Drawing {
    private static final int WIDTH = 168;
    private static final int HEIGHT = 44;
    private static final int ACROSS = WIDTH + 56;
    private static final int DOWN = HEIGHT + 16;
    private static final int MARGIN = 6;
    private static final int LONGEST = 17;
    private static final int SWEEPS = 2;

    private final List<Node> nodes;
    private final Map<String, Integer> columns = new HashMap<>();
    private final Map<String, Double> rows = new HashMap<>();
    private final Map<String, Set<String>> before = new HashMap<>();

    /**
     * A box of the picture.
     *
     * @param name what it is called; the boxes before it come earlier in the list
     * @param note what else it says
     * @param look how its state looks
     * @param after the boxes that come before it
     */
    record Node(String name, String note, Look look, List<String> after) {}

    private Drawing(List<Node> nodes) {
        this.nodes = nodes;
    }

    /** The picture of a run; each box leads to its stage. */
    static Html of(RunId run, List<Node> nodes) {
        Drawing drawing = new Drawing(nodes);
        drawing.layOut();
        return drawing.svg(run);
    }

    private void layOut() {
        for (Node node : nodes) {
            Set<String> all = new HashSet<>();
            int column = 0;
            for (String earlier : node.after()) {
                all.add(earlier);
                all.addAll(before.getOrDefault(earlier, Set.of()));
                column = Math.max(column, columns.getOrDefault(earlier, 0) + 1);
            }
            before.put(node.name(), all);
            columns.put(node.name(), column);
        }
        List<List<Node>> stacked = new ArrayList<>();
        for (Node node : nodes) {
            int column = columns.get(node.name());
            while (stacked.size() <= column) {
                stacked.add(new ArrayList<>());
            }
            rows.put(node.name(), (double) stacked.get(column).size());
            stacked.get(column).add(node);
        }
        int tallest = stacked.stream().mapToInt(List::size).max().orElse(0);
        for (int i = 0; i < SWEEPS; i++) {
            stacked.forEach(column -> settle(column, tallest));
        }
    }

    /** Puts the boxes of a column in the order of those before them, in the middle of the picture's height. */
    private void settle(List<Node> column, int tallest) {
        Map<String, Double> wanted = new HashMap<>();
        column.forEach(node -> wanted.put(
                node.name(),
                node.after().stream().mapToDouble(rows::get).average().orElse(rows.get(node.name()))));
        column.sort(Comparator.comparingDouble(node -> wanted.get(node.name())));
        double first = (tallest - column.size()) / 2.0;
        for (int i = 0; i < column.size(); i++) {
            rows.put(column.get(i).name(), first + i);
        }
    }

    private Html svg(RunId run) {
        List<Html> shapes = new ArrayList<>();
        nodes.forEach(node -> direct(node).forEach(earlier -> shapes.add(line(earlier, node.name()))));
        nodes.forEach(node -> shapes.add(box(run, node)));
        int width =
                2 * MARGIN + columns.values().stream().mapToInt(i -> i).max().orElse(0) * ACROSS + WIDTH;
        double lowest = rows.values().stream().mapToDouble(i -> i).max().orElse(0);
        int height = (int) (2 * MARGIN + lowest * DOWN + HEIGHT);
        return Tag.DIV
                .cls("scroll graph")
                .with(Attr.TABINDEX, "0")
                .with(Attr.ROLE, "region")
                .with(Attr.ARIA_LABEL, "Graph of the stages; the table below says the same")
                .of(Tag.SVG
                        .of(shapes)
                        .with(Attr.VIEWBOX, "0 0 " + width + " " + height)
                        .with(Attr.WIDTH, Integer.toString(width))
                        .with(Attr.HEIGHT, Integer.toString(height))
                        .with(Attr.ARIA_HIDDEN, "true"));
    }

    /** Those before a box from which no other way leads to it. */
    private List<String> direct(Node node) {
        return node.after().stream()
                .filter(earlier -> node.after().stream()
                        .noneMatch(other -> before.getOrDefault(other, Set.of()).contains(earlier)))
                .toList();
    }

    private int x(String name) {
        return MARGIN + columns.get(name) * ACROSS;
    }

    private int y(String name) {
        return (int) (MARGIN + rows.get(name) * DOWN);
    }

    private Html line(String from, String to) {
        int x1 = x(from) + WIDTH;
        int y1 = y(from) + HEIGHT / 2;
        int x2 = x(to);
        int y2 = y(to) + HEIGHT / 2;
        int bend = ACROSS - WIDTH;
        String path = "M" + x1 + " " + y1 + "C" + (x1 + bend / 2) + " " + y1 + " " + (x2 - bend / 2) + " " + y2 + " "
                + x2 + " " + y2;
        return Tag.PATH.cls("edge").with(Attr.D, path);
    }

    private Html box(RunId run, Node node) {
        String name = node.name().length() > LONGEST ? node.name().substring(0, LONGEST - 1) + "…" : node.name();
        Html sign = Tag.G
                .cls("icon " + node.look().cls())
                .with(Attr.TRANSFORM, "translate(12 14)")
                .of(node.look().shape());
        return Tag.A
                .cls("node " + node.look().cls())
                .to(Bits.stage(run, node.name()))
                .with(Attr.TABINDEX, "-1")
                .of(Tag.G
                        .of(
                                Tag.TITLE.of(node.name() + ": " + node.look().word()),
                                Tag.RECT
                                        .cls("box")
                                        .with(Attr.WIDTH, Integer.toString(WIDTH))
                                        .with(Attr.HEIGHT, Integer.toString(HEIGHT))
                                        .with(Attr.RX, "8"),
                                sign,
                                text("name", 36, 19, name),
                                text("note", 36, 35, node.note()))
                        .with(Attr.TRANSFORM, "translate(" + x(node.name()) + " " + y(node.name()) + ")"));
    }

    private static Html text(String cls, int x, int y, String text) {
        return Tag.TEXT
                .cls(cls)
                .with(Attr.X, Integer.toString(x))
                .with(Attr.Y, Integer.toString(y))
                .of(text);
    }
}
