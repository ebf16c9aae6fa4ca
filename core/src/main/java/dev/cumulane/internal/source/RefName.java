// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.source;

import java.util.regex.Pattern;

/**
 * The rule for names of branches and tags from outside. It is git's own, as {@code git check-ref-format} has it: what breaks it can be no name on a forge, but could
 * be a refspec.
 */
final class RefName {
    private static final Pattern ODD =
            Pattern.compile("[\\x00-\\x20\\x7f~^:?*\\[\\\\]|\\.\\.|@\\{|//|/\\.|\\./|\\.lock/");

    private RefName() {}

    /** Whether this is the full name of a branch or a tag. */
    static boolean isBranchOrTag(String ref) {
        return ref.startsWith("refs/heads/") || ref.startsWith("refs/tags/");
    }

    /**
     * Refuses what git would not take for a ref or a branch.
     *
     * @throws IllegalArgumentException if it is none; the message does not hold it
     */
    static String check(String ref) {
        boolean bad = ref.isEmpty()
                || ref.equals("@")
                || ref.startsWith("-")
                || ref.startsWith("/")
                || ref.startsWith(".")
                || ref.endsWith("/")
                || ref.endsWith(".")
                || ref.endsWith(".lock")
                || ODD.matcher(ref).find();
        if (bad) {
            throw new IllegalArgumentException("a ref or branch has a name that git does not allow");
        }
        return ref;
    }

    /** A branch's short name. */
    static String branch(String ref) {
        return ref.startsWith("refs/heads/") ? ref.substring("refs/heads/".length()) : ref;
    }
}
