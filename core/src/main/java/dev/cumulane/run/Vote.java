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
 * @param via how it was known who votes
 */
public record Vote(String by, Decision decision, String comment, Instant at, Via via) {
    /** The longest {@link #comment()}, in characters. */
    public static final int LONGEST_COMMENT = 1000;

    /** What can be decided. */
    public enum Decision {
        /** Yes. */
        APPROVE,
        /** No; one such vote decides. */
        REJECT
    }

    /** How it was known who votes. */
    public enum Via {
        /** Whoever can use this engine from Java said so. */
        JAVA,
        /** Whoever can use this engine's command line said so. */
        COMMAND_LINE,
        /** Whoever can reach the page of an engine on one's own machine said so. */
        PAGE,
        /** By the voting link that was sent to this person alone. */
        LINK,
        /** Slack said so, and signed it. */
        SLACK,
        /** The proxy in front of the page, which asks people to sign in, said so. */
        PROXY
    }

    /**
     * A vote of somebody whom the program's Java code names.
     *
     * @param by who
     * @param decision what
     * @param comment why; may be empty
     * @param at when the vote was cast
     */
    public Vote(String by, Decision decision, String comment, Instant at) {
        this(by, decision, comment, at, Via.JAVA);
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
