// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.run;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a stage's JUnit XML reports say, in numbers.
 *
 * @param total all tests, skipped ones included
 * @param failed tests with a failure or an error
 * @param skipped tests that did not run
 * @param failures the first {@value #MOST_FAILURES} failed tests
 */
public record TestSummary(int total, int failed, int skipped, List<Failure> failures) {
    /** How many failed tests are named; more are only counted. */
    public static final int MOST_FAILURES = 20;

    /** Cuts the list to its limit. */
    public TestSummary {
        failures = List.copyOf(failures.subList(0, Math.min(failures.size(), MOST_FAILURES)));
    }

    /**
     * One failed test.
     *
     * @param test class and name, at most 200 characters
     * @param message the first line of its message, at most 300 characters
     * @param place where in the repository it is, if its report says so
     */
    public record Failure(String test, String message, Optional<Place> place) {
        /** Cuts both to their limits and drops control characters. */
        public Failure {
            test = cut(test, 200);
            message = cut(message, 300);
        }

        /**
         * A failed test of which nobody knows where it is.
         *
         * @param test class and name
         * @param message the first line of its message
         */
        public Failure(String test, String message) {
            this(test, message, Optional.empty());
        }

        private static String cut(String value, int most) {
            String line = value.replaceAll("\\p{Cntrl}", " ").strip();
            return line.length() > most ? line.substring(0, most - 3) + "..." : line;
        }
    }

    /**
     * A line of a file.
     *
     * @param file the path in the repository, with slashes; at most {@value #LONGEST_FILE} characters
     * @param line the line's number, from 1
     */
    public record Place(String file, int line) {
        /** The longest {@link #file()}, in characters. */
        public static final int LONGEST_FILE = 200;

        private static final Pattern SEGMENT = Pattern.compile("[^/\\\\\\p{Cntrl}]+");

        /** Refuses what is no path inside a repository, and a line that none is. */
        public Place {
            if (!isInside(file) || line < 1) {
                throw new IllegalArgumentException(
                        "not a line of a repository's file: " + Line.shown(file) + ":" + line);
            }
        }

        /**
         * A line of a file, from anywhere.
         *
         * @param file a path
         * @param line a number
         * @return the place, or empty if there can be no such place in a repository
         */
        public static Optional<Place> of(String file, int line) {
            return isInside(file) && line >= 1 ? Optional.of(new Place(file, line)) : Optional.empty();
        }

        private static boolean isInside(String file) {
            return file.length() <= LONGEST_FILE
                    && Line.isPlain(file)
                    && List.of(file.split("/", -1)).stream()
                            .allMatch(part -> SEGMENT.matcher(part).matches()
                                    && !part.equals(".")
                                    && !part.equals("..")
                                    && !part.endsWith(":"));
        }
    }
}
