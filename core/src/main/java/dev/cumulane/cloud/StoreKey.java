// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

import java.util.regex.Pattern;

/** The rule for keys of an {@link ArtifactStore}: one for all stores, so that what one takes every one takes. */
final class StoreKey {
    private static final int LONGEST = 300;

    /** What common file systems take is 255. */
    private static final int LONGEST_NAME = 200;

    private static final int MOST_SHOWN = 80;
    private static final Pattern FORM = Pattern.compile("[a-zA-Z0-9._-]+(/[a-zA-Z0-9._-]+)*");

    private StoreKey() {}

    static String check(String key) {
        if (key.length() > LONGEST) {
            throw new IllegalArgumentException("a key has at most " + LONGEST + " characters, not " + key.length());
        }
        if (!FORM.matcher(key).matches()) {
            throw new IllegalArgumentException(
                    "not a key: '" + shown(key)
                            + "'; a key is letters, digits, '.', '_' and '-' with single slashes between, such as claims/shop-0k3v9q2m7xw4b1ce/build/1");
        }
        for (String name : key.split("/", -1)) {
            if (name.equals(".") || name.equals("..")) {
                throw new IllegalArgumentException(
                        "not a key: '" + shown(key) + "' leaves its place by '" + name + "'");
            }
            if (name.length() > LONGEST_NAME) {
                throw new IllegalArgumentException(
                        "a name in a key has at most " + LONGEST_NAME + " characters, not " + name.length());
            }
        }
        return key;
    }

    private static String shown(String key) {
        String cut = key.length() > MOST_SHOWN ? key.substring(0, MOST_SHOWN - 3) + "..." : key;
        return cut.replaceAll("[^ -~]", "?");
    }
}
