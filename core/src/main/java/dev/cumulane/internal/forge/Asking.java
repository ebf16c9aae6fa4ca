// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.forge;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.internal.http.Answer;
import dev.cumulane.internal.http.Call;
import dev.cumulane.internal.http.CallException;
import dev.cumulane.internal.http.Caller;
import dev.cumulane.internal.http.Json;
import dev.cumulane.internal.http.Url;
import dev.cumulane.internal.source.ChangeRefs;
import dev.cumulane.run.Commit;
import dev.cumulane.run.SourceEvent;
import dev.cumulane.run.TrustLevel;
import dev.cumulane.source.Repository;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks a forge's API, and makes events of its answers just as webhooks make them. */
final class Asking {
    private static final Logger LOG = LoggerFactory.getLogger(Asking.class);
    private static final int MOST_PAGES = 100;
    private static final Duration LONGEST_LIST = Duration.ofMinutes(1);
    private static final int NOT_FOUND = 404;

    private final Repository repository;
    private final Caller caller;
    private final LongSupplier nanos;

    Asking(Repository repository, Caller caller) {
        this(repository, caller, System::nanoTime);
    }

    /** The last is a clock that runs evenly, as {@link System#nanoTime} does. */
    Asking(Repository repository, Caller caller, LongSupplier nanos) {
        this.repository = repository;
        this.caller = caller;
        this.nanos = nanos;
    }

    Repository repository() {
        return repository;
    }

    /** The API's address. */
    Url api() {
        return Url.of(repository.api().orElseThrow());
    }

    /** An answer that has to be there. */
    JsonNode get(Url url) {
        return find(url).orElseThrow(() -> refused("it knows no such thing, or the credential may not see it"));
    }

    /** An answer that need not be there. */
    Optional<JsonNode> find(Url url) {
        Answer answer;
        try {
            answer = caller.call(Call.of("GET", url.uri()));
        } catch (CallException e) {
            if (e.refused()) {
                throw CloudException.permanent(who(), String.valueOf(e.getMessage()), e);
            }
            throw CloudException.retryable(who(), String.valueOf(e.getMessage()), e);
        }
        if (answer.status() == NOT_FOUND) {
            return Optional.empty();
        }
        JsonNode json = Json.of(answer);
        if (!answer.isSuccess() || json.isMissingNode()) {
            boolean passes = answer.status() == 429 || answer.status() >= 500 || answer.isSuccess();
            String why = "it answered " + answer.status() + (answer.isSuccess() ? " and no JSON" : "");
            throw passes ? CloudException.retryable(who(), why, new IOException(why)) : refused(why);
        }
        return Optional.of(json);
    }

    /** A list that comes in pages. */
    @FunctionalInterface
    interface Paged {
        /**
         * The address of a page.
         *
         * @param number from 1 on
         * @param size how many entries a page has that is not the last
         */
        Url page(int number, int size);
    }

    /**
     * All entries of a list. A forge that takes more than a minute over them is asked again later, so that it holds up nobody else.
     *
     * <p>What strangers write is in some of them, such as descriptions: a page that is too large to be read is asked for in smaller ones, and an entry that is, is left out.
     *
     * @param paged its pages
     * @param list where the list is in a page; empty if the page is the list
     * @param full how many entries to ask for at once, a power of ten or half of one
     */
    List<JsonNode> all(Paged paged, String list, int full) {
        List<JsonNode> all = new ArrayList<>();
        long end = nanos.getAsLong() + LONGEST_LIST.toNanos();
        for (int number = 1; number <= MOST_PAGES; number++) {
            if (addPage(new Pages(paged, list, end), number, full, all)) {
                return all;
            }
        }
        throw refused("it lists more than " + MOST_PAGES + " pages");
    }

    /** A list, and when it takes too long. */
    private record Pages(Paged paged, String list, long end) {}

    /** Whether it was the last page. */
    private boolean addPage(Pages pages, int number, int size, List<JsonNode> all) {
        if (nanos.getAsLong() - pages.end() > 0) {
            String why = "it takes more than " + LONGEST_LIST.toSeconds() + " s to list what it has";
            throw CloudException.retryable(who(), why, new IOException(why));
        }
        try {
            JsonNode answer = get(pages.paged().page(number, size));
            JsonNode entries = pages.list().isEmpty() ? answer : answer.path(pages.list());
            entries.forEach(all::add);
            return entries.size() < size;
        } catch (CloudException e) {
            if (!(e.getCause() instanceof CallException call && call.isTooLarge())) {
                throw e;
            }
        }
        if (size == 1) {
            LOG.warn("An entry of a list of the {} is too large to be read, and left out", who());
            return false;
        }
        int smaller = size % 10 == 0 ? size / 10 : 1;
        int parts = size / smaller;
        for (int part = 1; part <= parts; part++) {
            if (addPage(pages, (number - 1) * parts + part, smaller, all)) {
                return true;
            }
        }
        return false;
    }

    /**
     * The heads of branches or tags.
     *
     * @param entries the forge's description of each, with its name in {@code name}
     * @param kind what the name stands behind, such as {@code refs/heads/}; empty if it is the whole ref
     * @param commit where in the description the commit's id is, as a JSON pointer
     */
    List<SourceEvent.Pushed> heads(List<JsonNode> entries, String kind, String commit) {
        return entries.stream()
                .flatMap(entry -> head(
                        kind + entry.path("name").asText(), entry.at(commit).asText())
                        .stream())
                .toList();
    }

    /** The head of a branch or a tag; empty if the forge names it as no ref can be named. */
    Optional<SourceEvent.Pushed> head(String ref, String commit) {
        try {
            return Optional.of(new SourceEvent.Pushed(
                    new Commit(repository.url(), ref, commit), SourceEvent.UNKNOWN, repository.trustIn(ref)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** A change request's head under the ref that the forge keeps for it; empty if the forge describes it as none can be described. */
    Optional<SourceEvent.ChangeProposed> change(long number, String commit, String target, String by, boolean fork) {
        return ChangeRefs.of(repository.forge(), number).flatMap(ref -> change(number, ref, commit, target, by, fork));
    }

    /** A change request's head under a ref; empty if the forge describes it as none can be described. */
    Optional<SourceEvent.ChangeProposed> change(
            long number, String ref, String commit, String target, String by, boolean fork) {
        try {
            return Optional.of(new SourceEvent.ChangeProposed(
                    new Commit(repository.url(), ref, commit),
                    target,
                    Long.toString(number),
                    SourceEvent.isIdentity(by) ? by : SourceEvent.UNKNOWN,
                    fork ? TrustLevel.UNTRUSTED : TrustLevel.INTERNAL));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private CloudException refused(String why) {
        return CloudException.permanent(who(), why);
    }

    private String who() {
        return repository.forge() + " API of repository '" + repository.name() + "'";
    }
}
