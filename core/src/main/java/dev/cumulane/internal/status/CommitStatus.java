// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.status;

import dev.cumulane.run.Commit;
import dev.cumulane.run.RunView;
import dev.cumulane.run.StageView;
import java.util.Optional;

/**
 * What a forge is told of one commit: by a run, or by one of its stages.
 *
 * @param commit the commit, with the ref through which it was found
 * @param context who says it: {@code cumulane/} and the pipeline's name and, for a stage, another slash and its name
 * @param standing how it is
 * @param description one line for people, at most {@value #LONGEST}, without anything that the work itself wrote
 * @param page where to see more, if there is a page
 * @param run the run's id
 */
public record CommitStatus(
        Commit commit, String context, Standing standing, String description, Optional<String> page, String run) {
    /** The longest description that all forges take, in characters; GitHub's limit. */
    static final int LONGEST = 140;

    /** Cuts the description to its limit. */
    public CommitStatus {
        description = description.length() > LONGEST ? description.substring(0, LONGEST - 3) + "..." : description;
    }

    /** What a run says. */
    static CommitStatus of(RunView run, Optional<String> page) {
        return new CommitStatus(
                run.source().commit(),
                context(run),
                Standing.of(run),
                Descriptions.of(run),
                page,
                run.id().value());
    }

    /** What a stage says. */
    static CommitStatus of(RunView run, StageView stage, Optional<String> page) {
        return new CommitStatus(
                run.source().commit(),
                context(run) + "/" + stage.name(),
                Standing.of(run, stage),
                Descriptions.of(run, stage),
                page,
                run.id().value());
    }

    static String context(RunView run) {
        return "cumulane/" + run.pipeline();
    }

    /** The branch or tag by its short name; empty for a ref of another kind, or none. */
    Optional<String> branchOrTag() {
        String ref = commit.ref();
        for (String kind : new String[] {"refs/heads/", "refs/tags/"}) {
            if (ref.startsWith(kind)) {
                return Optional.of(ref.substring(kind.length()));
            }
        }
        return Optional.empty();
    }

    /** All that a reader sees of it. */
    String content() {
        return standing + " " + description;
    }
}
