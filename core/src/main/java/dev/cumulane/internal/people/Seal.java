// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.people;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cumulane.cloud.Secrets;
import dev.cumulane.internal.source.Proofs;
import dev.cumulane.internal.source.WebhookSecret;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes texts that nobody else can make, and that show what was put into them: bytes and their HMAC-SHA256, in base64url. What is sealed for one purpose opens for no
 * other. Any thread.
 */
final class Seal {
    /** The most characters of a sealed text that is looked at. */
    static final int LONGEST = 1_600;

    private static final Pattern FORM = Pattern.compile("([A-Za-z0-9_-]{1,1500})\\.([A-Za-z0-9_-]{43})");
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

    private final Secrets secrets;
    private final List<String> references;

    /** A seal with these keys: the first seals, each opens. */
    Seal(Secrets secrets, List<String> references) {
        this.secrets = secrets;
        this.references = references;
    }

    /** A sealed text; empty if the first key cannot be read. */
    Optional<String> close(String purpose, byte[] content) {
        return WebhookSecret.readable(secrets, references.subList(0, Math.min(references.size(), 1)), "voting links")
                .stream()
                .findFirst()
                .map(key -> ENCODER.encodeToString(content) + "."
                        + ENCODER.encodeToString(Proofs.signature(key, context(purpose), content)));
    }

    /** What is in a sealed text; empty if it was not sealed by one of the keys for this purpose. */
    Optional<byte[]> open(String purpose, String text) {
        if (text.length() > LONGEST) {
            return Optional.empty();
        }
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        Optional<byte[]> content = decoded(parts.group(1));
        Optional<byte[]> signature = decoded(parts.group(2));
        return content.filter(bytes -> signature.isPresent()
                && Proofs.isSigned(
                        WebhookSecret.readable(secrets, references, "voting links"),
                        signature.get(),
                        context(purpose),
                        bytes));
    }

    private static byte[] context(String purpose) {
        return ("cumulane " + purpose + "\n").getBytes(UTF_8);
    }

    /** Bytes in the one form in which they are written: the last character of another one could differ in bits that do not count. */
    private static Optional<byte[]> decoded(String text) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(text);
            return ENCODER.encodeToString(bytes).equals(text) ? Optional.of(bytes) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
