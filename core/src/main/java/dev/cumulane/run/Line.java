// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.run;

import java.util.regex.Pattern;

/** The rule for text from outside that is shown on one line: in a log, a terminal, a card, a commit status. */
final class Line {
    /** The longest identity of a person or of a change request, in characters. */
    static final int LONGEST_IDENTITY = 200;

    /** The longest ref, in characters. */
    static final int LONGEST_REF = 1024;

    private static final int MOST_SHOWN = 80;

    /** Control characters, line and paragraph separators, halves of a character, and what marks or turns around the direction of the text. */
    private static final Pattern HOSTILE =
            Pattern.compile("[\\p{Cc}\\p{Zl}\\p{Zp}\\p{Cs}\\u061C\\u200E\\u200F\\u202A-\\u202E\\u2066-\\u2069]");

    private Line() {}

    /** Refuses an identity that is empty, too long, or more than one plain line. */
    static String identity(String what, String value) {
        if (!SourceEvent.isIdentity(value)) {
            throw new IllegalArgumentException("not " + what + ": " + shown(value) + "; it has 1 to " + LONGEST_IDENTITY
                    + " characters, none of them a control character");
        }
        return value;
    }

    /** Refuses a ref that git could take for an option, or a log for more than one line. */
    static String ref(String what, String value) {
        if (value.length() > LONGEST_REF || value.startsWith("-") || !isPlain(value)) {
            throw new IllegalArgumentException("not " + what + ": " + shown(value));
        }
        return value;
    }

    static boolean isPlain(String value) {
        return !HOSTILE.matcher(value).find();
    }

    /** The text as one plain line, cut if it is longer than an identity may be. */
    static String flattened(String text) {
        String cut = text.length() > LONGEST_IDENTITY ? text.substring(0, LONGEST_IDENTITY - 3) + "..." : text;
        return HOSTILE.matcher(cut).replaceAll(" ").strip();
    }

    /** The value in quotes, cut and plain, fit for an error message. */
    static String shown(String value) {
        String cut = value.length() > MOST_SHOWN ? value.substring(0, MOST_SHOWN - 3) + "..." : value;
        return "'" + HOSTILE.matcher(cut).replaceAll("?") + "'";
    }
}
