// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

import com.google.common.base.CharMatcher;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The sha-256 of some bytes, written as 64 lower-case hexadecimal digits.
 *
 * @param hex the digits
 */
public record Digest(String hex) implements Comparable<Digest> {
    private static final CharMatcher DIGIT = CharMatcher.inRange('0', '9').or(CharMatcher.inRange('a', 'f'));
    private static final int LENGTH = 64;

    /** Refuses anything but 64 lower-case hexadecimal digits. */
    public Digest {
        if (hex.length() != LENGTH || !DIGIT.matchesAllOf(hex)) {
            throw new IllegalArgumentException(
                    "not a sha-256 digest (64 lower-case hexadecimal digits): " + Names.shown(hex));
        }
    }

    /**
     * The digest of these bytes.
     *
     * @param bytes any bytes
     * @return their sha-256
     */
    public static Digest of(byte[] bytes) {
        return new Digest(HexFormat.of().formatHex(sha256().digest(bytes)));
    }

    /**
     * A fresh sha-256 computation, for bytes that do not fit in memory.
     *
     * @return a message digest
     */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java platform has no SHA-256, which every one must have", e);
        }
    }

    /**
     * The digest that a computation arrived at.
     *
     * @param sha256 a computation begun with {@link #sha256()}; it is reset
     * @return the digest
     */
    public static Digest of(MessageDigest sha256) {
        return new Digest(HexFormat.of().formatHex(sha256.digest()));
    }

    @Override
    public int compareTo(Digest other) {
        return hex.compareTo(other.hex);
    }

    @Override
    public String toString() {
        return hex;
    }
}
