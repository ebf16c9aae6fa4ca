// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.order;

import dev.cumulane.run.TestSummary;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where in the repository a failed test is: as its report says in {@code file} and {@code line}, which many dialects do; otherwise, for a JVM's test, from the stack trace,
 * on the layout of Maven and Gradle. A guess that is wrong costs an annotation and nothing else.
 */
final class TestPlaces {
    private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,6}");
    private static final Pattern FRAME = Pattern.compile(
            "\\s*at (?:[\\w.@-]*/)*([\\w.$]+)\\.[\\w$<>]+\\(([\\w$]+\\.(java|kt|groovy|scala)):([0-9]{1,7})\\)");
    private static final Pattern BUILD = Pattern.compile("(?:^|/)(?:target|build)/");

    private static final int LONGEST_FRAME = 500;

    private TestPlaces() {}

    /**
     * A failed test's place, if it is known.
     *
     * @param file what the report says of the file; may be empty
     * @param line what the report says of the line; may be empty
     * @param type the test's class; may be empty
     * @param trace the beginning of the failure's text
     * @param report the report's own name
     */
    static Optional<TestSummary.Place> of(String file, String line, String type, String trace, String report) {
        if (!file.isEmpty()) {
            String known = file.replace('\\', '/').replaceFirst("^\\./", "");
            int number = NUMBER.matcher(line).matches() ? Integer.parseInt(line) : 1;
            return TestSummary.Place.of(known, number);
        }
        if (type.isEmpty()) {
            return Optional.empty();
        }
        for (String frame : trace.lines().limit(60).toList()) {
            Matcher matcher = FRAME.matcher(frame);
            // The first frame of the test's own class, or of one inside it: those above are the library's.
            if (frame.length() <= LONGEST_FRAME
                    && matcher.lookingAt()
                    && isIn(matcher.group(1), type)
                    && NUMBER.matcher(matcher.group(4)).matches()) {
                String language = matcher.group(3).equals("kt") ? "kotlin" : matcher.group(3);
                String known = module(report) + "src/test/" + language + "/" + directory(type) + matcher.group(2);
                return TestSummary.Place.of(known, Integer.parseInt(matcher.group(4)));
            }
        }
        return Optional.empty();
    }

    private static boolean isIn(String type, String outer) {
        return type.equals(outer) || type.startsWith(outer + "$");
    }

    private static String directory(String type) {
        int dot = type.lastIndexOf('.');
        return dot < 0 ? "" : type.substring(0, dot + 1).replace('.', '/');
    }

    /** The module of a report: what comes before its build directory. */
    private static String module(String report) {
        Matcher build = BUILD.matcher(report);
        if (!build.find()) {
            return "";
        }
        String before = report.substring(0, build.start());
        return before.isEmpty() ? "" : before + "/";
    }
}
