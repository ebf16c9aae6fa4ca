// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.sqlite;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/** The CRC-32C of a row: of its key as well as its bytes, so that a row in a wrong place is found too. */
public final class Checksum {
    private Checksum() {}

    /**
     * Computes it.
     *
     * @param name the row's name
     * @param number the row's number
     * @param bytes the row's bytes
     * @return the checksum, not negative
     */
    public static long of(String name, long number, byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(name.getBytes(StandardCharsets.UTF_8));
        crc.update(ByteBuffer.allocate(Byte.BYTES + Long.BYTES)
                .put((byte) 0)
                .putLong(number)
                .flip());
        crc.update(bytes);
        return crc.getValue();
    }
}
