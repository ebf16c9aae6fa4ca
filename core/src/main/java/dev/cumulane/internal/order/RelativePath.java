// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.order;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** The rules for paths below a workspace, and for the patterns of reports. */
final class RelativePath {
    static final int MOST_BYTES = 1024;
    static final int MOST_LEVELS = 32;
    private static final Pattern DRIVE = Pattern.compile("[A-Za-z]:");

    private RelativePath() {}

    /**
     * Checks a relative path with slashes.
     *
     * @return the path
     * @throws IllegalArgumentException if it is empty, absolute, too long, leads upwards or into {@code .git}, or has characters that names may not have
     */
    static String check(String what, String path) {
        String problem = problem(path);
        if (!problem.isEmpty()) {
            throw new IllegalArgumentException(what + " " + shown(path) + " " + problem
                    + "; it has to be relative to the workspace, such as 'target/app.jar'");
        }
        return path;
    }

    /** What is wrong with the path, as the end of a sentence; empty if nothing is. */
    static String problem(String path) {
        if (path.isEmpty()) {
            return "is empty";
        }
        if (path.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
            return "is longer than " + MOST_BYTES + " bytes";
        }
        if (path.startsWith("/") || DRIVE.matcher(path).lookingAt()) {
            return "is absolute";
        }
        if (path.startsWith("-")) {
            return "starts with a hyphen, like an option";
        }
        if (path.chars().anyMatch(c -> c == '\\' || Character.isISOControl(c))) {
            return "has a backslash or a control character";
        }
        List<String> segments = List.of(path.split("/", -1));
        if (segments.size() > MOST_LEVELS) {
            return "has more than " + MOST_LEVELS + " levels";
        }
        for (String segment : segments) {
            if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
                return "has an empty, '.' or '..' part";
            }
        }
        return segments.get(0).toLowerCase(Locale.ROOT).equals(".git") ? "leads into .git" : "";
    }

    /**
     * A glob pattern as an extended regular expression over whole relative paths: {@code *} and {@code ?} stay within one
     * directory, a segment {@code **} stands for any number of directories, everything else for itself.
     *
     * @throws IllegalArgumentException if the pattern is not a relative path
     */
    static String globToRegex(String glob) {
        check("report pattern", glob);
        StringBuilder regex = new StringBuilder("^");
        String[] segments = glob.split("/", -1);
        for (int i = 0; i < segments.length; i++) {
            boolean last = i == segments.length - 1;
            if (segments[i].equals("**")) {
                regex.append(last ? ".*" : "(.*/)?");
            } else {
                segments[i].codePoints().forEach(c -> append(regex, c));
                regex.append(last ? "" : "/");
            }
        }
        return regex.append('$').toString();
    }

    private static void append(StringBuilder regex, int c) {
        switch (c) {
            case '*' -> regex.append("[^/]*");
            case '?' -> regex.append("[^/]");
            case '.', '[', ']', '(', ')', '{', '}', '+', '|', '^', '$' ->
                regex.append('\\').appendCodePoint(c);
            default -> regex.appendCodePoint(c);
        }
    }

    private static String shown(String value) {
        String cut = value.length() > 80 ? value.substring(0, 77) + "..." : value;
        return "'" + cut.replaceAll("\\p{Cntrl}", "?") + "'";
    }
}
