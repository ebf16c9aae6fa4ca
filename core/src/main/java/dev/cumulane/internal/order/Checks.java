// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.order;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The checks that all orders share; each throws an {@link IllegalArgumentException} that names the value. */
final class Checks {
    /** Linux takes at most 128 KiB as one argument or variable; this leaves room and keeps the order small. */
    static final int LONGEST_TEXT = 32 * 1024;

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
    private static final Pattern VARIABLE = Pattern.compile("[A-Z][A-Z0-9_]{0,63}");
    private static final int LONGEST_NAME = 40;
    private static final int MOST_VARIABLES = 200;
    private static final int MOST_INPUTS = 1000;

    private Checks() {}

    /** The name of a stage or an artifact. */
    static String name(String kind, String name) {
        if (name.length() > LONGEST_NAME || !NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(kind + " name '" + ShellText.shown(name) + "' is not usable: 1 to "
                    + LONGEST_NAME + " lower-case letters, digits and single hyphens, starting with a letter");
        }
        return name;
    }

    /** Text that goes into a shell variable or argument. */
    static String text(String what, String text) {
        if (text.length() > LONGEST_TEXT || text.getBytes(StandardCharsets.UTF_8).length > LONGEST_TEXT) {
            throw new IllegalArgumentException(what + " is longer than " + LONGEST_TEXT + " bytes");
        }
        ShellText.octal(text);
        return text;
    }

    /** The name of an environment variable. */
    static void variable(String name) {
        if (!VARIABLE.matcher(name).matches() || name.startsWith("CUMULANE_")) {
            throw new IllegalArgumentException(
                    "environment variable name '" + ShellText.shown(name) + "' cannot be set by a work order");
        }
    }

    /** Environment variables, as an unmodifiable copy. */
    static SortedMap<String, String> variables(SortedMap<String, String> variables) {
        if (variables.size() > MOST_VARIABLES) {
            throw new IllegalArgumentException(variables.size() + " variables are more than " + MOST_VARIABLES);
        }
        variables.forEach((name, value) -> {
            variable(name);
            text("the value of environment variable " + name, value);
        });
        return Collections.unmodifiableSortedMap(new TreeMap<>(variables));
    }

    /** Inputs, as an unmodifiable copy. */
    static List<OrderInput> inputs(List<OrderInput> inputs) {
        if (inputs.size() > MOST_INPUTS) {
            throw new IllegalArgumentException(inputs.size() + " inputs are more than " + MOST_INPUTS);
        }
        Set<String> seen = new HashSet<>();
        for (OrderInput input : inputs) {
            if (!seen.add(input.stage() + "/" + input.name())) {
                throw new IllegalArgumentException(
                        "input " + input.name() + " of stage " + input.stage() + " is named twice");
            }
        }
        return List.copyOf(inputs);
    }
}
