// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.follow;

import java.time.Instant;
import java.util.List;

/** A recorded fact of the telling of one run to one follower. */
public sealed interface FollowEvent {
    /** The follower's name. */
    String follower();

    /** A telling begins: from here until its end is recorded, it may get through at any moment. Its mark is the record's. */
    record Begun(String follower) implements FollowEvent {}

    /**
     * The follower was told.
     *
     * @param upTo the number of the last record of the run that it knows of
     * @param memo what to remember for the next telling
     * @param over the marks of the tellings that can no longer get through
     */
    record Told(String follower, long upTo, String memo, List<String> over) implements FollowEvent {}

    /**
     * The follower was not told, or nobody knows.
     *
     * @param why one line for people
     * @param memo what to remember for the next telling
     * @param again when it is tried again
     * @param over the marks of the tellings that can no longer get through
     */
    record Untold(String follower, String why, String memo, Instant again, List<String> over) implements FollowEvent {}

    /**
     * It is not tried again.
     *
     * @param why one line for people
     */
    record GivenUp(String follower, String why) implements FollowEvent {}
}
