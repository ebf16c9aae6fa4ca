// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** A condition of a stage, as the plan says it. It is looked at once, when all that the stage comes after has ended. */
public sealed interface Guard {
    /**
     * The stages whose end it is about; they come first, however they end.
     *
     * @return their names, sorted
     */
    default SortedSet<String> stages() {
        SortedSet<String> stages = new TreeSet<>();
        collect(this, stages);
        return stages;
    }

    private static void collect(Guard guard, SortedSet<String> into) {
        if (guard instanceof Ended ended) {
            into.add(ended.stage());
        } else if (guard instanceof Not not) {
            collect(not.guard(), into);
        } else if (guard instanceof All all) {
            all.guards().forEach(one -> collect(one, into));
        } else if (guard instanceof Any any) {
            any.guards().forEach(one -> collect(one, into));
        }
    }

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
     * The run was told one of these, or has it by default.
     *
     * @param name the parameter
     * @param anyOf the values
     */
    record Said(String name, List<String> anyOf) implements Guard {
        /** Copies the list. */
        public Said {
            anyOf = List.copyOf(anyOf);
        }
    }

    /**
     * An earlier stage handed on one of these. The stage of the condition reads the value, and is skipped if that one was.
     *
     * @param stage the earlier stage
     * @param name what it calls the value
     * @param anyOf the values
     */
    record Given(String stage, String name, List<String> anyOf) implements Guard {
        /** Copies the list. */
        public Given {
            anyOf = List.copyOf(anyOf);
        }
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
