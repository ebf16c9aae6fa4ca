// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.source;

import dev.cumulane.cloud.Secrets;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The value of a secret by which others prove themselves, in memory only. */
public final class WebhookSecret {
    private static final Logger LOG = LoggerFactory.getLogger(WebhookSecret.class);
    private static final int SHORTEST = 16;

    private final byte[] bytes;

    private WebhookSecret(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * A secret.
     *
     * @param reference what names it, for the error
     * @param value its bytes; line ends behind them, as editors leave them, are no part of it
     * @return the secret
     * @throws IllegalArgumentException if it has fewer than 16 bytes, or the key that it holds in base64 has: such a secret can be guessed
     */
    public static WebhookSecret of(String reference, byte[] value) {
        int length = value.length;
        while (length > 0 && (value[length - 1] == '\n' || value[length - 1] == '\r')) {
            length--;
        }
        WebhookSecret secret = new WebhookSecret(Arrays.copyOf(value, length));
        int key = StandardSignature.keyLength(secret.text()).orElse(length);
        if (key < SHORTEST) {
            throw new IllegalArgumentException("secret '" + reference + "' has " + key + " bytes; at least " + SHORTEST
                    + " are needed, and 32 random ones are right");
        }
        return secret;
    }

    /**
     * Those of some secrets that can be read; one that is missing or too short proves nothing, and is an error in the log.
     *
     * @param whose what they prove, for the log
     */
    public static List<WebhookSecret> readable(Secrets secrets, List<String> references, String whose) {
        List<WebhookSecret> readable = new ArrayList<>();
        for (String reference : references) {
            Optional<byte[]> value = secrets.read(reference);
            if (value.isEmpty()) {
                LOG.error("Secret '{}' of {} is not there", reference, whose);
                continue;
            }
            try {
                readable.add(of(reference, value.get()));
            } catch (IllegalArgumentException e) {
                LOG.error("{}: {}", whose, e.getMessage());
            }
        }
        return readable;
    }

    byte[] bytes() {
        return bytes;
    }

    String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Shows nothing. */
    @Override
    public String toString() {
        return "WebhookSecret";
    }
}
