// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The reader's terminal, or the file or program in its place.
 *
 * @param live whether lines on it can be drawn again
 * @param style which signs and colours it shows
 * @param size how large it is now; asked again, since people pull at windows
 */
record Screen(boolean live, Style style, Supplier<Size> size) {
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,5}) ([0-9]{1,5})");
    private static final Size USUAL = new Size(24, 80);

    /**
     * A terminal's size.
     *
     * @param rows how many lines it shows
     * @param columns how many characters a line has
     */
    record Size(int rows, int columns) {}

    /** A file, a pipe, or a terminal that cannot move its cursor. */
    static Screen plain(boolean unicode) {
        return new Screen(false, new Style(false, unicode), () -> USUAL);
    }

    static Screen of(Map<String, String> environment, boolean unicode) {
        String kind = environment.getOrDefault("TERM", "");
        Optional<Size> asked = kind.isEmpty() || kind.equals("dumb") ? Optional.empty() : ask();
        if (asked.isEmpty()) {
            return plain(unicode);
        }
        boolean color = environment.getOrDefault("NO_COLOR", "").isEmpty();
        return new Screen(true, new Style(color, unicode), new Asked(asked.get())::now);
    }

    /** What gives the terminal its cursor back; empty for a file. */
    String restored() {
        return live ? "\u001b[?25h" : "";
    }

    Screen withoutColor() {
        return new Screen(live, new Style(false, style.unicode()), size);
    }

    /**
     * Asks whether standard output is a terminal, and how large: {@code System.console()} answers differently from one JDK to the next, and no JDK knows the size.
     */
    private static Optional<Size> ask() {
        try {
            Process asking = new ProcessBuilder("sh", "-c", "test -t 1 && stty size <&1 >&2")
                    .redirectInput(ProcessBuilder.Redirect.INHERIT)
                    .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String answer = new String(asking.getErrorStream().readNBytes(100), StandardCharsets.US_ASCII).strip();
            if (!asking.waitFor(2, TimeUnit.SECONDS) || asking.exitValue() != 0) {
                asking.destroyForcibly();
                return Optional.empty();
            }
            return Optional.of(parse(answer));
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** Reads {@code stty size}; a terminal that does not know its size says zero. */
    static Size parse(String answer) {
        Matcher size = SIZE.matcher(answer);
        if (!size.matches()) {
            return USUAL;
        }
        int rows = Integer.parseInt(size.group(1));
        int columns = Integer.parseInt(size.group(2));
        return rows == 0 || columns == 0 ? USUAL : new Size(rows, columns);
    }

    /** Keeps the last answer for two seconds. */
    private static final class Asked {
        private static final long FRESH = TimeUnit.SECONDS.toNanos(2);

        private Size last;
        private long at = System.nanoTime();

        Asked(Size first) {
            last = first;
        }

        Size now() {
            if (System.nanoTime() - at > FRESH) {
                last = ask().orElse(last);
                at = System.nanoTime();
            }
            return last;
        }
    }
}
