// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Times of day that come again, in the language of cron: minute (0–59), hour (0–23), day of the month (1–31), month (1–12 or {@code JAN}–{@code DEC}) and day of the week
 * (0–7 or {@code SUN}–{@code SAT}, where 0 and 7 are Sunday).
 *
 * <p>A field is {@code *}, or numbers and ranges with commas between; a range or {@code *} may have a step, as in {@code *}{@code /15} or {@code 8-18/2}. If both the day of the
 * month and the day of the week are restricted, either suffices, as in every cron.
 *
 * <p>When clocks are put forward, what names an hour that is skipped comes at the moment after it; when they are put back, what names an hour that comes twice comes the
 * first time only. What comes every hour goes by the time that passes: it comes in neither the skipped hour nor only once in the double one.
 *
 * @param expression the five fields, with single spaces between
 * @param zone the time zone, a name of the IANA database
 */
public record Schedule(String expression, String zone) {
    /** The longest expression, in characters. */
    private static final int LONGEST = 200;

    /** Between two 29ths of February lie at most eight years. */
    private static final int YEARS = 9;

    private static final Instant SOME_TIME = Instant.parse("2024-01-01T00:00:00Z");

    /** Refuses what is no expression, names no zone, or never comes. */
    public Schedule {
        if (expression.length() > LONGEST) {
            throw new IllegalArgumentException("a schedule has at most " + LONGEST + " characters");
        }
        expression = expression.strip().replaceAll("[ \\t]+", " ");
        CronFields fields = CronFields.parse(expression);
        checkZone(zone);
        if (next(fields, ZoneOffset.UTC, SOME_TIME, YEARS).isEmpty()) {
            throw new IllegalArgumentException("schedule " + Names.shown(expression) + " never comes");
        }
    }

    /**
     * A schedule in UTC.
     *
     * @param expression five fields
     * @return the schedule
     */
    public static Schedule of(String expression) {
        return new Schedule(expression, "UTC");
    }

    /**
     * The same times in another zone.
     *
     * @param name a name of the IANA database, such as {@code Europe/Berlin}
     * @return the schedule
     */
    public Schedule at(String name) {
        return new Schedule(expression, name);
    }

    /**
     * When it comes next.
     *
     * @param after an instant
     * @return the first time that is later
     */
    public Instant next(Instant after) {
        return next(CronFields.parse(expression), ZoneId.of(zone), after, YEARS)
                .orElseThrow(
                        () -> new IllegalStateException("schedule '" + expression + "' does not come after " + after));
    }

    /**
     * When it came last.
     *
     * @param from an instant
     * @param to an instant that is not before it, at most a week later
     * @return the last time that is later than the first and not later than the second, if there is one
     */
    public Optional<Instant> last(Instant from, Instant to) {
        CronFields fields = CronFields.parse(expression);
        ZoneId in = ZoneId.of(zone);
        TreeSet<Instant> times = new TreeSet<>();
        LocalDate end = to.atZone(in).toLocalDate();
        for (LocalDate day = from.atZone(in).toLocalDate().minusDays(1); !day.isAfter(end); day = day.plusDays(1)) {
            times.addAll(times(fields, in.getRules(), day));
        }
        return Optional.ofNullable(times.floor(to)).filter(time -> time.isAfter(from));
    }

    private static Optional<Instant> next(CronFields fields, ZoneId zone, Instant after, int years) {
        // A gap at midnight moves times of one day to the next.
        LocalDate first = after.atZone(zone).toLocalDate().minusDays(1);
        for (LocalDate day = first; day.isBefore(first.plusYears(years)); day = day.plusDays(1)) {
            Instant time = times(fields, zone.getRules(), day).higher(after);
            if (time != null) {
                return Optional.of(time);
            }
        }
        return Optional.empty();
    }

    private static TreeSet<Instant> times(CronFields fields, ZoneRules rules, LocalDate day) {
        TreeSet<Instant> times = new TreeSet<>();
        if (fields.matches(day)) {
            for (int hour : fields.hours()) {
                for (int minute : fields.minutes()) {
                    add(times, rules, day.atTime(LocalTime.of(hour, minute)), fields.isEveryHour());
                }
            }
        }
        return times;
    }

    private static void add(TreeSet<Instant> times, ZoneRules rules, LocalDateTime local, boolean everyHour) {
        ZoneOffsetTransition change = rules.getTransition(local);
        if (change == null) {
            times.add(local.toInstant(rules.getOffset(local)));
        } else if (change.isOverlap()) {
            times.add(local.toInstant(change.getOffsetBefore()));
            if (everyHour) {
                times.add(local.toInstant(change.getOffsetAfter()));
            }
        } else if (!everyHour) {
            times.add(change.getInstant());
        }
    }

    private static void checkZone(String zone) {
        try {
            ZoneId.of(zone);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "time zone " + Names.shown(zone) + " is not known; a name such as 'UTC' or 'Europe/Berlin'", e);
        }
    }
}
