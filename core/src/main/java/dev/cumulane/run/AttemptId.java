// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.run;

/**
 * One try of one stage of one run.
 *
 * @param run the run
 * @param stage the stage's name
 * @param number 1 for the first try
 */
public record AttemptId(RunId run, String stage, int number) {
    /** Refuses a number below 1. */
    public AttemptId {
        if (number < 1) {
            throw new IllegalArgumentException("an attempt's number starts at 1, not " + number);
        }
    }

    /**
     * The attempt as part of a key.
     *
     * @return run, stage and number with slashes between
     */
    public String key() {
        return run.value() + "/" + stage + "/" + number;
    }

    /**
     * Reads what {@link #key()} wrote.
     *
     * @param key run, stage and number with slashes between
     * @return the attempt
     */
    public static AttemptId parse(String key) {
        String[] parts = key.split("/", -1);
        if (parts.length != 3 || !parts[2].matches("[1-9][0-9]{0,5}")) {
            throw new IllegalArgumentException("not an attempt: '" + key + "'");
        }
        return new AttemptId(new RunId(parts[0]), parts[1], Integer.parseInt(parts[2]));
    }

    @Override
    public String toString() {
        return key();
    }
}
