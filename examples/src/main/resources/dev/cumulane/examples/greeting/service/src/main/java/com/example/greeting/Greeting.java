// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package com.example.greeting;

import java.util.regex.Pattern;

/** The greeting itself, without any HTTP. */
final class Greeting {
    static final int LONGEST_NAME = 40;

    private static final Pattern NAME = Pattern.compile("\\p{L}[\\p{L}\\p{M}\\p{Nd} .'-]*");

    private Greeting() {}

    /**
     * Greets somebody, or the world if the name is blank.
     *
     * @throws IllegalArgumentException if that is no name, or a name longer than {@link #LONGEST_NAME} characters
     */
    static String to(String name) {
        String somebody = name.strip();
        if (somebody.isEmpty()) {
            return "Hello, world!";
        }
        if (somebody.length() > LONGEST_NAME) {
            throw new IllegalArgumentException("a name has at most " + LONGEST_NAME + " characters");
        }
        if (!NAME.matcher(somebody).matches()) {
            throw new IllegalArgumentException(
                    "a name starts with a letter and goes on with letters, digits, spaces and . ' -");
        }
        return "Hello, " + somebody + "!";
    }
}
