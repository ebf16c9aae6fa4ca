// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.order;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Reads the entries of a tar stream: ustar, GNU long names, and the path and size of pax headers. Anything but files and directories is refused, as
 * is everything that two readers could understand differently.
 */
final class TarReader {
    private static final int BLOCK = 512;
    private static final int MOST_HEADER_BYTES = 64 * 1024;

    private final InputStream in;
    private final byte[] header = new byte[BLOCK];
    private Content content = new Content(0);

    TarReader(InputStream in) {
        this.in = in;
    }

    /** The entry's content; the next entry begins where it ends. */
    InputStream content() {
        return content;
    }

    /** The next entry, or empty after the last; then the stream was read to its end. */
    Optional<Archives.Entry> next() throws IOException {
        content.finish();
        Optional<String> longName = Optional.empty();
        long paxSize = -1;
        while (true) {
            readBlock();
            if (isZero()) {
                expectEnd(longName.isPresent() || paxSize >= 0);
                return Optional.empty();
            }
            checkSum();
            long size = number(124, 12, "size");
            switch (header[156]) {
                case 'L' -> {
                    once(longName.isEmpty());
                    longName = Optional.of(text(special(size)));
                }
                case 'x' -> {
                    once(longName.isEmpty() && paxSize < 0);
                    Pax pax = Pax.of(special(size));
                    longName = pax.path();
                    paxSize = pax.size();
                }
                case '0', 0, '5' -> {
                    long real = paxSize >= 0 ? paxSize : size;
                    return Optional.of(entry(longName.isPresent() ? longName.get() : shortName(), real));
                }
                default ->
                    throw new RefusedInputException("'"
                            + ShellText.shown(longName.isPresent() ? longName.get() : shortName())
                            + "' in the archive is a " + kind(header[156]) + "; only files and directories are taken");
            }
        }
    }

    private Archives.Entry entry(String name, long size) throws IOException {
        long mode = number(100, 8, "mode");
        boolean directory = header[156] == '5' || name.endsWith("/");
        if (directory && size != 0) {
            throw new RefusedInputException("directory '" + ShellText.shown(name) + "' in the archive has content");
        }
        if ((mode & 06000) != 0) {
            throw new RefusedInputException(
                    "'" + ShellText.shown(name) + "' in the archive would run with its owner's rights");
        }
        content = new Content(size);
        String path = directory && name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
        return new Archives.Entry(path, directory, !directory && (mode & 0100) != 0, size);
    }

    private static String kind(byte type) {
        return switch (type) {
            case '1' -> "hard link";
            case '2' -> "symbolic link";
            case '3', '4', '6' -> "device or pipe";
            default -> "special entry";
        };
    }

    private static void once(boolean first) throws RefusedInputException {
        if (!first) {
            throw new RefusedInputException("an entry in the archive has two names");
        }
    }

    private void readBlock() throws IOException {
        if (in.readNBytes(header, 0, BLOCK) < BLOCK) {
            throw new RefusedInputException("the archive is cut off");
        }
    }

    private boolean isZero() {
        for (byte one : header) {
            if (one != 0) {
                return false;
            }
        }
        return true;
    }

    /** After the first block of zeros there are only zeros, at least one block more and as many as fill a record. */
    private void expectEnd(boolean insideEntry) throws IOException {
        if (insideEntry) {
            throw new RefusedInputException("the archive is cut off");
        }
        readBlock();
        int length = BLOCK;
        while (length > 0) {
            if (length < BLOCK || !isZero()) {
                throw new RefusedInputException("something follows the end of the archive");
            }
            length = in.readNBytes(header, 0, BLOCK);
        }
    }

    private void checkSum() throws IOException {
        if (header[257] != 'u'
                || header[258] != 's'
                || header[259] != 't'
                || header[260] != 'a'
                || header[261] != 'r') {
            throw new RefusedInputException("the archive is no tar archive of a known kind");
        }
        int sum = 0;
        for (int i = 0; i < BLOCK; i++) {
            sum += i >= 148 && i < 156 ? ' ' : header[i] & 0xff;
        }
        if (sum != number(148, 8, "checksum")) {
            throw new RefusedInputException("a header in the archive has a wrong checksum");
        }
    }

