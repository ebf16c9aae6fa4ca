// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.run;

import java.time.Instant;

/**
 * What one person decided.
 *
 * @param by who
 * @param decision what
 * @param comment why; may be empty, at most {@value #LONGEST_COMMENT} characters
 * @param at when the vote was cast
 */
public record Vote(String by, Decision decision, String comment, Instant at) {
    /** The longest {@link #comment()}, in characters. */
    public static final int LONGEST_COMMENT = 1000;

    /** What can be decided. */
    public enum Decision {
        /** Yes. */
        APPROVE,
        /** No; one such vote decides. */
        REJECT
    }

    /** Refuses an identity that is not one plain line of 1 to 200 characters, and a comment that is too long. */
    public Vote {
        Line.identity("who votes", by);
        if (comment.length() > LONGEST_COMMENT) {
            throw new IllegalArgumentException(
                    "a vote's comment has at most " + LONGEST_COMMENT + " characters, not " + comment.length());
        }
    }
}
