// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.order;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Reads one gzip member and insists that nothing follows it. {@link java.util.zip.GZIPInputStream} passes over what it does not
 * understand after the first member, and two readers of one archive must not see two contents.
 */
final class GzipInput extends InputStream {
    private static final int HEADER = 10;

    private final InputStream compressed;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 crc = new CRC32();
    private final byte[] buffer = new byte[16 * 1024];
    private final byte[] one = new byte[1];
    private int filled;
    private long taken;
    private long given;
    private boolean over;
    /** How many bytes of the buffer lie behind the compressed data; -1 until that has ended. */
    private int rest = -1;

    GzipInput(InputStream compressed) throws IOException {
        this.compressed = compressed;
        byte[] header = compressed.readNBytes(HEADER);
        if (header.length < HEADER || (header[0] & 0xff) != 0x1f || (header[1] & 0xff) != 0x8b || header[2] != 8) {
            throw new RefusedInputException("the archive is not gzip-compressed");
        }
        if (header[3] != 0) {
            throw new RefusedInputException(
                    "the archive's gzip header has a name or other fields that 'gzip -n' does not write");
        }
        taken = HEADER;
    }

    /** How many compressed bytes were read so far, read-ahead included. */
    long taken() {
        return taken;
    }

    @Override
    public int read() throws IOException {
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (over || length == 0) {
            return over ? -1 : 0;
        }
        try {
            int count = inflater.inflate(bytes, offset, length);
            while (count == 0 && !inflater.finished()) {
                if (inflater.needsDictionary()) {
                    throw new RefusedInputException("the archive's compressed data is damaged");
                }
                fill();
                count = inflater.inflate(bytes, offset, length);
            }
            crc.update(bytes, offset, count);
            given += count;
            if (count == 0) {
                over = true;
                checkTrailer();
                return -1;
            }
            return count;
        } catch (DataFormatException e) {
            throw new RefusedInputException("the archive's compressed data is damaged", e);
        }
    }

    private void fill() throws IOException {
        filled = compressed.read(buffer);
        if (filled < 0) {
            throw new RefusedInputException("the archive is cut off", new EOFException());
        }
        taken += filled;
        inflater.setInput(buffer, 0, filled);
    }

    private void checkTrailer() throws IOException {
        long sum = little();
        long length = little();
        if (sum != crc.getValue() || length != (given & 0xffff_ffffL)) {
            throw new RefusedInputException("the archive's checksum does not match its content");
        }
        if (rest > 0 || compressed.read() >= 0) {
            throw new RefusedInputException("something follows the end of the archive");
        }
    }

    private long little() throws IOException {
        long value = 0;
        for (int shift = 0; shift < 32; shift += 8) {
            value |= (long) next() << shift;
        }
        return value;
    }

    private int next() throws IOException {
        if (rest < 0) {
            rest = inflater.getRemaining();
        }
        int value = rest > 0 ? buffer[filled - rest--] & 0xff : compressed.read();
        if (value < 0) {
            throw new RefusedInputException("the archive is cut off");
        }
        return value;
    }

    @Override
    public void close() throws IOException {
        inflater.end();
        compressed.close();
    }
}
