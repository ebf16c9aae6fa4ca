// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.sqlite;

import java.util.List;

/**
 * What a SQLite file holds.
 *
 * @param what its name in messages, such as {@code journal}
 * @param application SQLite's {@code application_id}, which tells our files from others'
 * @param version SQLite's {@code user_version}; a file with a higher one was written by newer code and is refused
 * @param statements what makes the tables of a new file
 */
public record Layout(String what, int application, int version, List<String> statements) {
    /** Copies the list. */
    public Layout {
        statements = List.copyOf(statements);
    }
}
