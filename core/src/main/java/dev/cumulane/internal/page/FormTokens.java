// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cumulane.cloud.Secrets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a form holds to prove that it is from a page of ours, which no page of somebody else's can read: HMAC-SHA256 over where it goes, whom it was shown and when.
 *
 * <p>The key is that of a secret of the configuration, so that another instance of a function knows it, too; without any it is this process's own.
 */
final class FormTokens {
    /** How long a form can be filled in. */
    static final Duration LIFE = Duration.ofHours(12);

    private static final Duration SKEW = Duration.ofMinutes(2);
    private static final Pattern FORM = Pattern.compile("([0-9]{1,12})\\.([A-Za-z0-9_-]{43})");
    private static final String ALGORITHM = "HmacSHA256";

    private final Secrets secrets;
    private final List<String> references;
    private final byte[] own = new byte[32];

    /**
     * Tokens.
     *
     * @param references of secrets from which keys are made: the first makes tokens, each proves them
     */
    FormTokens(Secrets secrets, List<String> references) {
        this.secrets = secrets;
        this.references = List.copyOf(references);
        new SecureRandom().nextBytes(own);
    }

    /** A token for a form that goes there, shown to somebody. */
    String issue(String action, String visitor, Instant now) {
        long at = now.getEpochSecond();
        return at + "." + signature(keys().get(0), action, visitor, at);
    }

    /** Whether a token is for such a form, and not too old. */
    boolean isGood(String token, String action, String visitor, Instant now) {
        Matcher parts = FORM.matcher(token);
        if (!parts.matches()) {
            return false;
        }
        long at = Long.parseLong(parts.group(1));
        Instant issued = Instant.ofEpochSecond(at);
        boolean isFresh = issued.plus(LIFE).isAfter(now) && issued.minus(SKEW).isBefore(now);
        byte[] said = parts.group(2).getBytes(UTF_8);
        boolean isProven = false;
        for (byte[] key : keys()) {
            isProven |=
                    MessageDigest.isEqual(signature(key, action, visitor, at).getBytes(UTF_8), said);
        }
        return isFresh && isProven;
    }

    private List<byte[]> keys() {
        List<byte[]> read = references.stream()
                .map(secrets::read)
                .flatMap(Optional::stream)
                .filter(key -> key.length > 0)
                .toList();
        return read.isEmpty() ? List.of(own) : read;
    }

    private static String signature(byte[] key, String action, String visitor, long at) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            byte[] code = mac.doFinal(("cumulane form\n" + action + "\n" + visitor + "\n" + at).getBytes(UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(code);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                    "this Java platform has no " + ALGORITHM + ", which every one must have", e);
        }
    }
}
