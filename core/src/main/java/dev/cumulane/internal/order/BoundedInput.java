// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.order;

import java.io.IOException;
import java.io.InputStream;

/** The unpacked bytes of an archive, counted as they come: what headers promise is no matter. */
final class BoundedInput extends InputStream {
    private static final int BLOCK = 512;

    private final GzipInput in;
    private final long most;
    private long given;

    BoundedInput(GzipInput in, ArchiveLimits limits) {
        this.in = in;
        // Each entry has a header and padding besides its content, and tar fills up its last record.
        this.most = limits.bytes() + limits.entries() * 4L * BLOCK + 20L * BLOCK;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int count = in.read(bytes, offset, length);
        given += Math.max(count, 0);
        if (given > most) {
            throw new RefusedInputException("the archive holds more than " + most + " bytes");
        }
        if (given > ArchiveLimits.SMALL && given > in.taken() * ArchiveLimits.MOST_RATIO) {
            throw new RefusedInputException(
                    "the archive holds more than " + ArchiveLimits.MOST_RATIO + " times its own size");
        }
        return count;
    }
}
