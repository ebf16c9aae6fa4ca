// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.page;

import dev.cumulane.internal.html.Attr;
import dev.cumulane.internal.html.Html;
import dev.cumulane.internal.html.Tag;
import dev.cumulane.run.RunId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A picture of what comes before what: stages in columns from left to right, each near those that it is connected with.
 *
 * <p>The layout is that of Sugiyama, Tagawa and Toda (1981): a line over several columns has a spot of its own in each between, so that it goes around boxes and not
 * through them; the spots of a column are ordered by the mean of those before them. Only lines that say something are drawn: none from a stage to one that comes after
 * it anyway.
 */
final class Drawing {
    private static final int NARROWEST = 112;
    private static final int HEIGHT = 44;
    private static final int BETWEEN = 36;
    private static final int GAP = 14;
    private static final int MARGIN = 6;
    private static final int LONGEST = 24;
    /** What the sign before a name and the room behind it take; a character of a name, and of a note, at most so in the usual fonts, but for a few wide letters. */
    private static final int AROUND = 48;

    private static final int NAME_CHARACTER = 8;
    private static final int NOTE_CHARACTER = 7;
    /** A picture up to here may be drawn smaller to fit; one that is wider would not be readable, and is moved instead. */
    private static final int FITTING = 1400;

    private final List<Node> nodes;
    private final Map<String, Spot> boxes = new LinkedHashMap<>();
    private final List<List<Spot>> columns = new ArrayList<>();

    /**
     * A box of the picture.
     *
     * @param name what it is called
     * @param note what else it says
     * @param look how its state looks
     * @param after the boxes that come before it
     */
    record Node(String name, String note, Look look, List<String> after) {}

    /** A place in a column, for a box or for a line that passes. */
    private static final class Spot {
        final Optional<Node> node;
        final int column;
        final List<Spot> before = new ArrayList<>();
        int left;
        int width;
        int top;

        Spot(Optional<Node> node, int column) {
            this.node = node;
            this.column = column;
        }

        int height() {
            return node.isPresent() ? HEIGHT : 0;
        }

        int middle() {
            return top + height() / 2;
        }

        /** What the column needs to show this. */
        int wanted() {
            return node.map(one -> AROUND
                            + Math.max(
                                    NAME_CHARACTER * shown(one).length(),
                                    NOTE_CHARACTER * one.note().length()))
                    .orElse(0);
        }
    }

    private Drawing(List<Node> nodes) {
        this.nodes = nodes;
    }

    /**
     * The picture of a run; each box leads to its stage.
     *
     * @param nodes the boxes, each behind those before it
     */
    static Html of(RunId run, List<Node> nodes) {
        Drawing drawing = new Drawing(nodes);
        drawing.place();
        drawing.columns.forEach(Drawing::order);
        int height = drawing.columns.stream().mapToInt(Drawing::height).max().orElse(0);
        drawing.columns.forEach(column -> stack(column, height));
        return drawing.svg(run, drawing.spread(), height + 2 * MARGIN);
    }

    /** Puts the columns beside each other, each as wide as its widest box; gives the picture's width. */
    private int spread() {
        int left = MARGIN;
        for (List<Spot> column : columns) {
            int width = column.stream().mapToInt(Spot::wanted).max().orElse(0);
            for (Spot spot : column) {
                spot.left = left;
                spot.width = Math.max(NARROWEST, width);
            }
            left += Math.max(NARROWEST, width) + BETWEEN;
        }
        return left - BETWEEN + MARGIN;
    }

    private void place() {
        Map<String, List<String>> direct = direct();
        Map<String, Integer> numbers = numbers(direct);
        for (Node node : nodes) {
            Spot box = spot(Optional.of(node), numbers.getOrDefault(node.name(), 0));
            boxes.put(node.name(), box);
            direct.getOrDefault(node.name(), List.of())
                    .forEach(earlier -> Optional.ofNullable(boxes.get(earlier)).ifPresent(from -> connect(from, box)));
        }
    }

    /** What comes right before each box: no other way leads there. */
    private Map<String, List<String>> direct() {
        Map<String, Set<String>> all = new LinkedHashMap<>();
        Map<String, List<String>> direct = new LinkedHashMap<>();
        for (Node node : nodes) {
            Set<String> before = new HashSet<>(node.after());
            node.after().forEach(earlier -> before.addAll(all.getOrDefault(earlier, Set.of())));
            all.put(node.name(), before);
            direct.put(
                    node.name(),
                    node.after().stream()
                            .filter(earlier -> node.after().stream()
                                    .noneMatch(other ->
                                            all.getOrDefault(other, Set.of()).contains(earlier)))
                            .toList());
        }
        return direct;
    }

