// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

/**
 * Signs what a run leaves behind, with a key that this process holds or that a key service keeps for itself.
 *
 * <p>Called by the engine, once per artifact that a stage has written, on any thread. A {@link CloudException} leaves the artifact without a signature until the engine
 * tries again, which it does with growing delay; the run goes on meanwhile.
 */
public interface Signer {
    /**
     * A hint which key to check a signature with; whoever checks must know the key from elsewhere.
     *
     * @return a name of 1 to 200 characters
     */
    String keyId();

    /**
     * Signs bytes.
     *
     * @param bytes what to sign, itself and not its digest; at most 256 KiB
     * @return the signature, in the form that is usual for the key: 64 bytes for Ed25519, DER for ECDSA
     */
    byte[] sign(byte[] bytes);

    /**
     * A signer with a private key of its own: Ed25519, or ECDSA with SHA-256 on a curve that this Java platform has, such as P-256.
     *
     * @param keyId what to call the key
     * @param pem the key in PKCS #8, between lines of {@code PRIVATE KEY}, as {@code openssl genpkey} writes it without a passphrase
     * @return the signer
     * @throws IllegalArgumentException if it is another form or kind of key; the message has no part of it
     */
    static Signer pkcs8(String keyId, byte[] pem) {
        return LocalSigner.of(keyId, pem);
    }
}
