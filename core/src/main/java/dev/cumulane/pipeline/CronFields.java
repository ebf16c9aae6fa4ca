// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The five fields of a {@link Schedule}, as the numbers that they mean. */
final class CronFields {
    private static final List<String> MONTHS =
            List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC");
    private static final List<String> DAYS = List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");
    private static final Pattern ITEM = Pattern.compile("(\\*|(\\w{1,3})(?:-(\\w{1,3}))?)(?:/([0-9]{1,2}))?");

    /** What a field may say. */
    private record Range(String name, int least, int most, List<String> names) {}

    private static final List<Range> RANGES = List.of(
            new Range("minute", 0, 59, List.of()),
            new Range("hour", 0, 23, List.of()),
            new Range("day of the month", 1, 31, List.of()),
            new Range("month", 1, 12, MONTHS),
            new Range("day of the week", 0, 7, DAYS));

    private final String expression;
    private final List<NavigableSet<Integer>> numbers;
    private final List<String> texts;

    private CronFields(String expression, List<String> texts) {
        this.expression = expression;
        this.texts = texts;
        this.numbers = RANGES.stream()
                .map(range -> numbers(range, texts.get(RANGES.indexOf(range))))
                .toList();
    }

    static CronFields parse(String expression) {
        List<String> texts = List.of(expression.split(" ", -1));
        if (texts.size() != RANGES.size()) {
            throw new IllegalArgumentException(
                    "schedule " + Names.shown(expression) + " is not usable: it has "
                            + texts.size()
                            + " fields, not the five minute, hour, day of the month, month, day of the week, as in '30 3 * * MON-FRI'");
        }
        return new CronFields(expression, texts);
    }

    NavigableSet<Integer> minutes() {
        return numbers.get(0);
    }

    NavigableSet<Integer> hours() {
        return numbers.get(1);
    }

    boolean isEveryHour() {
        return hours().size() == 24;
    }

    boolean matches(LocalDate day) {
        boolean ofMonth = numbers.get(2).contains(day.getDayOfMonth());
        boolean ofWeek = numbers.get(4).contains(day.getDayOfWeek().getValue() % 7);
        boolean either = isRestricted(2) && isRestricted(4);
        return numbers.get(3).contains(day.getMonthValue()) && (either ? ofMonth || ofWeek : ofMonth && ofWeek);
    }

    private boolean isRestricted(int field) {
        return !texts.get(field).startsWith("*");
    }

    private NavigableSet<Integer> numbers(Range range, String text) {
        TreeSet<Integer> all = new TreeSet<>();
        for (String item : text.split(",", -1)) {
            Matcher matcher = ITEM.matcher(item);
            if (!matcher.matches()) {
                throw refused(range, item, "numbers, ranges and '*', with commas between");
            }
            boolean star = matcher.group(1).equals("*");
            int from = star ? range.least() : number(range, item, matcher.group(2));
            int to = star ? range.most() : from;
            if (matcher.group(3) != null) {
                to = number(range, item, matcher.group(3));
            }
            int step = 1;
            if (matcher.group(4) != null) {
                step = Integer.parseInt(matcher.group(4));
                if (step == 0 || (!star && matcher.group(3) == null)) {
                    throw refused(range, item, "a step is 1 or more and follows a range or '*'");
                }
            }
            if (to < from) {
                throw refused(range, item, "a range goes from the lower to the higher");
            }
            for (int number = from; number <= to; number += step) {
                all.add(range.most() == 7 ? number % 7 : number);
            }
        }
        return all;
    }

    private int number(Range range, String item, String text) {
        int named = range.names().indexOf(text.toUpperCase(Locale.ROOT));
        if (named >= 0) {
            return named + range.least();
        }
        boolean digits = text.chars().allMatch(c -> c >= '0' && c <= '9');
        int number = digits ? Integer.parseInt(text) : -1;
        if (number < range.least() || number > range.most()) {
            throw refused(
                    range,
                    item,
                    "it is " + range.least() + " to " + range.most()
                            + (range.names().isEmpty() ? "" : " or " + String.join(", ", range.names())));
        }
        return number;
    }

    private IllegalArgumentException refused(Range range, String item, String rule) {
        return new IllegalArgumentException("schedule " + Names.shown(expression) + " is not usable: " + range.name()
                + " " + Names.shown(item) + "; " + rule);
    }
}
