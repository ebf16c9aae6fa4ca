// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.source;

import dev.cumulane.source.WebhookRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * The signature of Standard Webhooks: over id, time stamp and body, as {@code v1} with a shared key ({@code whsec_}) or as {@code v1a} with Ed25519
 * ({@code whpk_}). The header may hold several, one of which must fit.
 */
final class StandardSignature {
    static final String SHARED = "whsec_";
    static final String PUBLIC = "whpk_";
    static final String ID = "webhook-id";
    static final String TIME = "webhook-timestamp";
    static final String HEADER = "webhook-signature";

    /** The tolerance that the specification's libraries have, in both directions. */
    static final Duration OLDEST = Duration.ofMinutes(5);

    private static final int MOST_SIGNATURES = 10;
    private static final Pattern PLAIN = Pattern.compile("[\\x21-\\x7e]{1,100}");
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,12}");

    /** RFC 8410: what comes before the 32 bytes of an Ed25519 key in its X.509 form. */
    private static final byte[] ED25519 = HexFormat.of().parseHex("302a300506032b6570032100");

    private StandardSignature() {}

    static Optional<String> refusal(WebhookRequest request, List<WebhookSecret> secrets, Instant now) {
        Optional<String> refusal = headRefusal(request, now);
        if (refusal.isPresent()) {
            return refusal;
        }
        String[] signatures = signatures(request);
        byte[] head =
                (request.header(ID).get(0) + "." + request.header(TIME).get(0) + ".").getBytes(StandardCharsets.UTF_8);
        boolean fits = false;
        for (WebhookSecret secret : secrets) {
            for (String signature : signatures) {
                fits |= fits(signature, secret.text(), head, request.body());
            }
        }
        return fits ? Optional.empty() : Optional.of(HEADER + " fits no secret");
    }

    /** Why no body could be signed so: a header that is not there once, has another form, or is of another time. */
    static Optional<String> headRefusal(WebhookRequest request, Instant now) {
        for (String header : List.of(ID, TIME, HEADER)) {
            int times = request.header(header).size();
            if (times != 1) {
                return Optional.of(header + " is there " + times + " times");
            }
        }
        String id = request.header(ID).get(0);
        String time = request.header(TIME).get(0);
        if (!PLAIN.matcher(id).matches() || !SECONDS.matcher(time).matches()) {
            return Optional.of(ID + " or " + TIME + " has another form");
        }
        Duration off = Duration.between(Instant.ofEpochSecond(Long.parseLong(time)), now)
                .abs();
        if (off.compareTo(OLDEST) > 0) {
            return Optional.of(TIME + " is " + off.toSeconds() + " s away from now; at most " + OLDEST.toSeconds()
                    + " are accepted");
        }
        int signatures = signatures(request).length;
        return signatures > MOST_SIGNATURES
                ? Optional.of(HEADER + " holds " + signatures + " signatures")
                : Optional.empty();
    }

    private static String[] signatures(WebhookRequest request) {
        return request.header(HEADER).get(0).split(" ", -1);
    }

    /** How many bytes the key has that a secret of Standard Webhooks holds, none if it is not base64; empty if it is no such secret. */
    static OptionalInt keyLength(String secret) {
        for (String prefix : List.of(SHARED, PUBLIC)) {
            if (secret.startsWith(prefix)) {
                return OptionalInt.of(decoded(secret.substring(prefix.length())).length);
            }
        }
        return OptionalInt.empty();
    }

    private static boolean fits(String signature, String secret, byte[] head, byte[] body) {
        if (signature.startsWith("v1,") && secret.startsWith(SHARED)) {
            byte[] key = decoded(secret.substring(SHARED.length()));
            byte[] given = decoded(signature.substring(3));
            return key.length > 0 && MessageDigest.isEqual(Proofs.hmacSha256(key, head, body), given);
        }
        if (signature.startsWith("v1a,") && secret.startsWith(PUBLIC)) {
            return isSigned(decoded(secret.substring(PUBLIC.length())), decoded(signature.substring(4)), head, body);
        }
        return false;
    }

    private static boolean isSigned(byte[] key, byte[] given, byte[] head, byte[] body) {
        byte[] encoded = new byte[ED25519.length + key.length];
        System.arraycopy(ED25519, 0, encoded, 0, ED25519.length);
        System.arraycopy(key, 0, encoded, ED25519.length, key.length);
        try {
            Signature ed25519 = Signature.getInstance("Ed25519");
            ed25519.initVerify(KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded)));
            ed25519.update(head);
            ed25519.update(body);
            return ed25519.verify(given);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** What a Base64 text holds; nothing, which fits nothing, if it is none. */
    private static byte[] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }
}
