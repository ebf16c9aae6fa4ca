// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.source;

import dev.cumulane.pipeline.Digest;
import dev.cumulane.source.WebhookRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The steps from which proofs of all kinds are made. Comparisons take the same time wherever the difference is, and whichever secret fits. */
public final class Proofs {
    private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

    private Proofs() {}

    /**
     * Checks a header that holds the HMAC-SHA256 of the body.
     *
     * @param header the header's name
     * @param prefix what the value begins with, such as {@code sha256=}
     * @return why it is not believed
     */
    static Optional<String> hmac(WebhookRequest request, String header, String prefix, List<WebhookSecret> secrets) {
        Optional<String> refusal = hmacForm(request, header, prefix);
        if (refusal.isPresent()) {
            return refusal;
        }
        String hex = request.header(header).get(0).substring(prefix.length());
        return isSigned(secrets, HexFormat.of().parseHex(hex), request.body())
                ? Optional.empty()
                : Optional.of(header + " fits no secret");
    }

    /** Checks that a header could hold the HMAC-SHA256 of some body. */
    static Optional<String> hmacForm(WebhookRequest head, String header, String prefix) {
        List<String> values = head.header(header);
        if (values.size() != 1) {
            return Optional.of(header + " is there " + values.size() + " times");
        }
        String value = values.get(0);
        String hex = value.startsWith(prefix) ? value.substring(prefix.length()) : "";
        return HEX.matcher(hex).matches() ? Optional.empty() : Optional.of(header + " holds no HMAC-SHA256");
    }

    /** Checks a header that holds the secret itself. */
    static Optional<String> token(WebhookRequest request, String header, List<WebhookSecret> secrets) {
        List<String> values = request.header(header);
        if (values.size() != 1) {
            return Optional.of(header + " is there " + values.size() + " times");
        }
        return isOneOf(values.get(0), secrets) ? Optional.empty() : Optional.of(header + " fits no secret");
    }

    /** Compares digests, so that the time tells nothing of the secret's length either. */
    public static boolean isOneOf(String given, List<WebhookSecret> secrets) {
        byte[] digest = Digest.sha256().digest(given.getBytes(StandardCharsets.UTF_8));
        boolean fits = false;
        for (WebhookSecret secret : secrets) {
            fits |= MessageDigest.isEqual(Digest.sha256().digest(secret.bytes()), digest);
        }
        return fits;
    }

    /** Whether one of these secrets gives this HMAC-SHA256 of the parts. */
    public static boolean isSigned(List<WebhookSecret> secrets, byte[] given, byte[]... parts) {
        boolean fits = false;
        for (WebhookSecret secret : secrets) {
            fits |= MessageDigest.isEqual(signature(secret, parts), given);
        }
        return fits;
    }

    /** The HMAC-SHA256 of some parts. */
    public static byte[] signature(WebhookSecret secret, byte[]... parts) {
        return hmacSha256(secret.bytes(), parts);
    }

    static byte[] hmacSha256(byte[] key, byte[]... parts) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            for (byte[] part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java platform has no HmacSHA256, which every one must have", e);
        }
    }
}
