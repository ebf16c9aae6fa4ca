// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Optional;
import java.util.stream.Stream;

/** A signer whose key is in this process. */
final class LocalSigner implements Signer {
    private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String END = "-----END PRIVATE KEY-----";

    private final String keyId;
    private final PrivateKey key;
    private final String algorithm;

    private LocalSigner(String keyId, PrivateKey key, String algorithm) {
        this.keyId = keyId;
        this.key = key;
        this.algorithm = algorithm;
    }

    static Signer of(String keyId, byte[] pem) {
        if (keyId.isBlank() || keyId.length() > 200) {
            throw new IllegalArgumentException("a key has a name of 1 to 200 characters, not '" + keyId + "'");
        }
        byte[] der = der(new String(pem, US_ASCII));
        return Stream.of(signer(keyId, der, "Ed25519", "Ed25519"), signer(keyId, der, "EC", "SHA256withECDSA"))
                .flatMap(Optional::stream)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("key '" + keyId
                        + "' is neither an Ed25519 nor an EC private key in PKCS #8; one is made by:"
                        + " openssl genpkey -algorithm ed25519"));
    }

    private static Optional<Signer> signer(String keyId, byte[] der, String kind, String algorithm) {
        try {
            PrivateKey key = KeyFactory.getInstance(kind).generatePrivate(new PKCS8EncodedKeySpec(der));
            LocalSigner signer = new LocalSigner(keyId, key, algorithm);
            // A curve that the platform does not have shows itself here.
            signer.signature(new byte[0]);
            return Optional.of(signer);
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }

    private static byte[] der(String pem) {
        int from = pem.indexOf(BEGIN);
        int to = pem.indexOf(END);
        try {
            return from < 0 || to < from
                    ? new byte[0]
                    : Base64.getMimeDecoder().decode(pem.substring(from + BEGIN.length(), to));
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }

    @Override
    public String keyId() {
        return keyId;
    }

    @Override
    public byte[] sign(byte[] bytes) {
        try {
            return signature(bytes);
        } catch (GeneralSecurityException e) {
            throw CloudException.permanent("signer", "key '" + keyId + "' does not sign: " + e.getMessage(), e);
        }
    }

    private byte[] signature(byte[] bytes) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        signature.update(bytes);
        return signature.sign();
    }

    @Override
    public String toString() {
        return "a signer with the key '" + keyId + "'";
    }
}
