// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.run;

import java.util.regex.Pattern;

/**
 * One commit of one repository, and the ref through which it was found.
 *
 * @param repository the repository's URL or, on one machine, its path
 * @param ref the full ref, such as {@code refs/heads/main}; empty when the commit was named by itself
 * @param id the full commit id, 40 or 64 lower-case hexadecimal digits
 */
public record Commit(String repository, String ref, String id) {
    private static final Pattern ID = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");

    /** Refuses what git, a shell or a log could take for something else. */
    public Commit {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException(
                    "not a full commit id (40 or 64 lower-case hexadecimal digits): " + Line.shown(id));
        }
        if (repository.isEmpty()
                || repository.length() > 2048
                || repository.startsWith("-")
                || !Line.isPlain(repository)) {
            throw new IllegalArgumentException("not a repository's address: " + Line.shown(repository));
        }
        Line.ref("a ref", ref);
    }

    /**
     * A commit named by itself.
     *
     * @param repository the repository's URL or path
     * @param id the full commit id
     * @return the commit, without a ref
     */
    public static Commit commit(String repository, String id) {
        return new Commit(repository, "", id);
    }

    /**
     * The same commit, found through this ref.
     *
     * @param ref the full ref, such as {@code refs/heads/main}
     * @return the commit with that ref
     */
    public Commit at(String ref) {
        return new Commit(repository, ref, id);
    }
}
