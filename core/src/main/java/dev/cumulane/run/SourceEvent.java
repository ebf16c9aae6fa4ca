// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.run;

/** Something that happened in, or was asked for, a source repository, and for which runs may start. */
public sealed interface SourceEvent extends Event {
    /**
     * The commit that it is about.
     *
     * @return the commit
     */
    Commit commit();

    /**
     * Who did it.
     *
     * @return an identity, as its source gives it: one line of 1 to 200 characters
     */
    String by();

    /**
     * How far its runs are trusted.
     *
     * @return the level
     */
    TrustLevel trust();

    /**
     * A branch has a new head.
     *
     * @param commit the head, with the branch as its ref
     * @param by who pushed
     * @param trust how far its runs are trusted
     */
    record Pushed(Commit commit, String by, TrustLevel trust) implements SourceEvent {
        /** Refuses an identity that is not one plain line of 1 to 200 characters. */
        public Pushed {
            Line.identity("who pushed", by);
        }
    }

    /**
     * A change request was opened or has a new head.
     *
     * @param commit the head
     * @param target the branch that it wants to change, such as {@code main}
     * @param change the request's number or id, one line of 1 to 200 characters
     * @param by who opened or updated it
     * @param trust how far its runs are trusted
     */
    record ChangeProposed(Commit commit, String target, String change, String by, TrustLevel trust)
            implements SourceEvent {
        /** Refuses what git, a shell or a log could take for something else. */
        public ChangeProposed {
            if (target.isEmpty()) {
                throw new IllegalArgumentException("change request " + Line.shown(change) + " names no branch");
            }
            Line.ref("a branch", target);
            Line.identity("a change request", change);
            Line.identity("who proposed the change", by);
        }
    }

    /**
     * A person asked for a run.
     *
     * @param commit the commit
     * @param by who asked
     */
    record Asked(Commit commit, String by) implements SourceEvent {
        /** Refuses an identity that is not one plain line of 1 to 200 characters. */
        public Asked {
            Line.identity("who asked", by);
        }

        @Override
        public TrustLevel trust() {
            return TrustLevel.TRUSTED;
        }
    }
}
