// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Axes and their values. Its cells are all combinations, without those that are excluded, with those that are included. Immutable.
 *
 * <p>Names of axes are lower-case words; values are one plain line of 1 to 100 characters.
 */
public final class Matrix {
    /** The most cells of one matrix. */
    public static final int MOST_CELLS = 1_000;

    private static final int LONGEST_VALUE = 100;

    private final Map<String, List<String>> axes;
    private final List<SortedMap<String, String>> excluded;
    private final List<SortedMap<String, String>> included;

    private Matrix(
            Map<String, List<String>> axes,
            List<SortedMap<String, String>> excluded,
            List<SortedMap<String, String>> included) {
        this.axes = axes;
        this.excluded = excluded;
        this.included = included;
    }

    /**
     * A matrix of one axis.
     *
     * @param name what to call it
     * @param values its values
     * @return the matrix
     */
    public static Matrix axis(String name, String... values) {
        return new Matrix(new LinkedHashMap<>(), List.of(), List.of()).by(name, values);
    }

    /**
     * So many parts of the same work: a matrix whose axis is called {@code shard}, with the values from 1 on.
     *
     * @param count how many, 1 to 1,000
     * @return the matrix
     */
    public static Matrix shards(int count) {
        if (count < 1 || count > MOST_CELLS) {
            throw new IllegalArgumentException("work can be cut into 1 to " + MOST_CELLS + " shards, not " + count);
        }
        return axis(
                "shard",
                IntStream.rangeClosed(1, count).mapToObj(Integer::toString).toArray(String[]::new));
    }

    /**
     * Another axis.
     *
     * @param name what to call it
     * @param values its values
     * @return the matrix
     */
    public Matrix by(String name, String... values) {
        Names.check("axis", name);
        if (values.length == 0) {
            throw new IllegalArgumentException("axis '" + name + "' has no values");
        }
        Map<String, List<String>> more = new LinkedHashMap<>(axes);
        if (more.put(
                        name,
                        Arrays.stream(values)
                                .map(value -> checkValue(name, value))
                                .distinct()
                                .toList())
                != null) {
            throw new IllegalArgumentException("axis '" + name + "' is named twice");
        }
        return new Matrix(more, excluded, included);
    }

    /**
     * Leaves out the cells that have all these coordinates.
     *
     * @param coordinates for some axes the name and the value, such as {@code "java", "17", "os", "windows"}
     * @return the matrix
     */
    public Matrix except(String... coordinates) {
        SortedMap<String, String> out = coordinates(coordinates);
        checkKnown(out);
        List<SortedMap<String, String>> more = new ArrayList<>(excluded);
        more.add(out);
        return new Matrix(axes, more, included);
    }

    /**
     * Adds a cell, also with values that no axis has.
     *
     * @param coordinates for each axis its name and the value
     * @return the matrix
     */
    public Matrix including(String... coordinates) {
        SortedMap<String, String> in = coordinates(coordinates);
        if (!in.keySet().equals(new TreeMap<>(axes).keySet())) {
            throw new IllegalArgumentException(
                    "a cell to include needs a value for each axis, " + axes.keySet() + ", and no other; it has " + in);
        }
        in.forEach(Matrix::checkValue);
        List<SortedMap<String, String>> more = new ArrayList<>(included);
        more.add(in);
        return new Matrix(axes, excluded, more);
    }

    static SortedMap<String, String> coordinates(String... words) {
        if (words.length == 0 || words.length % 2 != 0) {
            throw new IllegalArgumentException(
                    "coordinates are pairs of an axis and a value, such as \"java\", \"21\"; got "
                            + Arrays.toString(words));
        }
        SortedMap<String, String> coordinates = new TreeMap<>();
        for (int i = 0; i < words.length; i += 2) {
            if (coordinates.put(words[i], words[i + 1]) != null) {
                throw new IllegalArgumentException("axis " + Names.shown(words[i]) + " is named twice");
            }
        }
        return coordinates;
    }

    private void checkKnown(SortedMap<String, String> coordinates) {
        coordinates.forEach((axis, value) -> {
            List<String> values = axes.get(axis);
            if (values == null) {
                throw new IllegalArgumentException(
                        "there is no axis " + Names.shown(axis) + "; there are: " + String.join(", ", axes.keySet()));
            }
            if (!values.contains(value)) {
                throw new IllegalArgumentException("axis '" + axis + "' has no value " + Names.shown(value)
                        + "; it has: " + String.join(", ", values));
            }
        });
    }

    private static String checkValue(String axis, String value) {
        if (value.isBlank() || value.length() > LONGEST_VALUE || value.chars().anyMatch(c -> c < ' ' || c == 127)) {
            throw new IllegalArgumentException("value " + Names.shown(value) + " of axis '" + axis
                    + "' is not usable: one plain line of 1 to " + LONGEST_VALUE + " characters");
        }
        return value;
    }

    /** The cells, in the order of the axes and their values. */
    List<SortedMap<String, String>> cells() {
        long all = 1;
        for (List<String> values : axes.values()) {
            all *= values.size();
            if (all > 100L * MOST_CELLS) {
                break;
            }
        }
        if (all > 100L * MOST_CELLS) {
            throw new IllegalArgumentException("the matrix " + axes.keySet() + " has more than " + 100 * MOST_CELLS
                    + " combinations; at most " + MOST_CELLS + " cells may be left of them");
        }
        List<SortedMap<String, String>> cells = new ArrayList<>();
        cells.add(new TreeMap<>());
        for (Map.Entry<String, List<String>> axis : axes.entrySet()) {
            List<SortedMap<String, String>> next = new ArrayList<>();
            for (SortedMap<String, String> cell : cells) {
                for (String value : axis.getValue()) {
                    SortedMap<String, String> longer = new TreeMap<>(cell);
                    longer.put(axis.getKey(), value);
                    next.add(longer);
                }
            }
            cells = next;
        }
        Set<SortedMap<String, String>> left = new LinkedHashSet<>(cells);
        left.removeIf(cell -> excluded.stream().anyMatch(out -> cell.entrySet().containsAll(out.entrySet())));
        left.addAll(included);
        if (left.isEmpty() || left.size() > MOST_CELLS) {
            throw new IllegalArgumentException(
                    "a matrix has 1 to " + MOST_CELLS + " cells, not " + left.size() + "; look at its exclusions");
        }
        return List.copyOf(left);
    }
}
