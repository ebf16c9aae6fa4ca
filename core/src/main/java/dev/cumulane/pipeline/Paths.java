// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

import java.nio.charset.StandardCharsets;

/** The rule for paths inside a workspace. */
final class Paths {
    private static final int LONGEST = 1024;
    private static final int MOST_LEVELS = 32;

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
                && path.getBytes(StandardCharsets.UTF_8).length <= LONGEST
                && !path.startsWith("/")
                && !path.startsWith("-")
                && !path.endsWith("/")
                && !path.matches("[A-Za-z]:.*|(?i:\\.git)(/.*)?")
                && path.split("/", -1).length <= MOST_LEVELS
                && path.chars()
                        .allMatch(c -> c > ' '
                                && !Character.isISOControl(c)
                                && c != '\\'
                                && c != '\''
                                && c != '"'
                                && c != '`'
                                && c != '$');
        for (String segment : path.split("/", -1)) {
            usable &= !segment.isEmpty() && !segment.equals(".") && !segment.equals("..");
        }
        if (!usable) {
            throw new IllegalArgumentException(
                    "path " + Names.shown(path)
                            + " is not usable: relative to the workspace, with slashes, at most 32 levels deep, without '..', spaces, quotes or '$' and not in .git, such as 'target/app.jar'");
        }
        return path;
    }
}
