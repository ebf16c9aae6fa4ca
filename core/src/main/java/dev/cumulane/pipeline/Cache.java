// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

import java.util.List;

/**
 * A directory of the workspace that outlives a run, as the plan says it.
 *
 * @param name what the pipeline calls it
 * @param path where it lies, relative to the workspace, with slashes
 * @param keyFiles patterns of files in the workspace; other bytes in one of them are another cache
 */
public record Cache(String name, String path, List<String> keyFiles) {
    /** The most caches of one stage. */
    static final int MOST = 10;

    private static final int MOST_PATTERNS = 20;

    /** Checks name, path and patterns, and copies the list. */
    public Cache {
        Names.check("cache", name);
        Paths.check(path);
        keyFiles = List.copyOf(keyFiles);
        if (keyFiles.isEmpty() || keyFiles.size() > MOST_PATTERNS) {
            throw new IllegalArgumentException("cache '" + name + "' has " + keyFiles.size()
                    + " patterns of key files; it needs 1 to " + MOST_PATTERNS + ", such as 'pom.xml'");
        }
        keyFiles.forEach(Paths::checkPattern);
    }
}
