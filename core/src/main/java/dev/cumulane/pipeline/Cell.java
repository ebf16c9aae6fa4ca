// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

import java.util.SortedMap;

/** A cell of a matrix, while its stage is being defined. */
public final class Cell {
    private final String name;
    private final SortedMap<String, String> at;

    Cell(String name, SortedMap<String, String> at) {
        this.name = name;
        this.at = at;
    }

    /**
     * A name for the cell's stage, made of the matrix's name and the coordinates.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    /**
     * The cell's value on an axis.
     *
     * @param axis the axis
     * @return the value
     */
    public String get(String axis) {
        String value = at.get(axis);
        if (value == null) {
            throw new IllegalArgumentException(
                    "there is no axis " + Names.shown(axis) + "; there are: " + String.join(", ", at.keySet()));
        }
        return value;
    }

    @Override
    public String toString() {
        return name + at;
    }
}