    /** Each box's column: behind all before it; one with nothing before it stands close to what follows. */
    private Map<String, Integer> numbers(Map<String, List<String>> direct) {
        Map<String, Integer> numbers = new LinkedHashMap<>();
        direct.forEach((name, before) -> numbers.put(
                name,
                before.stream()
                                .mapToInt(earlier -> numbers.getOrDefault(earlier, 0))
                                .max()
                                .orElse(-1)
                        + 1));
        direct.forEach((name, before) -> {
            if (before.isEmpty()) {
                direct.entrySet().stream()
                        .filter(other -> other.getValue().contains(name))
                        .mapToInt(other -> numbers.getOrDefault(other.getKey(), 1))
                        .min()
                        .ifPresent(first -> numbers.put(name, first - 1));
            }
        });
        return numbers;
    }

    private Spot spot(Optional<Node> node, int column) {
        while (columns.size() <= column) {
            columns.add(new ArrayList<>());
        }
        Spot spot = new Spot(node, column);
        columns.get(column).add(spot);
        return spot;
    }

    private void connect(Spot from, Spot to) {
        Spot last = from;
        for (int column = from.column + 1; column < to.column; column++) {
            Spot passing = spot(Optional.empty(), column);
            passing.before.add(last);
            last = passing;
        }
        to.before.add(last);
    }

    private static void order(List<Spot> column) {
        Map<Spot, Double> wanted = new LinkedHashMap<>();
        for (int i = 0; i < column.size(); i++) {
            Spot spot = column.get(i);
            wanted.put(
                    spot, spot.before.stream().mapToInt(Spot::middle).average().orElse(i * HEIGHT));
        }
        column.sort(Comparator.comparingDouble(spot -> wanted.getOrDefault(spot, 0.0)));
        stack(column, height(column));
    }

    private static int height(List<Spot> column) {
        return column.stream().mapToInt(spot -> spot.height() + GAP).sum() - GAP;
    }

    /** Puts the spots below each other, in the middle of a height. */
    private static void stack(List<Spot> column, int height) {
        int top = MARGIN + (height - height(column)) / 2;
        for (Spot spot : column) {
            spot.top = top;
            top += spot.height() + GAP;
        }
    }

    private Html svg(RunId run, int width, int height) {
        List<Html> shapes = new ArrayList<>();
        columns.forEach(column -> column.forEach(spot -> spot.before.forEach(from -> shapes.add(line(from, spot)))));
        boxes.values().forEach(spot -> shapes.add(box(run, spot, spot.node.orElseThrow())));
        return Tag.DIV
                .cls(width > FITTING ? "scroll graph" : "scroll graph fitting")
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

    /** The line from one spot to another in the next column, and on through the column if it only passes. */
    private static Html line(Spot from, Spot to) {
        int start = from.left + from.width;
        int half = BETWEEN / 2;
        String path = "M" + start + " " + from.middle() + "C" + (start + half) + " " + from.middle() + " "
                + (to.left - half) + " " + to.middle() + " " + to.left + " " + to.middle();
        return Tag.PATH.cls("edge").with(Attr.D, to.node.isPresent() ? path : path + "h" + to.width);
    }

    private static Html box(RunId run, Spot spot, Node node) {
        Html sign = Tag.G
                .cls("icon " + node.look().cls())
                .with(Attr.TRANSFORM, "translate(12 14)")
                .of(node.look().shape());
        Html.Element frame = Tag.RECT
                .cls("box")
                .with(Attr.WIDTH, Integer.toString(spot.width))
                .with(Attr.HEIGHT, Integer.toString(HEIGHT))
                .with(Attr.RX, "8");
        return Tag.A
                .cls("node " + node.look().cls())
                .to(Bits.stage(run, node.name()))
                .with(Attr.TABINDEX, "-1")
                .of(Tag.G
                        .of(
                                Tag.TITLE.of(node.name() + ": " + node.look().word()),
                                frame,
                                sign,
                                text("name", 19, shown(node)),
                                text("note", 35, node.note()))
                        .with(Attr.TRANSFORM, "translate(" + spot.left + " " + spot.top + ")"));
    }

    private static String shown(Node node) {
        return node.name().length() > LONGEST ? node.name().substring(0, LONGEST - 1) + "…" : node.name();
    }

    private static Html text(String cls, int y, String text) {
        return Tag.TEXT
                .cls(cls)
                .with(Attr.X, "36")
                .with(Attr.Y, Integer.toString(y))
                .of(text);
    }
}
