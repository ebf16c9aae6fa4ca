// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.source;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A webhook secret's value, in memory only. */
public final class WebhookSecret {
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
     * @throws IllegalArgumentException if it has fewer than 16 bytes: such a secret can be guessed
     */
    public static WebhookSecret of(String reference, byte[] value) {
        int length = value.length;
        while (length > 0 && (value[length - 1] == '\n' || value[length - 1] == '\r')) {
            length--;
        }
        if (length < SHORTEST) {
            throw new IllegalArgumentException("webhook secret '" + reference + "' has " + length + " bytes; at least "
                    + SHORTEST + " are needed, and 32 random ones are right");
        }
        return new WebhookSecret(Arrays.copyOf(value, length));
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
