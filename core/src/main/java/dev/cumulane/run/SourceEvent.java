// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.run;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

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
     * Who is behind it: an approval that is {@linkplain dev.cumulane.pipeline.ApprovalHandle#notByAuthor not decided by the author} is decided by none of them.
     *
     * @return who did it, and whose work it is about if that is told; {@link #UNKNOWN} is among them if one of them cannot be named
     */
    default List<String> authors() {
        return List.of(by());
    }

    /**
     * How far its runs are trusted.
     *
     * @return the level
     */
    TrustLevel trust();

    /**
     * The paths that were changed, relative to the repository, with slashes.
     *
     * @return the paths; empty if nobody knows, or if one of them is no plain line
     */
    Optional<List<String>> changed();

    /**
     * What people see of it.
     *
     * @return the commit's or change request's title and page; empty if nobody told
     */
    Optional<Headline> headline();

    /** The most paths that {@link #changed()} holds; of more, nobody knows. */
    int MOST_PATHS = 300;

    /** The most characters of all paths of {@link #changed()} together; of more, nobody knows. */
    int MOST_PATH_CHARACTERS = 12_000;

    /**
     * A branch or a tag has a new head.
     *
     * @param commit the head, with the branch or tag as its ref
     * @param by who pushed
     * @param trust how far its runs are trusted
     * @param changed the paths that were changed, if somebody knows
     * @param headline the head's title and page, if somebody told
     */
    record Pushed(
            Commit commit, String by, TrustLevel trust, Optional<List<String>> changed, Optional<Headline> headline)
            implements SourceEvent {
        /** Refuses an identity that is not one plain line of 1 to 200 characters, and forgets paths that are more than a record can bear. */
        public Pushed {
            Line.identity("who pushed", by);
            changed = bearable(changed);
        }

        /**
         * A push without a headline.
         *
         * @param commit the head, with the branch or tag as its ref
         * @param by who pushed
         * @param trust how far its runs are trusted
         * @param changed the paths that were changed, if somebody knows
         */
        public Pushed(Commit commit, String by, TrustLevel trust, Optional<List<String>> changed) {
            this(commit, by, trust, changed, Optional.empty());
        }

        /**
         * A push of which nobody knows what it changed.
         *
         * @param commit the head, with the branch or tag as its ref
         * @param by who pushed
         * @param trust how far its runs are trusted
         */
        public Pushed(Commit commit, String by, TrustLevel trust) {
            this(commit, by, trust, Optional.empty());
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
     * @param changed the paths that it wants to change, if somebody knows
     * @param headline the request's title and page, if somebody told
     * @param opener who opened it, if that is somebody else
     */
    record ChangeProposed(
            Commit commit,
            String target,
            String change,
            String by,
            TrustLevel trust,
            Optional<List<String>> changed,
            Optional<Headline> headline,
            Optional<String> opener)
            implements SourceEvent {
        /** Refuses what git, a shell or a log could take for something else, and forgets paths that are more than a record can bear. */
        public ChangeProposed {
            if (target.isEmpty()) {
                throw new IllegalArgumentException("change request " + Line.shown(change) + " names no branch");
            }
            Line.ref("a branch", target);
            Line.identity("a change request", change);
            Line.identity("who proposed the change", by);
            opener.ifPresent(one -> Line.identity("who opened the change request", one));
            opener = opener.filter(one -> !one.equals(by));
            changed = bearable(changed);
        }

        @Override
        public List<String> authors() {
            return opener.map(one -> List.of(by, one)).orElse(List.of(by));
        }

        /**
         * A change request whose author did what is told.
         *
         * @param commit the head
         * @param target the branch that it wants to change
         * @param change the request's number or id
         * @param by who opened and updated it
         * @param trust how far its runs are trusted
         * @param changed the paths that it wants to change, if somebody knows
         * @param headline the request's title and page, if somebody told
         */
        public ChangeProposed(
                Commit commit,
                String target,
                String change,
                String by,
                TrustLevel trust,
                Optional<List<String>> changed,
                Optional<Headline> headline) {
            this(commit, target, change, by, trust, changed, headline, Optional.empty());
        }

        /**
         * A change request without a headline.
         *
         * @param commit the head
         * @param target the branch that it wants to change
         * @param change the request's number or id
         * @param by who opened or updated it
         * @param trust how far its runs are trusted
         * @param changed the paths that it wants to change, if somebody knows
         */
        public ChangeProposed(
                Commit commit,
                String target,
                String change,
                String by,
                TrustLevel trust,
                Optional<List<String>> changed) {
            this(commit, target, change, by, trust, changed, Optional.empty());
        }

        /**
         * A change request of which nobody knows what it wants to change.
         *
         * @param commit the head
         * @param target the branch that it wants to change
         * @param change the request's number or id
         * @param by who opened or updated it
         * @param trust how far its runs are trusted
         */
        public ChangeProposed(Commit commit, String target, String change, String by, TrustLevel trust) {
            this(commit, target, change, by, trust, Optional.empty());
        }
    }

    /**
     * A person asked for a run.
     *
     * @param commit the commit
     * @param by who asked
     */
    record Asked(Commit commit, String by) implements Untold {
        /** Refuses an identity that is not one plain line of 1 to 200 characters. */
        public Asked {
            Line.identity("who asked", by);
        }

        @Override
        public TrustLevel trust() {
            return TrustLevel.TRUSTED;
        }
    }

    /**
     * Somebody who may write to the repository wrote a command below a change request.
     *
     * @param commit the request's head
     * @param target the branch that it wants to change
     * @param change the request's number or id
     * @param command the command, such as {@code /preview}
     * @param by who wrote it
     * @param proposers who is behind the change request: what it commands is done to their work
     * @param trust how far its runs are trusted
     */
    record Commanded(
            Commit commit,
            String target,
            String change,
            String command,
            String by,
            List<String> proposers,
            TrustLevel trust)
            implements Untold {
        /** Refuses what git, a shell or a log could take for something else. */
        public Commanded {
            Line.ref("a branch", target);
            Line.identity("a change request", change);
            Line.identity("a command", command);
            Line.identity("who commands", by);
            proposers.forEach(one -> Line.identity("who proposed the change", one));
            proposers = List.copyOf(proposers);
        }

        @Override
        public List<String> authors() {
            return Stream.concat(Stream.of(by), proposers.stream()).distinct().toList();
        }
    }

    /**
     * It is time.
     *
     * @param commit the head of the branch when the run began
     * @param pipeline the pipeline whose schedule says so
     * @param at which of the schedule's times it is
     * @param trust how far its runs are trusted
     */
    record Scheduled(Commit commit, String pipeline, Instant at, TrustLevel trust) implements Untold {
        @Override
        public String by() {
            return "schedule";
        }
    }

    /**
     * A run of another pipeline has ended.
     *
     * @param commit that run's commit
     * @param run that run
     * @param pipeline its pipeline
     * @param outcome how it ended
     * @param artifacts the names of the artifacts that it returned
     * @param authors who was behind that run
     * @param trust how far it was trusted
     */
    record Followed(
            Commit commit,
            RunId run,
            String pipeline,
            Outcome outcome,
            List<String> artifacts,
            List<String> authors,
            TrustLevel trust)
            implements Untold {
        /** Copies the names. */
        public Followed {
            artifacts = List.copyOf(artifacts);
            authors = List.copyOf(authors);
        }

        @Override
        public String by() {
            return "run " + run;
        }
    }

    /** An event of which nobody tells what it changed, or where to read more. */
    sealed interface Untold extends SourceEvent {
        @Override
        default Optional<List<String>> changed() {
            return Optional.empty();
        }

        @Override
        default Optional<Headline> headline() {
            return Optional.empty();
        }
    }

    /**
     * What {@link #by} says where nobody can be named, as for a branch that a survey found: no webhook told who pushed.
     * An approval that is {@linkplain dev.cumulane.pipeline.ApprovalHandle#notByAuthor not decided by the author} cannot be given then.
     */
    String UNKNOWN = "unknown";

    /**
     * Whether a text can name a person or a change request: one plain line of 1 to 200 characters.
     *
     * @param text any text
     * @return true if an event accepts it
     */
    static boolean isIdentity(String text) {
        return !text.isBlank() && text.length() <= Line.LONGEST_IDENTITY && Line.isPlain(text);
    }

    private static Optional<List<String>> bearable(Optional<List<String>> changed) {
        return changed.filter(paths -> paths.size() <= MOST_PATHS
                        && paths.stream().mapToInt(String::length).sum() <= MOST_PATH_CHARACTERS
                        && paths.stream().allMatch(Line::isPlain))
                .map(List::copyOf);
    }
}
