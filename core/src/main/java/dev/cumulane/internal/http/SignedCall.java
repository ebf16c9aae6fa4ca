// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Calls that are signed as the Standard Webhooks specification 1.0 says. */
public final class SignedCall {
    private static final String PREFIX = "whsec_";

    private SignedCall() {}

    /**
     * A call with its signature.
     *
     * @param call the call
     * @param id what the message is called, the same over retries; without a dot, which parts what is signed
     * @param secret {@code whsec_} and the key in base64
     * @param at the time of the request
     * @return the call with three more headers
     * @throws IllegalArgumentException if the secret has another form; the message has no part of it
     */
    public static Call of(Call call, String id, String secret, Instant at) {
        String time = Long.toString(at.getEpochSecond());
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key(secret), "HmacSHA256"));
            mac.update((id + "." + time + ".").getBytes(UTF_8));
            String signature = Base64.getEncoder().encodeToString(mac.doFinal(call.body()));
            return call.with("webhook-id", id)
                    .with("webhook-timestamp", time)
                    .with("webhook-signature", "v1," + signature);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java platform has no HmacSHA256, which every one must have", e);
        }
    }

    private static byte[] key(String secret) {
        String text = secret.strip();
        try {
            byte[] key = Base64.getDecoder().decode(text.startsWith(PREFIX) ? text.substring(PREFIX.length()) : "?");
            if (key.length >= 24 && key.length <= 64) {
                return key;
            }
        } catch (IllegalArgumentException e) {
            // Said below, in words of ours.
        }
        throw new IllegalArgumentException(
                "the secret of an outgoing webhook is 'whsec_' and 24 to 64 bytes in base64");
    }
}
