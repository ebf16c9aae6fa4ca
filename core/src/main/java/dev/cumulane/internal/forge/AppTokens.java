// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.forge;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cumulane.internal.http.Answer;
import dev.cumulane.internal.http.Call;
import dev.cumulane.internal.http.Caller;
import dev.cumulane.internal.http.Json;
import dev.cumulane.internal.http.Refusals;
import dev.cumulane.internal.http.Url;
import dev.cumulane.source.Credential;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The tokens of a GitHub App's installation: each lives for an hour and is used until shortly before its end. Kept in memory only. Any thread. */
final class AppTokens {
    private static final Duration MARGIN = Duration.ofMinutes(5);

    private record Token(String value, Instant end) {}

    private final Credential.GitHubApp app;
    private final Url api;
    private final UnaryOperator<String> secrets;
    private final Caller caller;
    private final InstantSource clock;
    private @Nullable Token token;

    AppTokens(Credential.GitHubApp app, Url api, UnaryOperator<String> secrets, Caller caller, InstantSource clock) {
        this.app = app;
        this.api = api;
        this.secrets = secrets;
        this.caller = caller;
        this.clock = clock;
    }

    /** A token that can be used for some minutes at least. */
    synchronized String token() {
        Instant now = clock.instant();
        Token known = token;
        if (known == null || !now.plus(MARGIN).isBefore(known.end())) {
            known = fetch(now);
            token = known;
        }
        return known.value();
    }

    /** The token is of no use any more. */
    synchronized void forget() {
        token = null;
    }

    private Token fetch(Instant now) {
        String proof = AppKey.of(secrets.apply(app.reference())).proof(app.app(), now);
        Call call = Call.of(
                "POST",
                api.with("app", "installations", Long.toString(app.installation()), "access_tokens")
                        .uri());
        Answer answer = caller.call(ForgeAccess.asGitHubWants(call).with("Authorization", "Bearer " + proof));
        JsonNode json = Json.of(answer);
        String value = json.path("token").asText();
        if (!answer.isSuccess() || value.isEmpty()) {
            throw Refusals.of("GitHub, asked for an installation's token,", answer, now);
        }
        return new Token(value, end(json.path("expires_at").asText(), now));
    }

    private static Instant end(String text, Instant now) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            return now.plus(MARGIN);
        }
    }
}
