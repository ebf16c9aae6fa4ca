// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.run;

import java.util.List;

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
     */
    public record Failure(String test, String message) {
        /** Cuts both to their limits and drops control characters. */
        public Failure {
            test = cut(test, 200);
            message = cut(message, 300);
        }

        private static String cut(String value, int most) {
            String line = value.replaceAll("\\p{Cntrl}", " ").strip();
            return line.length() > most ? line.substring(0, most - 3) + "..." : line;
        }
    }
}
