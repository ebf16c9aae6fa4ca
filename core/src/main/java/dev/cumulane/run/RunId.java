// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.run;

import java.util.regex.Pattern;

/**
 * The name of a run: its pipeline's name, 16 characters derived from what it runs for, and, for a repetition, its ordinal; as in
 * {@code shop-0k3v9q2m7xw4b1ce} and {@code shop-0k3v9q2m7xw4b1ce.2}.
 *
 * @param value the name, safe as a file name and as part of a key
 */
public record RunId(String value) implements Comparable<RunId> {
    private static final Pattern FORM = Pattern.compile("[a-z][a-z0-9-]{0,63}-[0-9a-z]{16}(\\.[1-9][0-9]{0,5})?");

    /** Refuses a value that is not of the form above. */
    public RunId {
        if (value.length() > 100 || !FORM.matcher(value).matches()) {
            String cut = value.length() > 80 ? value.substring(0, 77) + "..." : value;
            throw new IllegalArgumentException("not a run id: '" + cut.replaceAll("\\p{Cntrl}", "?") + "'");
        }
    }

    @Override
    public int compareTo(RunId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
