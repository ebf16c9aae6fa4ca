// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.notice;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.cumulane.cloud.HttpRequest;
import dev.cumulane.internal.source.Proofs;
import dev.cumulane.internal.source.WebhookSecret;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Slack's signature of a request, version 0: the HMAC-SHA256 of {@code v0:}, the time, a colon and the raw body. */
final class SlackProof {
    private static final String TIME = "x-slack-request-timestamp";
    private static final String SIGNATURE = "x-slack-signature";
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,11}");
    private static final Pattern VERSION_0 = Pattern.compile("v0=[0-9a-f]{64}");

    /** Slack's documentation says five minutes; a clock of ours that is slow is allowed the same. */
    private static final Duration OLDEST = Duration.ofMinutes(5);

    private SlackProof() {}

    /** Why a request is not believed to come from Slack; empty if it is. Looks at no byte of the body but through the signature. */
    static Optional<String> refusal(HttpRequest request, List<WebhookSecret> secrets, Instant now) {
        if (secrets.isEmpty()) {
            return Optional.of("there is no signing secret");
        }
        Optional<String> time =
                only(request, TIME).filter(text -> SECONDS.matcher(text).matches());
        Optional<String> signature =
                only(request, SIGNATURE).filter(text -> VERSION_0.matcher(text).matches());
        if (time.isEmpty() || signature.isEmpty()) {
            return Optional.of("it has no usable signature");
        }
        byte[] given = HexFormat.of().parseHex(signature.get().substring("v0=".length()));
        if (!Proofs.isSigned(secrets, given, ("v0:" + time.get() + ":").getBytes(US_ASCII), request.body())) {
            return Optional.of("its signature fits no secret");
        }
        Duration age = Duration.between(Instant.ofEpochSecond(Long.parseLong(time.get())), now)
                .abs();
        return age.compareTo(OLDEST) > 0 ? Optional.of("it is not of these five minutes") : Optional.empty();
    }

    private static Optional<String> only(HttpRequest request, String header) {
        List<String> values = request.headers().getOrDefault(header, List.of());
        return values.size() == 1 ? Optional.of(values.get(0)) : Optional.empty();
    }
}
