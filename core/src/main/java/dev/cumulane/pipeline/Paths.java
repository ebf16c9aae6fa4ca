// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

/** The rule for paths inside a workspace. */
final class Paths {
    private static final int LONGEST = 1024;

    private Paths() {}

    static String check(String path) {
        if (path.contains("*") || path.contains("?") || path.contains("[")) {
            throw new IllegalArgumentException(
                    "path " + Names.shown(path) + " holds a wildcard; name one file or directory");
        }
        return checkPattern(path);
    }

    static String checkPattern(String path) {
        boolean usable = !path.isEmpty()
                && path.length() <= LONGEST
                && !path.startsWith("/")
                && !path.startsWith("-")
                && !path.endsWith("/")
                && path.chars()
                        .allMatch(
                                c -> c > ' ' && c != 127 && c != '\\' && c != '\'' && c != '"' && c != '`' && c != '$');
        for (String segment : path.split("/", -1)) {
            usable &= !segment.isEmpty() && !segment.equals(".") && !segment.equals("..");
        }
        if (!usable) {
            throw new IllegalArgumentException(
                    "path " + Names.shown(path)
                            + " is not usable: relative to the workspace, with slashes, without '..', spaces, quotes or '$', such as 'target/app.jar'");
        }
        return path;
    }
}
