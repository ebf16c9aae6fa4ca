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
import java.util.function.IntFunction;
import java.util.function.LongSupplier;

/** Asks a forge's API, and makes events of its answers just as webhooks make them. */
final class Asking {
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

    /**
     * All entries of a list that comes in pages. A forge that takes more than a minute over them is asked again later, so that it holds up nobody else.
     *
     * @param page the address of a page, from 1 on
     * @param list where the list is in a page; empty if the page is the list
     * @param full how many entries a page has that is not the last
     */
    List<JsonNode> all(IntFunction<Url> page, String list, int full) {
        List<JsonNode> all = new ArrayList<>();
        long end = nanos.getAsLong() + LONGEST_LIST.toNanos();
        for (int number = 1; number <= MOST_PAGES; number++) {
            JsonNode answer = get(page.apply(number));
            JsonNode entries = list.isEmpty() ? answer : answer.path(list);
            entries.forEach(all::add);
            if (entries.size() < full) {
                return all;
            }
            if (nanos.getAsLong() - end > 0) {
                String why = "it takes more than " + LONGEST_LIST.toSeconds() + " s to list what it has";
                throw CloudException.retryable(who(), why, new IOException(why));
            }
        }
        throw refused("it lists more than " + MOST_PAGES + " pages");
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
