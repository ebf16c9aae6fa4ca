// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.logs;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Logs;
import dev.cumulane.cloud.WorkRunner;
import dev.cumulane.run.AttemptId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Reads the file that a process of this machine prints to, while it prints.
 *
 * <p>What a process prints is hostile: sequences that steer a terminal are dropped, as are marks that reverse the direction of reading. Positions are bytes of the
 * file.
 */
public final class FileLogs implements Logs {
    /** The most bytes that are read at once. */
    public static final int MOST = 1024 * 1024;

    private static final int LONGEST_CHARACTER = 4;
    // ECMA-48: control sequences, operating system commands and their kin up to their end or the end of the line, other
    // escapes; then what is left of controls.
    private static final Pattern STEERING = Pattern.compile("(?:\\x1b\\[|\\x9b)[0-?]*[ -/]*[@-~]?"
            + "|(?:\\x1b[\\]PX^_]|[\\x9d\\x90\\x98\\x9e\\x9f])[^\\x07\\x1b\\x9c\\n]*(?:\\x07|\\x1b\\\\|\\x9c)?"
            + "|\\x1b[ -/]*[0-~]?"
            + "|[\\p{Cntrl}&&[^\\n\\t]]|[\\x80-\\x9f\\u202a-\\u202e\\u2066-\\u2069]");

    private final Function<AttemptId, Path> files;
    private final BiFunction<AttemptId, String, WorkRunner.Phase> phases;

    /**
     * Logs in files.
     *
     * @param files where an attempt's process prints to; the file may not exist
     * @param phases whether the process may still print
     */
    public FileLogs(Function<AttemptId, Path> files, BiFunction<AttemptId, String, WorkRunner.Phase> phases) {
        this.files = files;
        this.phases = phases;
    }

    @Override
    public Piece read(AttemptId attempt, String serviceId, long position, int most) {
        if (position < 0) {
            throw new IllegalArgumentException("a position in a log is 0 or more, not " + position);
        }
        if (most < 1 || most > MOST) {
            throw new IllegalArgumentException("1 to " + MOST + " bytes of a log are read at once, not " + most);
        }
        // Asked before the file is read: what is printed before the end is then in what we read, or after it.
        boolean over = phases.apply(attempt, serviceId) == WorkRunner.Phase.OVER;
        Path file = files.apply(attempt);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer buffer = ByteBuffer.allocate(Math.max(most, LONGEST_CHARACTER));
            int got = 0;
            while (got >= 0 && buffer.hasRemaining()) {
                got = channel.read(buffer, position + buffer.position());
            }
            int length = buffer.position();
            boolean last = over && position + length >= channel.size();
            int end = last ? length : wholeLines(buffer.array(), length, !buffer.hasRemaining());
            return new Piece(plain(new String(buffer.array(), 0, end, UTF_8)), position + end, last);
        } catch (NoSuchFileException e) {
            return new Piece("", position, over);
        } catch (IOException e) {
            throw CloudException.retryable("disk", "could not read the log " + file + ": " + e.getMessage(), e);
        }
    }

    /** Up to the end of the last whole line; of a line longer than the buffer, up to the end of its last whole character. */
    private static int wholeLines(byte[] bytes, int length, boolean full) {
        for (int i = length; i > 0; i--) {
            if (bytes[i - 1] == '\n') {
                return i;
            }
        }
        if (!full) {
            return 0;
        }
        int start = length - 1;
        while (start > length - LONGEST_CHARACTER && (bytes[start] & 0xC0) == 0x80) {
            start--;
        }
        int lead = bytes[start] & 0xFF;
        int needs = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
        return start + needs > length && start > 0 ? start : length;
    }

    private static String plain(String text) {
        return STEERING.matcher(text.replace("\r\n", "\n").replace('\r', '\n')).replaceAll("");
    }
}
