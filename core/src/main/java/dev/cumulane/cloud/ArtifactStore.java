// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

import dev.cumulane.pipeline.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * Bytes by their sha-256, and small keys that are written once.
 *
 * <p>Called by the engine and by function workers, from any thread. Objects are immutable: the same digest is the same bytes, whoever wrote them. A key is created
 * once and never changes. Every method may throw a {@link CloudException} with the meaning it has for the {@link Journal}.
 *
 * <p>Keys are {@code claims/}, {@code results/} and {@code cancel/} followed by an attempt; {@code deploys/} followed by environment and number; {@code reuse/} followed by a digest; {@code caches/} followed by a cache and a digest; {@code attestations/} followed by a digest and an attempt. A key is names
 * of ASCII letters, digits, {@code .}, {@code _} and {@code -} with single slashes between, none of them {@code .} or {@code ..}, at most 200 characters each and
 * 300 in all; another one is an {@link IllegalArgumentException}. {@link #checkKey} says so for every store.
 */
public interface ArtifactStore {
    /** The most bytes that a key may hold. */
    int LARGEST_KEY_VALUE = 256 * 1024;

    /** Bytes that can be read once, from their beginning. */
    @FunctionalInterface
    interface Source {
        /**
         * Opens the bytes; the caller closes the stream.
         *
         * @return a stream at its beginning
         * @throws IOException if they cannot be read
         */
        InputStream open() throws IOException;
    }

    /**
     * Stores bytes under their sha-256. When this returns they survive the loss of power.
     *
     * @param bytes the bytes; opened once or more
     * @return their digest
     */
    Digest put(Source bytes);

    /**
     * Stores bytes under their sha-256.
     *
     * @param bytes the bytes
     * @return their digest
     */
    default Digest put(byte[] bytes) {
        return put(() -> new java.io.ByteArrayInputStream(bytes));
    }

    /**
     * Opens an object. The caller closes the stream and checks what it read against the digest: a store may be damaged.
     *
     * @param digest the object's digest
     * @return the bytes, or empty if there is no such object
     */
    Optional<InputStream> open(Digest digest);

    /**
     * Reads an object that is known to be small and checks its digest.
     *
     * @param digest the object's digest
     * @param most the most bytes it may have
     * @return the bytes, or empty if there is no such object
     * @throws CloudException permanent, if it is larger or its bytes are not those its digest names
     */
    default Optional<byte[]> read(Digest digest, int most) {
        Optional<InputStream> opened = open(digest);
        if (opened.isEmpty()) {
            return Optional.empty();
        }
        try (InputStream in = opened.get()) {
            byte[] bytes = in.readNBytes(most + 1);
            if (bytes.length > most) {
                throw CloudException.permanent(
                        "artifact store", "object " + digest + " is larger than " + most + " bytes");
            }
            if (!Digest.of(bytes).equals(digest)) {
                throw CloudException.permanent(
                        "artifact store",
                        "object " + digest + " is damaged: its bytes have the digest " + Digest.of(bytes));
            }
            return Optional.of(bytes);
        } catch (IOException e) {
            throw CloudException.retryable("artifact store", "could not read object " + digest, e);
        }
    }

    /**
     * Whether an object is there.
     *
     * @param digest the object's digest
     * @return true if it is
     */
    boolean has(Digest digest);

    /**
     * Creates a key if it is absent. Of several callers exactly one succeeds; each finds out which by reading the key.
     *
     * @param key the key
     * @param value at most {@value #LARGEST_KEY_VALUE} bytes
     */
    void create(String key, byte[] value);

    /**
     * Reads a key.
     *
     * @param key the key
     * @return its bytes, or empty if it was never created
     */
    Optional<byte[]> read(String key);

    /**
     * Signs requests to this store, for work that has no credentials of its own.
     *
     * @return the signer, the same each time; empty where work reaches the store without signatures, as on one machine
     */
    default Optional<RequestSigner> signer() {
        return Optional.empty();
    }

    /**
     * Refuses what is no key; every store calls it first. What it lets through is safe as a path below a directory and in a URL.
     *
     * @param key a key from anywhere
     * @return the key
     * @throws IllegalArgumentException if it has another form, or a name in it leads out of its place; the message says which
     */
    static String checkKey(String key) {
        return StoreKey.check(key);
    }

    /**
     * Refuses what no key can hold; every store asks before it creates one.
     *
     * @param key a key from anywhere
     * @param value what it would hold
     * @throws IllegalArgumentException if it is no key, or the value is too large
     */
    static void checkNew(String key, byte[] value) {
        checkKey(key);
        if (value.length > LARGEST_KEY_VALUE) {
            throw new IllegalArgumentException("key " + key + " would hold " + value.length + " bytes; at most "
                    + LARGEST_KEY_VALUE + " are kept");
        }
    }

    /**
     * Reads what a key holds to its end, but no more than any key may hold.
     *
     * @param in the bytes; the caller closes them
     * @param service the store's name, for messages
     * @param key which key this is and where, for messages
     * @return the bytes
     * @throws IOException if they cannot be read
     * @throws CloudException permanent, if there are more
     */
    static byte[] readValue(InputStream in, String service, String key) throws IOException {
        byte[] value = in.readNBytes(LARGEST_KEY_VALUE + 1);
        if (value.length > LARGEST_KEY_VALUE) {
            throw CloudException.permanent(service, key + " holds more than " + LARGEST_KEY_VALUE + " bytes");
        }
        return value;
    }
}
