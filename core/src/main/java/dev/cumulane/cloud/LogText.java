// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.regex.Pattern;

/**
 * What every {@link Logs} does with the bytes that work printed: cuts them where nothing is torn, and takes out what would steer a terminal.
 *
 * <p>What work prints is hostile: sequences that steer a terminal are dropped, as are marks that reverse the direction of reading. Any thread.
 */
public final class LogText {
    /** The most bytes that are read at once. */
    public static final int MOST = 1024 * 1024;

    /** The most bytes of a character; whoever reads fewer at once may get no whole one. */
    public static final int LONGEST_CHARACTER = 4;

    // ECMA-48: control sequences, operating system commands and their kin up to their end or the end of the line, other
    // escapes; then what is left of controls.
    private static final Pattern STEERING = Pattern.compile("(?:\\x1b\\[|\\x9b)[0-?]*[ -/]*[@-~]?"
            + "|(?:\\x1b[\\]PX^_]|[\\x9d\\x90\\x98\\x9e\\x9f])[^\\x07\\x1b\\x9c\\n]*(?:\\x07|\\x1b\\\\|\\x9c)?"
            + "|\\x1b[ -/]*[0-~]?"
            + "|[\\p{Cntrl}&&[^\\n\\t]]|[\\x80-\\x9f\\u202a-\\u202e\\u2066-\\u2069]");

    private LogText() {}

    /**
     * Refuses arguments of {@link Logs#read} that are out of range.
     *
     * @param position 0 or more
     * @param most 1 to {@value #MOST}
     * @throws IllegalArgumentException if one is not; the message names it
     */
    public static void check(long position, int most) {
        if (position < 0) {
            throw new IllegalArgumentException("a position in a log is 0 or more, not " + position);
        }
        if (most < 1 || most > MOST) {
            throw new IllegalArgumentException("1 to " + MOST + " bytes of a log are read at once, not " + most);
        }
    }

    /**
     * How many of these bytes to show now: up to the end of the last whole line; of a line longer than the buffer, up to the end of its last whole character.
     *
     * @param bytes the bytes
     * @param length how many of them were read
     * @param full whether there is no room for more
     * @return a number of bytes from the first
     */
    public static int end(byte[] bytes, int length, boolean full) {
        for (int i = length; i > 0; i--) {
            if (bytes[i - 1] == '\n') {
                return i;
            }
        }
        if (!full || length == 0) {
            return 0;
        }
        int start = length - 1;
        while (start > length - LONGEST_CHARACTER && start > 0 && (bytes[start] & 0xC0) == 0x80) {
            start--;
        }
        int lead = bytes[start] & 0xFF;
        int needs = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
        return start + needs > length && start > 0 ? start : length;
    }

    /**
     * What a terminal may show of these bytes.
     *
     * @param bytes the bytes
     * @param length how many of them
     * @return plain text with line feeds and tabs
     */
    public static String plain(byte[] bytes, int length) {
        String text = new String(bytes, 0, length, UTF_8);
        return STEERING.matcher(text.replace("\r\n", "\n").replace('\r', '\n')).replaceAll("");
    }
}
