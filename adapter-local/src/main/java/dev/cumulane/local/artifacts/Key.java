// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.artifacts;

import java.util.regex.Pattern;

/** A key that is safe as a path below a directory: names of letters, digits, dots, underscores and hyphens with slashes between. */
record Key(String value) {
    private static final int LONGEST = 300;
    /** What common file systems take is 255. */
    private static final int LONGEST_NAME = 200;

    private static final Pattern FORM = Pattern.compile("[a-zA-Z0-9._-]+(/[a-zA-Z0-9._-]+)*");

    /** Refuses a key of another form, and one that steps out of the directory. */
    Key {
        if (value.length() > LONGEST) {
            throw new IllegalArgumentException("a key has at most " + LONGEST + " characters, not " + value.length());
        }
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "not a key: '" + value.replaceAll("\\p{Cntrl}", "?")
                            + "'; a key is letters, digits, '.', '_' and '-' with single slashes between, such as claims/shop-0k3v9q2m7xw4b1ce/build/1");
        }
        for (String name : value.split("/", -1)) {
            if (name.equals(".") || name.equals("..")) {
                throw new IllegalArgumentException("not a key: '" + value + "' leaves its place by '" + name + "'");
            }
            if (name.length() > LONGEST_NAME) {
                throw new IllegalArgumentException(
                        "a name in a key has at most " + LONGEST_NAME + " characters, not " + name.length());
            }
        }
    }
}
