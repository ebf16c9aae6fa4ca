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
import dev.cumulane.run.Commit;
import dev.cumulane.run.SourceEvent;
import dev.cumulane.run.TrustLevel;
import dev.cumulane.source.Forge;
import dev.cumulane.source.Repository;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/** Asks a forge's API, and makes events of its answers just as webhooks make them. */
final class Asking {
    private static final int MOST_PAGES = 100;
    private static final int NOT_FOUND = 404;
    private static final String NOBODY = "unknown";

    private final Repository repository;
    private final Caller caller;

    Asking(Repository repository, Caller caller) {
        this.repository = repository;
        this.caller = caller;
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
            answer = caller.call(asked(url));
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

    private Call asked(Url url) {
        Call call = Call.of("GET", url.uri());
        return repository.forge() == Forge.GITHUB
                ? call.with("Accept", "application/vnd.github+json").with("X-GitHub-Api-Version", "2022-11-28")
                : call.with("Accept", "application/json");
    }

    /**
     * All entries of a list that comes in pages.
     *
     * @param page the address of a page, from 1 on
     * @param list where the list is in a page; empty if the page is the list
     * @param full how many entries a page has that is not the last
     */
    List<JsonNode> all(IntFunction<Url> page, String list, int full) {
        List<JsonNode> all = new ArrayList<>();
        for (int number = 1; number <= MOST_PAGES; number++) {
            JsonNode answer = get(page.apply(number));
            JsonNode entries = list.isEmpty() ? answer : answer.path(list);
            entries.forEach(all::add);
            if (entries.size() < full) {
                return all;
            }
        }
        throw refused("it lists more than " + MOST_PAGES + " pages");
    }

    /** A branch's head; empty if the forge names it as no ref can be named. */
    Optional<SourceEvent.Pushed> head(String ref, String commit) {
        try {
            return Optional.of(
                    new SourceEvent.Pushed(new Commit(repository.url(), ref, commit), NOBODY, repository.trustIn(ref)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** A change request's head; empty if the forge describes it as none can be described. */
    Optional<SourceEvent.ChangeProposed> change(
            String number, String ref, String commit, String target, String by, boolean fork) {
        try {
            return Optional.of(new SourceEvent.ChangeProposed(
                    new Commit(repository.url(), ref, commit),
                    target,
                    number,
                    SourceEvent.isIdentity(by) ? by : NOBODY,
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
