// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.notice;

import dev.cumulane.internal.http.Call;
import dev.cumulane.internal.http.Json;
import dev.cumulane.run.RunView;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.util.Optional;

/** A service to which each notice is a message of its own. Pure. */
interface Sink {
    /**
     * A notice on its way.
     *
     * @param id the same for the same notice, however often it is sent
     * @param page the page that shows the run, if there is one
     */
    record Notice(String id, Note note, RunView run, Optional<String> page) {
        Card card() {
            return Card.of(note, run, page);
        }
    }

    /** What people call the service. */
    String who();

    /**
     * The request that tells it.
     *
     * @param secret the value of the secret that the destination names
     */
    Call call(Notice notice, String secret, Instant now);

    /** A channel of Slack, by an incoming webhook. */
    record Slack() implements Sink {
        @Override
        public String who() {
            return "Slack";
        }

        @Override
        public Call call(Notice notice, String secret, Instant now) {
            return Call.json("POST", address(who(), secret), Json.bytes(SlackText.message(notice.card())));
        }
    }

    /** A channel of Microsoft Teams, by a workflow. */
    record Teams() implements Sink {
        @Override
        public String who() {
            return "Teams";
        }

        @Override
        public Call call(Notice notice, String secret, Instant now) {
            return Call.json("POST", address(who(), secret), Json.bytes(TeamsText.message(notice.card())));
        }
    }

    /** An address that is itself a secret; a message about it has no part of it. */
    private static URI address(String who, String secret) {
        try {
            return new URI(secret.strip());
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("the secret of the " + who + " webhook is no web address");
        }
    }
}
