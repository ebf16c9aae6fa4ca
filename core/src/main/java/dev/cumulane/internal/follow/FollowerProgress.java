// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.follow;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How far one follower was told of one run, as the records say. Not safe for use by several threads. */
public final class FollowerProgress {
    /** How long after its beginning a telling may still get through. A telling lasts a minute at most, and its request ends with it. */
    public static final Duration LATE = Duration.ofMinutes(2);

    /** How long to wait for somebody else's telling before looking again. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(20);

    private final Map<String, Instant> begun = new LinkedHashMap<>();
    private long upTo;
    private String memo = "";
    private int tries;
    private String why = "";
    private @Nullable Instant failingSince;
    private @Nullable Instant again;
    private boolean givenUp;

    /** Takes one record in. */
    public void fold(FollowEvent event, String mark, Instant at) {
        if (event instanceof FollowEvent.Begun) {
            begun.put(mark, at);
        } else if (event instanceof FollowEvent.Told told) {
            over(told.memo(), told.over());
            upTo = Math.max(upTo, told.upTo());
            tries = 0;
            why = "";
            failingSince = null;
            again = null;
        } else if (event instanceof FollowEvent.Untold untold) {
            over(untold.memo(), untold.over());
            tries++;
            why = untold.why();
            failingSince = failingSince == null ? at : failingSince;
            again = untold.again();
        } else if (event instanceof FollowEvent.GivenUp gone) {
            failingSince = failingSince == null ? at : failingSince;
            why = gone.why();
            again = null;
            givenUp = true;
        }
    }

    private void over(String remembered, List<String> marks) {
        memo = remembered;
        marks.forEach(begun::remove);
    }

    /** The number of the last record of the run that it knows of; 0 before the first. */
    public long upTo() {
        return upTo;
    }

    /** What to remember; empty before the first telling. */
    public String memo() {
        return memo;
    }

    /** How often in a row it could not be told. */
    public int tries() {
        return tries;
    }

    /** Why it could not be told the last time; empty if it was. */
    public String why() {
        return why;
    }

    /** Since when it could not be told, if it cannot. */
    public Optional<Instant> failingSince() {
        return Optional.ofNullable(failingSince);
    }

    /** When it may be tried again, if it could not be told. */
    public Optional<Instant> again() {
        return Optional.ofNullable(again);
    }

    public boolean givenUp() {
        return givenUp;
    }

    /** Whether a telling may have got through of which nobody knows. */
    public boolean isUncertain() {
        return tries > 0 || !begun.isEmpty();
    }

    /** The marks of the tellings that can no longer get through at this instant, because they are old or this engine's own. */
    public List<String> over(Instant now, String engine) {
        List<String> over = new ArrayList<>();
        begun.forEach((mark, at) -> {
            if (mark.startsWith(engine) || !at.plus(LATE).isAfter(now)) {
                over.add(mark);
            }
        });
        return over;
    }

    /**
     * Until when it is not to be told, if it is not at this instant: a failure is too young, or somebody else may be telling it.
     *
     * @param engine what the marks of the engine that asks begin with
     */
    public Optional<Instant> waitsUntil(Instant now, String engine) {
        Optional<Instant> busy = begun.entrySet().stream()
                .filter(one -> !one.getKey().startsWith(engine))
                .map(one -> one.getValue().plus(LATE))
                .filter(now::isBefore)
                .max(Instant::compareTo)
                .map(until -> until.isBefore(now.plus(LOOK_AGAIN)) ? until : now.plus(LOOK_AGAIN));
        return again().filter(now::isBefore).or(() -> busy);
    }
}
