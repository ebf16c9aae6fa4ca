// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.ingress;

import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.RunId;
import java.time.Instant;
import java.util.List;

/** A recorded fact of a source repository's stream. */
public sealed interface RepositoryEvent {
    /**
     * A delivery has done what it had to do, and does nothing when it comes again. One that nobody had a use for is not recorded.
     *
     * @param delivery the forge's id
     * @param body the digest of the body
     * @param started how many runs it started, or told to start again
     * @param runs the first of them, at most {@value #MOST_RUNS}: one push can have thousands of branches, and a record has its limit
     * @param refused what it asked for and did not get, for people
     */
    record Handled(String delivery, Digest body, int started, List<RunId> runs, List<String> refused)
            implements RepositoryEvent {
        private static final int MOST_RUNS = 100;

        /** Copies the lists. */
        public Handled {
            runs = List.copyOf(runs);
            refused = List.copyOf(refused);
        }

        /** What a delivery led to, of whose runs as many are named as a record can bear. */
        static Handled of(String delivery, Digest body, List<RunId> runs, List<String> refused) {
            return new Handled(delivery, body, runs.size(), runs.subList(0, Math.min(MOST_RUNS, runs.size())), refused);
        }
    }

    /**
     * An authentic delivery that cannot be read is kept aside, in the artifact store.
     *
     * @param delivery the forge's id
     * @param body the digest of the body, by which it is found
     * @param why what is wrong with it, for people
     */
    record KeptAside(String delivery, Digest body, String why) implements RepositoryEvent {}

    /**
     * The forge was asked for all heads.
     *
     * @param heads the digest of what it said, by which it is found
     * @param at when it was asked
     */
    record Surveyed(Digest heads, Instant at) implements RepositoryEvent {}
}
