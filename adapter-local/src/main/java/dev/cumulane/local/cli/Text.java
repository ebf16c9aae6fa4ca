// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Pattern;

/** Text fit for a terminal: what comes from outside is stripped of everything that could steer it. */
final class Text {
    private static final Pattern ESCAPE =
            Pattern.compile("\u001b(?:\\[[0-?]*[ -/]*[@-~]|\\][^\u0007\u001b]*(?:\u0007|\u001b\\\\)?|[ -/]*[0-~])");
    private static final Pattern STEERING = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");
    private static final Pattern PLAIN_WORD = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");
    /** First and last of each range of characters that take two columns. */
    private static final int[] WIDE = {
        0x1100, 0x115F, 0x2E80, 0xA4CF, 0xAC00, 0xD7A3, 0xF900, 0xFAFF, 0xFE30, 0xFE6F, 0xFF00, 0xFF60, 0x1F300,
        0x1FAFF, 0x20000, 0x3FFFD
    };

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);
    private static final DateTimeFormatter DEADLINE = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm z", Locale.ROOT);

    private Text() {}

    /** The text on one line, without escape sequences, control characters and characters that turn the direction of writing. */
    static String clean(String text) {
        String open = ESCAPE.matcher(text).replaceAll("").replace('\t', ' ');
        return STEERING.matcher(open).replaceAll("");
    }

    /** The text in quotes, cleaned and cut: fit for an error message. */
    static String shown(String text) {
        return "'" + cut(clean(text), 80) + "'";
    }

    /** At most so many columns of the text. */
    static String cut(String text, int columns) {
        if (width(text) <= columns) {
            return text;
        }
        String mark = columns < 4 ? "" : "...";
        StringBuilder kept = new StringBuilder();
        int room = columns - mark.length();
        for (int at = 0; at < text.length(); ) {
            int point = text.codePointAt(at);
            room -= width(point);
            if (room < 0) {
                break;
            }
            kept.appendCodePoint(point);
            at += Character.charCount(point);
        }
        return kept + mark;
    }

    /** How many columns a terminal needs for the text. */
    static int width(String text) {
        return text.codePoints().map(Text::width).sum();
    }

    private static int width(int point) {
        int type = Character.getType(point);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK) {
            return 0;
        }
        for (int at = 0; at < WIDE.length && point >= WIDE[at]; at += 2) {
            if (point <= WIDE[at + 1]) {
                return 2;
            }
        }
        return 1;
    }

    /** The text, with spaces after it up to this width. */
    static String padded(String text, int columns) {
        return text + " ".repeat(Math.max(0, columns - width(text)));
    }

    /** A time span, in the two units that matter. */
    static String duration(Duration time) {
        long tenths = Math.max(0, time.toMillis() / 100);
        long seconds = tenths / 10;
        if (seconds < 60) {
            return seconds + "." + tenths % 10 + " s";
        }
        if (seconds < 3600) {
            return two(seconds / 60, "min", seconds % 60, "s");
        }
        if (seconds < 86_400) {
            return two(seconds / 3600, "h", seconds / 60 % 60, "min");
        }
        return two(seconds / 86_400, "d", seconds / 3600 % 24, "h");
    }

    private static String two(long large, String unit, long small, String part) {
        return large + " " + unit + (small == 0 ? "" : " " + small + " " + part);
    }

    /** A point in time where the reader lives, to the minute. */
    static String time(Instant at) {
        return TIME.format(at.atZone(ZoneId.systemDefault()));
    }

    /** The same with the time zone, for who has to be in time. */
    static String deadline(Instant at) {
        return DEADLINE.format(at.atZone(ZoneId.systemDefault()));
    }

    /** A number with its noun: {@code 1 test}, {@code 2 tests}. */
    static String count(int number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }

    /** The first twelve digits of a commit or a digest. */
    static String brief(String hex) {
        return hex.substring(0, Math.min(12, hex.length()));
    }

    /** The branch or tag that a ref names. */
    static String ref(String ref) {
        return clean(ref.replaceFirst("^refs/(heads|tags)/", ""));
    }

    /** The word as a POSIX shell reads it back. */
    static String quoted(String word) {
        return PLAIN_WORD.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
