// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.follow;

import dev.cumulane.run.HistoryRecord;
import dev.cumulane.run.RunView;
import java.util.List;

/**
 * Somebody outside who wants to know of runs: the commit's status at a forge, a channel, a stream of events.
 *
 * <p>How far it was told is recorded in the journal, so it hears of each run's end whatever dies in between, or the run says why not. It hears at least once: what it
 * cannot tell apart it must be able to hear twice. Called on the threads that handle signals, for one run by one thread of an engine at a time. What it throws is
 * recorded, shown in the run, and followed by another try: an {@link UntoldException} says when.
 */
public sealed interface Follower {
    /**
     * The name under which the journal keeps how far it was told: the same in every engine and for ever.
     *
     * @return a name such as {@code slack/releases}, at most 100 characters
     */
    String name();

    /**
     * Whether it wants to know of a run at all; the answer never changes while the run lasts.
     *
     * @param run the run
     * @return false for a run of another repository, say
     */
    boolean follows(RunView run);

    /** To whom only the run as it is now matters. What happened in between may be left out. */
    non-sealed interface OfState extends Follower {
        /**
         * Whether there is something to tell. Makes no call.
         *
         * @param run the run as it is now
         * @param memo what was remembered at the last telling; empty before the first
         * @return false if all that matters was told
         */
        boolean isNews(RunView run, String memo);

        /**
         * Tells how the run is. Lasts at most a minute.
         *
         * @param what what to tell
         * @return what to remember until the next time; at most 30,000 characters
         */
        String tell(Telling what);
    }

    /** To whom every record matters, in order. */
    non-sealed interface OfRecords extends Follower {
        /**
         * Tells some records. Lasts at most a minute.
         *
         * @param run the run as it is now
         * @param records the records that follow those already told
         */
        void tell(RunView run, List<HistoryRecord> records);
    }

    /**
     * What is told of a run's state.
     *
     * @param run the run as it is now
     * @param memo what was remembered at the last telling; empty before the first
     * @param again whether an earlier telling may have got through unnoticed, or may even arrive after a later one: then what is the same has to be told once more
     */
    record Telling(RunView run, String memo, boolean again) {}
}
