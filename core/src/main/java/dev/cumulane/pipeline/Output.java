// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A value that a stage hands on: what to call it and what it is. Kept in a constant, it says the same to the stage that gives the value and to those that use it.
 *
 * @param <T> what it is in Java
 */
public final class Output<T> {
    /** The most values of one stage. */
    public static final int MOST = 20;

    private final String name;
    private final ValueKind kind;

    private Output(String name, ValueKind kind) {
        this.name = Names.check("value", name);
        this.kind = kind;
    }

    /**
     * Any text without NUL.
     *
     * @param name what to call it, by the rule for names of artifacts
     * @return the output
     */
    public static Output<String> text(String name) {
        return new Output<>(name, ValueKind.TEXT);
    }

    /**
     * A decimal number of at most 18 digits, and nine behind the point.
     *
     * @param name what to call it, by the rule for names of artifacts
     * @return the output
     */
    public static Output<BigDecimal> number(String name) {
        return new Output<>(name, ValueKind.NUMBER);
    }

    /**
     * Yes or no, written {@code true} or {@code false}.
     *
     * @param name what to call it, by the rule for names of artifacts
     * @return the output
     */
    public static Output<Boolean> flag(String name) {
        return new Output<>(name, ValueKind.FLAG);
    }

    /**
     * Texts of one line each, none of them empty.
     *
     * @param name what to call it, by the rule for names of artifacts
     * @return the output
     */
    public static Output<List<String>> list(String name) {
        return new Output<>(name, ValueKind.LIST);
    }

    static Output<?> of(String name, ValueKind kind) {
        return new Output<>(name, kind);
    }

    /**
     * What it is called.
     *
     * @return the name
     */
    public String name() {
        return name;
    }

    /**
     * What it is.
     *
     * @return the kind
     */
    public ValueKind kind() {
        return kind;
    }

    /** The value's text. */
    String write(T content) {
        if (content instanceof List<?> items) {
            for (int i = 0; i < items.size(); i++) {
                String item = items.get(i).toString();
                if (item.isEmpty() || item.indexOf('\n') >= 0) {
                    throw new IllegalArgumentException(
                            "item " + (i + 1) + " of value " + name + " is empty or has several lines");
                }
            }
            return items.stream().map(Object::toString).collect(Collectors.joining("\n"));
        }
        return content instanceof BigDecimal number ? number.toPlainString() : content.toString();
    }

    @Override
    public String toString() {
        return kind + " " + name;
    }
}
