// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

import java.util.List;

/**
 * Patterns that are matched against whole values from outside, in time linear in the value for each star: {@code *} stands for any characters, in a path for any
 * within a name; {@code **} stands for any characters.
 */
public final class Patterns {
    private static final int MOST = 100;
    private static final int LONGEST = 255;

    private Patterns() {}

    static List<String> check(String kind, List<String> patterns) {
        if (patterns.isEmpty() || patterns.size() > MOST) {
            throw new IllegalArgumentException(
                    "a condition names 1 to " + MOST + " " + kind + " patterns, not " + patterns.size());
        }
        return checkEach(kind, patterns);
    }

    /** The same, where none at all means every one. */
    static List<String> checkAny(String kind, List<String> patterns) {
        if (patterns.size() > MOST) {
            throw new IllegalArgumentException(
                    "a trigger names at most " + MOST + " " + kind + " patterns, not " + patterns.size());
        }
        return checkEach(kind, patterns);
    }

    private static List<String> checkEach(String kind, List<String> patterns) {
        for (String pattern : patterns) {
            boolean usable = !pattern.isBlank()
                    && pattern.length() <= LONGEST
                    && !pattern.startsWith("-")
                    && !pattern.startsWith("/")
                    && pattern.chars().noneMatch(c -> c <= ' ' || c == 127);
            if (!usable) {
                throw new IllegalArgumentException(kind + " pattern " + Names.shown(pattern)
                        + " is not usable: a whole name such as 'main' or with stars such as 'release/*'");
            }
        }
        return List.copyOf(patterns);
    }

    /**
     * Whether a name fits a pattern; a star stands for any characters.
     *
     * @param pattern the pattern
     * @param name the whole name
     * @return true if it fits
     */
    public static boolean fits(String pattern, String name) {
        return fits(pattern, name, false);
    }

    /**
     * Whether a path fits a pattern; a star stands for any characters but slashes, two stars for any.
     *
     * @param pattern the pattern
     * @param path the whole path
     * @return true if it fits
     */
    public static boolean pathFits(String pattern, String path) {
        return fits(pattern, path, true);
    }

    /** Keeps the set of places in the pattern that the value so far can have led to: no backtracking, whatever the pattern. */
    private static boolean fits(String pattern, String value, boolean path) {
        boolean[] at = new boolean[pattern.length() + 1];
        at[0] = true;
        passStars(pattern, at);
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean[] next = new boolean[at.length];
            for (int place = 0; place < pattern.length(); place++) {
                if (at[place] && pattern.charAt(place) == '*') {
                    next[place] |= !path || c != '/' || isDouble(pattern, place);
                } else if (at[place] && pattern.charAt(place) == c) {
                    next[place + 1] = true;
                }
            }
            passStars(pattern, next);
            at = next;
        }
        return at[pattern.length()];
    }

    private static void passStars(String pattern, boolean[] at) {
        for (int place = 0; place < pattern.length(); place++) {
            at[place + 1] |= at[place] && pattern.charAt(place) == '*';
        }
    }

    private static boolean isDouble(String pattern, int place) {
        boolean before = place > 0 && pattern.charAt(place - 1) == '*';
        boolean behind = place + 1 < pattern.length() && pattern.charAt(place + 1) == '*';
        return before || behind;
    }
}
