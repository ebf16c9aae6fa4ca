// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

import java.util.List;

/** A condition of a stage, as the plan says it. It is looked at once, when all that the stage comes after has ended. */
public sealed interface Guard {
    /**
     * The run is for a branch.
     *
     * @param patterns branch names, any of which fits; {@code *} stands for any characters
     */
    record Branch(List<String> patterns) implements Guard {
        /** Checks and copies the patterns. */
        public Branch {
            patterns = Patterns.check("branch", patterns);
        }
    }

    /**
     * The run is for a tag.
     *
     * @param patterns tag names, any of which fits; {@code *} stands for any characters
     */
    record Tag(List<String> patterns) implements Guard {
        /** Checks and copies the patterns. */
        public Tag {
            patterns = Patterns.check("tag", patterns);
        }
    }

    /**
     * The run is for a change request.
     *
     * @param targets the branches that it wants to change, any of which fits; {@code *} stands for any characters
     */
    record Proposed(List<String> targets) implements Guard {
        /** Checks and copies the patterns. */
        public Proposed {
            targets = Patterns.check("branch", targets);
        }
    }

    /**
     * A path was changed. Where nobody knows which were, as in a run that a person asked for, it counts as true.
     *
     * @param patterns paths in the repository, any of which fits; {@code *} stands for any characters within a name, {@code **} for any characters
     */
    record Changed(List<String> patterns) implements Guard {
        /** Checks and copies the patterns. */
        public Changed {
            patterns = Patterns.check("path", patterns);
        }
    }

    /**
     * An earlier stage ended in one of these ways.
     *
     * @param stage the stage; this one comes after it, however it ended
     * @param endings the ways
     */
    record Ended(String stage, List<Ending> endings) implements Guard {
        /** Sorts and copies the ways. */
        public Ended {
            endings = endings.stream().distinct().sorted().toList();
        }
    }

    /** How a stage can have ended, for a condition. */
    enum Ending {
        /** It succeeded. */
        SUCCEEDED,
        /** It failed, was in error, or took too long. */
        FAILED,
        /** It was left out, or cancelled. */
        LEFT_OUT
    }

    /**
     * The opposite.
     *
     * @param guard of what
     */
    record Not(Guard guard) implements Guard {}

    /**
     * All of these.
     *
     * @param guards which
     */
    record All(List<Guard> guards) implements Guard {
        /** Copies the list. */
        public All {
            guards = List.copyOf(guards);
        }
    }

    /**
     * At least one of these.
     *
     * @param guards which
     */
    record Any(List<Guard> guards) implements Guard {
        /** Copies the list. */
        public Any {
            guards = List.copyOf(guards);
        }
    }
}
