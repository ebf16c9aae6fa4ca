// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.source;

import dev.cumulane.run.Commit;
import dev.cumulane.run.SourceEvent;
import java.util.List;
import java.util.Optional;

/** Something that a delivery tells of a repository, in the same words for every forge. */
public sealed interface Happening {
    /**
     * A branch, a tag or a change request has a new head.
     *
     * @param event the head and who is behind it; a {@link SourceEvent.Pushed} or a {@link SourceEvent.ChangeProposed}
     * @param skip whether a pushed head's author asks for no run, by {@code [skip ci]}, {@code [ci skip]} or {@code [no ci]} in its message; a change request
     *     cannot ask that
     * @param draft whether it is a change request that its author calls unfinished
     */
    record Head(SourceEvent event, boolean skip, boolean draft) implements Happening {}

    /**
     * A change request has news of which the delivery tells too little: ask the forge. Bitbucket Cloud shortens the commit's id, and Azure Repos need not say
     * that it is a fork's.
     *
     * @param change the request's number or id
     */
    record Hinted(String change) implements Happening {}

    /**
     * A change request came to its end.
     *
     * @param change the request's number or id
     * @param head its last head, with the same ref as when it was proposed; empty if the delivery does not tell it in full
     * @param target the branch that it wanted to change
     * @param by who ended it
     * @param merged whether it was merged; otherwise it was declined
     */
    record Closed(String change, Optional<Commit> head, String target, String by, boolean merged)
            implements Happening {}

    /**
     * Somebody wrote commands below a change request. Who may command is nothing that a payload can say: ask the forge.
     *
     * @param change the request's number or id
     * @param head the request's head when the comment was written; empty if the forge does not tell, as GitHub does not
     * @param by who wrote it: the name under which the forge's API knows that user
     * @param association what the forge calls the writer, such as {@code MEMBER}; for people to read, and proof of nothing
     * @param commands the comment's lines that begin with a slash and a letter, such as {@code /retest}; 1 to 10
     */
    record Commented(
            String change, Optional<Commit> head, String by, Optional<String> association, List<String> commands)
            implements Happening {
        /** Copies the commands. */
        public Commented {
            commands = List.copyOf(commands);
        }
    }
}
