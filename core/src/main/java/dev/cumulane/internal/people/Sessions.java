// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.people;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cumulane.internal.source.Proofs;
import dev.cumulane.internal.source.WebhookSecret;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a browser keeps after somebody has said the token of the pages: when that was, and an HMAC-SHA256 of it under the token. The token itself cannot be read from it, it ends by itself, and all of them end when the
 * token is another one.
 */
final class Sessions {
    /** How long one lasts. */
    static final Duration LIFE = Duration.ofDays(7);

    private static final Duration SKEW = Duration.ofMinutes(2);
    private static final Pattern FORM = Pattern.compile("([0-9]{1,12})\\.([0-9a-f]{64})");

    private Sessions() {}

    /** One that begins now, by the first of the tokens; empty if there is none. */
    static Optional<String> begin(List<WebhookSecret> tokens, Instant now) {
        long at = now.getEpochSecond();
        return tokens.stream()
                .findFirst()
                .map(token -> at + "." + HexFormat.of().formatHex(Proofs.signature(token, signed(at))));
    }

    /** Whether one was begun by one of the tokens, and lasts. */
    static boolean lasts(String session, List<WebhookSecret> tokens, Instant now) {
        Matcher parts = FORM.matcher(session);
        if (!parts.matches()) {
            return false;
        }
        long at = Long.parseLong(parts.group(1));
        Instant begun = Instant.ofEpochSecond(at);
        return Proofs.isSigned(tokens, HexFormat.of().parseHex(parts.group(2)), signed(at))
                && begun.plus(LIFE).isAfter(now)
                && begun.minus(SKEW).isBefore(now);
    }

    private static byte[] signed(long at) {
        return ("cumulane session\n" + at).getBytes(UTF_8);
    }
}
