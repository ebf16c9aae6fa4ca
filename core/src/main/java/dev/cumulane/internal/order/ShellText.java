// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.order;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Text on its way into a shell script, in forms that no shell takes for anything but data. */
final class ShellText {
    private ShellText() {}

    /**
     * Every byte as an octal escape of {@code printf '%b'}, in single quotes: nothing of the text itself stands in the script.
     *
     * @throws IllegalArgumentException if the text holds NUL, which no shell variable can, or half a character
     */
    static String octal(String text) {
        ByteBuffer bytes;
        try {
            bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(
                    "text with half a character (a lone surrogate) cannot be given to a shell", e);
        }
        StringBuilder escaped = new StringBuilder(bytes.remaining() * 5 + 2).append('\'');
        while (bytes.hasRemaining()) {
            int value = bytes.get() & 0xff;
            if (value == 0) {
                throw new IllegalArgumentException("text with a NUL character cannot be given to a shell");
            }
            escaped.append("\\0")
                    .append((char) ('0' + (value >> 6)))
                    .append((char) ('0' + (value >> 3 & 7)))
                    .append((char) ('0' + (value & 7)));
        }
        return escaped.append('\'').toString();
    }

    /** The text of which {@link #octal} made this. */
    static String fromOctal(String octal) {
        byte[] bytes = new byte[(octal.length() - 2) / 5];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) Integer.parseInt(octal.substring(i * 5 + 2, i * 5 + 6), 8);
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /**
     * The text in single quotes, where no dollar sign is followed by anything that a cloud's template language expands.
     *
     * @throws IllegalArgumentException if the text holds a control character
     */
    static String quoted(String text) {
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("text with a control character cannot stand in a launcher");
        }
        return "'" + text.replace("'", "'\\''").replace("$", "$''") + "'";
    }

    /** One line of a command, as a person reads it in a log: cut, without control characters. */
    static String shown(String command) {
        String line = command.strip().lines().findFirst().orElse("");
        boolean more = command.strip().length() > line.length();
        String clean = line.replaceAll("\\p{Cntrl}", " ");
        String cut = clean.codePointCount(0, clean.length()) > 120
                ? clean.substring(0, clean.offsetByCodePoints(0, 117)) + "..."
                : clean;
        return more && !cut.endsWith("...") ? cut + " ..." : cut;
    }
}
