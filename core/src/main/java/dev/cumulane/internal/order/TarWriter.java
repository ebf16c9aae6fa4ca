// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.order;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes tar entries as {@code order.sh} has GNU tar write them: one time, one owner, two modes, long names in GNU's way. */
final class TarWriter {
    private static final int BLOCK = 512;
    /** 2000-01-01T00:00:00Z, which zip files can hold too. */
    private static final long TIME = 946_684_800;

    private final OutputStream out;

    TarWriter(OutputStream out) {
        this.out = out;
    }

    void directory(String name) throws IOException {
        named(name + "/", '5', 0755, 0);
    }

    /** Begins a file; exactly so many bytes of content have to follow, and then {@link #pad}. */
    void file(String name, boolean executable, long size) throws IOException {
        named(name, '0', executable ? 0755 : 0644, size);
    }

    /** Fills up the last block of a file of this size. */
    void pad(long size) throws IOException {
        out.write(new byte[(int) ((BLOCK - size % BLOCK) % BLOCK)]);
    }

    void end() throws IOException {
        out.write(new byte[2 * BLOCK]);
    }

    private void named(String name, char type, int mode, long size) throws IOException {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > 100) {
            header("././@LongLink".getBytes(StandardCharsets.US_ASCII), 'L', 0644, bytes.length + 1L);
            out.write(bytes);
            out.write(0);
            pad(bytes.length + 1L);
        }
        header(Arrays.copyOf(bytes, Math.min(bytes.length, 100)), type, mode, size);
    }

    private void header(byte[] name, char type, int mode, long size) throws IOException {
        byte[] block = new byte[BLOCK];
        System.arraycopy(name, 0, block, 0, name.length);
        octal(block, 100, 7, mode);
        octal(block, 108, 7, 0);
        octal(block, 116, 7, 0);
        octal(block, 124, 11, size);
        octal(block, 136, 11, type == 'L' ? 0 : TIME);
        Arrays.fill(block, 148, 156, (byte) ' ');
        block[156] = (byte) type;
        System.arraycopy("ustar  ".getBytes(StandardCharsets.US_ASCII), 0, block, 257, 7);
        int sum = 0;
        for (byte one : block) {
            sum += one & 0xff;
        }
        octal(block, 148, 6, sum);
        block[154] = 0;
        out.write(block);
    }

    private static void octal(byte[] block, int at, int digits, long value) {
        for (int i = digits - 1; i >= 0; i--, value >>= 3) {
            block[at + i] = (byte) ('0' + (value & 7));
        }
    }
}
