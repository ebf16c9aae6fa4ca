// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import dev.cumulane.local.cli.Style.Ink;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One line of output before it is known how wide the reader's terminal is.
 *
 * @param parts its pieces, from left to right; their texts are clean
 */
record Line(List<Part> parts) {
    /** A piece in one ink. */
    record Part(Ink ink, String text) {}

    Line {
        parts = List.copyOf(parts);
    }

    static Line of(String text) {
        return of(Ink.DEFAULT, text);
    }

    static Line of(Ink ink, String text) {
        return new Line(List.of(new Part(ink, text)));
    }

    Line and(Ink ink, String text) {
        return and(of(ink, text));
    }

    Line and(Line more) {
        return new Line(Stream.concat(parts.stream(), more.parts.stream()).toList());
    }

    Line and(String text) {
        return and(Ink.DEFAULT, text);
    }

    /** The whole line as its characters alone. */
    String text() {
        return parts.stream().map(Part::text).collect(Collectors.joining()).stripTrailing();
    }

    /** The whole line in this style. */
    String painted(Style style) {
        return painted(style, Integer.MAX_VALUE);
    }

    /** At most so many columns of the line, in this style. */
    String painted(Style style, int columns) {
        StringBuilder painted = new StringBuilder();
        int room = columns;
        for (Part part : parts) {
            String shown = Text.cut(part.text(), room);
            painted.append(style.paint(part.ink(), shown));
            room -= Text.width(shown);
            if (!shown.equals(part.text())) {
                break;
            }
        }
        return painted.toString();
    }
}
