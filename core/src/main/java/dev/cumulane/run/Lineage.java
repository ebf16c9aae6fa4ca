// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.run;

import dev.cumulane.pipeline.Digest;
import java.util.List;
import java.util.Optional;

/** Where a run comes from, if it is not the first of its kind. */
public sealed interface Lineage {
    /**
     * The run that this one comes from.
     *
     * @return the run
     */
    RunId of();

    /**
     * Who asked to run something again.
     *
     * @return their names, none if nobody did
     */
    List<String> repeaters();

    /**
     * A person asked to run another run again, or a part of it.
     *
     * @param of the other run
     * @param kind how
     * @param by who asked
     * @param taken the digest of what is taken over from that run, if anything is
     */
    record Repetition(RunId of, Kind kind, String by, Optional<Digest> taken) implements Lineage {
        /** Refuses an identity that is not one plain line of 1 to 200 characters. */
        public Repetition {
            Line.identity("who asks", by);
        }

        @Override
        public List<String> repeaters() {
            return List.of(by);
        }
    }

    /**
     * A stage of another run runs this one, and ends with it.
     *
     * @param parent the attempt of that stage
     * @param repeaters who asked to run that run again, or the runs that it is a part of
     */
    record Child(AttemptId parent, List<String> repeaters) implements Lineage {
        /** Copies the names. */
        public Child {
            repeaters = List.copyOf(repeaters);
        }

        /**
         * A part of a run that nobody asked to run again.
         *
         * @param parent the attempt of that stage
         */
        public Child(AttemptId parent) {
            this(parent, List.of());
        }

        @Override
        public RunId of() {
            return parent.run();
        }
    }

    /** How a run is run again. */
    enum Kind {
        /** All of it, with the pipeline as it is now. */
        RERUN,
        /** What did not succeed, with what depends on it. */
        FAILED,
        /** From one stage on. */
        FORK
    }
}
