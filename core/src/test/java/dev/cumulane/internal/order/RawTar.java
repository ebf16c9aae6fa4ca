// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.order;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;

/** Writes whatever tar archive a test wants, good or bad. */
final class RawTar {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    RawTar file(String name, String content) {
        return entry('0', name, "", 0644, content);
    }

    RawTar directory(String name) {
        return entry('5', name, "", 0755, "");
    }

    RawTar link(char type, String name, String target) {
        return entry(type, name, target, 0777, "");
    }

    RawTar entry(char type, String name, String target, int mode, String content) {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        header(type, name.getBytes(StandardCharsets.UTF_8), target, mode, bytes.length);
        out.writeBytes(bytes);
        return pad();
    }

    /** A header that promises so many bytes; nothing follows it. */
    RawTar header(char type, byte[] name, String target, int mode, long size) {
        byte[] block = new byte[512];
        System.arraycopy(name, 0, block, 0, name.length);
        put(block, 100, "%07o".formatted(mode));
        put(block, 108, "0000000");
        put(block, 116, "0000000");
        put(block, 124, "%011o".formatted(size));
        put(block, 136, "00000000000");
        put(block, 148, "        ");
        block[156] = (byte) type;
        put(block, 157, target);
        put(block, 257, "ustar");
        put(block, 263, "00");
        int sum = 0;
        for (byte one : block) {
            sum += one & 0xff;
        }
        put(block, 148, "%06o".formatted(sum));
        block[154] = 0;
        out.writeBytes(block);
        return this;
    }

    RawTar pad() {
        out.writeBytes(new byte[(512 - out.size() % 512) % 512]);
        return this;
    }

    RawTar bytes(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    byte[] tar() {
        return Arrays.copyOf(out.toByteArray(), out.size() + 1024);
    }

    byte[] gz() {
        return gz(tar());
    }

    static byte[] gz(byte[] bytes) {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
            gzip.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return zipped.toByteArray();
    }

    private static void put(byte[] block, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, block, at, bytes.length);
    }
}
