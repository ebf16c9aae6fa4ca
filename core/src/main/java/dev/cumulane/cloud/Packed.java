// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/** Bytes in zlib's format: a journal's snapshot is text that repeats itself, and services bill by size. Any thread. */
public final class Packed {
    private Packed() {}

    /**
     * Packs bytes.
     *
     * @param bytes the bytes
     * @return what {@link #unpack} takes
     */
    public static byte[] pack(byte[] bytes) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream(bytes.length / 4 + 64);
        try (DeflaterOutputStream out = new DeflaterOutputStream(packed)) {
            out.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    /**
     * Unpacks bytes.
     *
     * @param packed bytes from a store, perhaps damaged
     * @param most the most bytes that may come out
     * @return the bytes; empty if these are not packed bytes, or more come out
     */
    public static Optional<byte[]> unpack(byte[] packed, int most) {
        try (InflaterInputStream in = new InflaterInputStream(new ByteArrayInputStream(packed))) {
            byte[] bytes = in.readNBytes(most + 1);
            return bytes.length > most ? Optional.empty() : Optional.of(bytes);
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
