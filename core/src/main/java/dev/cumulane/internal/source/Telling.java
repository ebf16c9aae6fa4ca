// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.source;

import dev.cumulane.run.Commit;
import dev.cumulane.run.Headline;
import dev.cumulane.run.SourceEvent;
import dev.cumulane.run.TrustLevel;
import dev.cumulane.source.Happening;
import dev.cumulane.source.Repository;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Makes happenings of what the forges' bodies say. Clone URL, trust and pages come from the configuration; refs, ids and names are checked here or by the events
 * themselves, which throw {@link IllegalArgumentException} for what is hostile.
 */
final class Telling {
    private static final Pattern NO_COMMIT = Pattern.compile("0{40}|0{64}");
    private static final Pattern FULL_ID = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");
    private static final Pattern COMMAND = Pattern.compile("/[a-z][\\x20-\\x7e]{0,199}");
    private static final int MOST_COMMANDS = 10;
    private static final int LONGEST_COMMENT = 10_000;

    private final Repository repository;

    Telling(Repository repository) {
        this.repository = repository;
    }

    /** A branch or tag has a new head; empty if it was deleted, or if the ref is neither. */
    Optional<Happening> pushed(Push push) {
        if (!RefName.isBranchOrTag(push.ref()) || isNone(push.head())) {
            return Optional.empty();
        }
        SourceEvent event = new SourceEvent.Pushed(
                commit(push.ref(), push.head()),
                push.by(),
                repository.trustIn(push.ref()),
                push.changed(),
                headline(firstLine(push.message()), repository.pageOf(push.head())));
        return Optional.of(new Happening.Head(event, asksForNoRun(push.message()), false));
    }

    /** A change request has a new head. */
    Happening proposed(Change change, String by) {
        SourceEvent event = new SourceEvent.ChangeProposed(
                commit(change.ref(), change.head()),
                RefName.check(change.target()),
                Long.toString(change.number()),
                by,
                change.fork() ? TrustLevel.UNTRUSTED : TrustLevel.INTERNAL,
                Optional.empty(),
                headline(change.title(), repository.pageOfChange(change.number())),
                change.opener().filter(SourceEvent::isIdentity));
        // A title is anybody's to write: it cannot call a run off.
        return new Happening.Head(event, false, change.draft());
    }

    /** A change request came to its end; its id may be shortened. */
    Happening closed(Change change, String by, boolean merged) {
        return new Happening.Closed(
                Long.toString(change.number()),
                FULL_ID.matcher(change.head()).matches()
                        ? Optional.of(commit(change.ref(), change.head()))
                        : Optional.empty(),
                RefName.check(change.target()),
                by,
                merged);
    }

    /** Somebody wrote below a change request; nothing, if there is no command in it. */
    Reading commented(
            long change, Optional<Commit> head, Optional<String> by, Optional<String> association, String text) {
        List<String> commands = commands(text);
        if (commands.isEmpty()) {
            return new Reading.Nothing("a comment without a command");
        }
        // A name that is only shown may be replaced; this one decides.
        String writer = by.filter(SourceEvent::isIdentity)
                .orElseThrow(() -> new Payload.MalformedException("nobody who can be named wrote the comment"));
        return told(new Happening.Commented(
                Long.toString(change), head, writer, association.filter(SourceEvent::isIdentity), commands));
    }

    Commit commit(String ref, String id) {
        return new Commit(repository.url(), RefName.check(ref), id);
    }

    static Reading told(Happening happening) {
        return new Reading.Told(List.of(happening));
    }

    static Reading told(List<Happening> happenings, String otherwise) {
        return happenings.isEmpty() ? new Reading.Nothing(otherwise) : new Reading.Told(happenings);
    }

    static boolean isFull(String id) {
        return FULL_ID.matcher(id).matches();
    }

    static boolean isNone(String id) {
        return NO_COMMIT.matcher(id).matches();
    }

    /** The first of these names that can be shown. For showing only: who may do what is never decided by it. */
    static String who(List<Optional<String>> names) {
        return names.stream()
                .flatMap(Optional::stream)
                .filter(SourceEvent::isIdentity)
                .findFirst()
                .orElse(SourceEvent.UNKNOWN);
    }

    /** Whether the author of a commit asks that it starts no run, in the words that forges and build services share. */
    private static boolean asksForNoRun(String message) {
        String lower = message.toLowerCase(Locale.ROOT);
        return lower.contains("[skip ci]") || lower.contains("[ci skip]") || lower.contains("[no ci]");
    }

    private static Optional<Headline> headline(String title, Optional<String> page) {
        return title.isBlank() && page.isEmpty() ? Optional.empty() : Optional.of(new Headline(title, page));
    }

    private static String firstLine(String message) {
        return message.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .findFirst()
                .orElse("");
    }

    /** Lines that begin with a slash and a letter, as written; a quoted or indented one is none. */
    private static List<String> commands(String text) {
        return text.substring(0, Math.min(text.length(), LONGEST_COMMENT))
                .lines()
                .map(String::stripTrailing)
                .filter(line -> COMMAND.matcher(line).matches())
                .limit(MOST_COMMANDS)
                .toList();
    }
}
