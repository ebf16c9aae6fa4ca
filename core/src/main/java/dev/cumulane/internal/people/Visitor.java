// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.people;

import dev.cumulane.run.Vote;

/** Who asks for a page. */
public sealed interface Visitor {
    /**
     * A person who is known, and may see the pages and vote.
     *
     * @param name the name by which approvals know this person
     * @param via how it is known that it is they
     */
    record Known(String name, Vote.Via via) implements Visitor {}

    /**
     * Somebody who has signed in and whom the configuration does not name. They may see the pages; a vote of theirs does not count.
     *
     * @param name who they are, in a form that no approver's name has
     * @param via how it is known that it is they
     */
    record Stranger(String name, Vote.Via via) implements Visitor {}

    /**
     * Somebody who may see the pages, and says themselves who they are.
     *
     * @param via how their votes are recorded
     */
    record Unnamed(Vote.Via via) implements Visitor {}

    /**
     * Nobody who may see a page.
     *
     * @param status what to answer: 401 where a token is asked for, otherwise 403
     * @param why one line for people, without anything of the request
     */
    record Refused(int status, String why) implements Visitor {}
}