    /** An octal number: leading spaces, digits, then spaces or zeros. GNU's binary form is for sizes beyond our limits. */
    private long number(int from, int length, String what) throws IOException {
        int i = from;
        int end = from + length;
        while (i < end && header[i] == ' ') {
            i++;
        }
        long value = 0;
        int digits = 0;
        for (; i < end && header[i] >= '0' && header[i] <= '7'; i++, digits++) {
            value = value * 8 + (header[i] - '0');
        }
        for (; i < end; i++) {
            if (header[i] != 0 && header[i] != ' ') {
                digits = 0;
                break;
            }
        }
        if (digits == 0) {
            throw new RefusedInputException("a header in the archive has no readable " + what);
        }
        return value;
    }

    private String shortName() throws IOException {
        String name = text(field(0, 100));
        // With GNU's magic the field of the prefix holds other things.
        String prefix = header[262] == 0 ? text(field(345, 155)) : "";
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    private byte[] field(int from, int length) {
        int end = from;
        while (end < from + length && header[end] != 0) {
            end++;
        }
        return Arrays.copyOfRange(header, from, end);
    }

    private byte[] special(long size) throws IOException {
        if (size > MOST_HEADER_BYTES) {
            throw new RefusedInputException(
                    "a header in the archive has " + size + " bytes; at most " + MOST_HEADER_BYTES + " are read");
        }
        Content block = new Content(size);
        byte[] bytes = block.readAllBytes();
        block.finish();
        return bytes;
    }

    private static String text(byte[] bytes) throws RefusedInputException {
        int end = bytes.length;
        if (end > 0 && bytes[end - 1] == 0) {
            end--;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, end))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new RefusedInputException("a name in the archive is not UTF-8", e);
        }
    }

    /**
     * What a pax header says of the next entry.
     *
     * @param path its name, if the header has one
     * @param size its size in bytes, or -1
     */
    private record Pax(Optional<String> path, long size) {
        static Pax of(byte[] records) throws RefusedInputException {
            Optional<String> path = Optional.empty();
            long size = -1;
            int at = 0;
            while (at < records.length) {
                int space = at;
                long length = 0;
                while (space < records.length && records[space] >= '0' && records[space] <= '9' && space - at < 6) {
                    length = length * 10 + (records[space++] - '0');
                }
                long end = at + length;
                if (space == at
                        || space >= records.length
                        || records[space] != ' '
                        || end > records.length
                        || end <= space + 1
                        || records[(int) end - 1] != '\n') {
                    throw new RefusedInputException("a pax header in the archive is damaged");
                }
                String record = text(Arrays.copyOfRange(records, space + 1, (int) end - 1));
                int equals = record.indexOf('=');
                String key = equals < 0 ? record : record.substring(0, equals);
                String value = record.substring(equals + 1);
                switch (key) {
                    case "path" -> path = Optional.of(value);
                    case "size" -> size = decimal(value);
                    case "mtime", "atime", "ctime", "uid", "gid", "uname", "gname", "comment" -> {}
                    default ->
                        throw new RefusedInputException(
                                "a pax header in the archive says '" + ShellText.shown(key) + "', which is not taken");
                }
                at = (int) end;
            }
            return new Pax(path, size);
        }

        private static long decimal(String value) throws RefusedInputException {
            if (!value.matches("[0-9]{1,15}")) {
                throw new RefusedInputException("a header in the archive has no readable size");
            }
            return Long.parseLong(value);
        }
    }

    /** The bytes of one entry, and no more. */
    private final class Content extends InputStream {
        private final int padding;
        private long left;

        Content(long size) {
            this.left = size;
            this.padding = (int) ((BLOCK - size % BLOCK) % BLOCK);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int count = in.read(bytes, offset, (int) Math.min(length, left));
            if (count < 0) {
                throw new RefusedInputException("the archive is cut off");
            }
            left -= count;
            return count;
        }

        void finish() throws IOException {
            transferTo(OutputStream.nullOutputStream());
            byte[] dropped = new byte[BLOCK];
            if (in.readNBytes(dropped, 0, padding) < padding) {
                throw new RefusedInputException("the archive is cut off");
            }
        }
    }
}
