// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.run;

import dev.cumulane.pipeline.Digest;
import java.util.Optional;

/**
 * Somebody who votes.
 *
 * @param name who, as approvals name people
 * @param via how that is known
 * @param seen the digest of what they were shown, which {@link RunEvent.ApprovalRequested#subject()} names; without it the vote is on what is there now
 */
public record Voter(String name, Vote.Via via, Optional<Digest> seen) {
    /** Refuses a name that is not one plain line of 1 to 200 characters. */
    public Voter {
        Line.identity("who votes", name);
    }

    /**
     * Somebody who votes on what is there now.
     *
     * @param name who
     * @param via how that is known
     */
    public Voter(String name, Vote.Via via) {
        this(name, via, Optional.empty());
    }
}
