// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.source;

import dev.cumulane.source.Forge;
import java.util.Optional;

/** The ref under which a repository holds the head of a change request. Who tells of a head, and who finds it, means the same run by it. */
public final class ChangeRefs {
    private ChangeRefs() {}

    /**
     * The ref of a change request's head, a fork's too.
     *
     * @param forge what hosts the repository
     * @param number the request's number
     * @return the full ref; empty for Bitbucket Cloud, which has none but the branch, and for {@link Forge#STANDARD_WEBHOOKS}, where the sender says it
     */
    public static Optional<String> of(Forge forge, long number) {
        return switch (forge) {
            case GITHUB, GITEA, FORGEJO -> Optional.of("refs/pull/" + number + "/head");
            case GITLAB -> Optional.of("refs/merge-requests/" + number + "/head");
            case BITBUCKET_DATA_CENTER -> Optional.of("refs/pull-requests/" + number + "/from");
            // The head's own ref is in the fork; the merge that was tried has it as a parent.
            case AZURE_REPOS -> Optional.of("refs/pull/" + number + "/merge");
            case BITBUCKET_CLOUD, STANDARD_WEBHOOKS -> Optional.empty();
        };
    }
}
