// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.ticket;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Secrets;
import dev.cumulane.cloud.WorkEndpoint;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Proves text to be ours, by HMAC-SHA256: with the first of the keys; each of them is believed. */
final class TicketKeys {
    private static final Logger LOG = LoggerFactory.getLogger(TicketKeys.class);
    private static final String ALGORITHM = "HmacSHA256";

    private final Secrets secrets;
    private final List<String> references;

    TicketKeys(Secrets secrets, List<String> references) {
        this.secrets = secrets;
        this.references = references;
    }

    /**
     * The proof of a text.
     *
     * @throws CloudException if there is no usable key
     */
    String proof(String text) {
        String first = references.get(0);
        return HexFormat.of()
                .formatHex(mac(
                        key(first).orElseThrow(() -> CloudException.permanent("secrets", unusable(first))), text));
    }

    /**
     * Whether this is a proof of the text.
     *
     * @throws CloudException if no key is usable
     */
    boolean isProven(String text, String proof) {
        int usable = 0;
        for (String reference : references) {
            Optional<byte[]> key = key(reference);
            if (key.isEmpty()) {
                LOG.error("{}", unusable(reference));
                continue;
            }
            usable++;
            byte[] right = HexFormat.of().formatHex(mac(key.get(), text)).getBytes(US_ASCII);
            if (MessageDigest.isEqual(right, proof.getBytes(US_ASCII))) {
                return true;
            }
        }
        if (usable == 0) {
            throw CloudException.permanent("secrets", unusable(references.get(0)));
        }
        return false;
    }

    private Optional<byte[]> key(String reference) {
        return secrets.read(reference).filter(value -> value.length >= WorkEndpoint.SHORTEST_KEY);
    }

    private static String unusable(String reference) {
        return "the key of tickets, secret '" + reference + "', is not there or shorter than "
                + WorkEndpoint.SHORTEST_KEY + " bytes";
    }

    private static byte[] mac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            return mac.doFinal(text.getBytes(US_ASCII));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(
                    "this Java platform has no " + ALGORITHM + ", which every one must have", e);
        }
    }
}
