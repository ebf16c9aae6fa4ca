// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.run;

/** Why a vote does not count. */
public enum VoteRefusal {
    /** The approval does not name this person. */
    NOT_AN_APPROVER,
    /** Nobody decides on what they asked for themselves, where the approval says so. */
    OWN_REQUEST,
    /** The approval wants a comment. */
    WITHOUT_COMMENT,
    /** It was given for something else than what is to be decided here. */
    ANOTHER_SUBJECT,
    /** It was cast after the approval had expired. */
    TOO_LATE
}
