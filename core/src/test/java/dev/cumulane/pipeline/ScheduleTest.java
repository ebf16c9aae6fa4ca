// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "30 3 * * *      | 2026-11-23T03:29:59Z | 2026-11-23T03:30:00Z",
                "30 3 * * *      | 2026-11-23T03:30:00Z | 2026-11-24T03:30:00Z",
                "*/15 * * * *    | 2026-11-23T03:31:00Z | 2026-11-23T03:45:00Z",
                "10-40/15 8 * * * | 2026-11-23T08:11:00Z | 2026-11-23T08:25:00Z",
                "0 9 * * MON-FRI | 2026-11-27T09:00:00Z | 2026-11-30T09:00:00Z",
                "0 9 * * 7       | 2026-11-23T00:00:00Z | 2026-11-29T09:00:00Z",
                "0 9 * * 5-7     | 2026-11-28T09:00:00Z | 2026-11-29T09:00:00Z",
                "0 0 1 JAN,jul * | 2026-11-23T00:00:00Z | 2027-01-01T00:00:00Z",
                "0 0 29 2 *      | 2096-03-01T00:00:00Z | 2104-02-29T00:00:00Z",
                "0 0 13 * FRI    | 2026-11-24T00:00:00Z | 2026-11-27T00:00:00Z",
                "0 0 31 * *      | 2026-11-23T00:00:00Z | 2026-12-31T00:00:00Z"
            })
    void comes_next(String expression, Instant after, Instant next) {
        assertThat(Schedule.of(expression).next(after)).isEqualTo(next);
    }

    @Test
    void a_fixed_time_in_the_hour_that_spring_skips_comes_once_right_after_it() {
        Schedule schedule = Schedule.of("0,30 2 * * *").at("Europe/Berlin");

        assertThat(times(schedule, "2026-03-28T12:00:00Z", "2026-03-30T12:00:00Z"))
                .containsExactly("2026-03-29T01:00:00Z", "2026-03-30T00:00:00Z", "2026-03-30T00:30:00Z");
    }

    @Test
    void a_fixed_time_in_the_hour_that_autumn_doubles_comes_the_first_time_only() {
        Schedule schedule = Schedule.of("30 2 * * *").at("Europe/Berlin");

        assertThat(times(schedule, "2026-10-24T12:00:00Z", "2026-10-26T12:00:00Z"))
                .containsExactly("2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z");
    }

    @Test
    void what_comes_every_hour_comes_after_each_hour_that_passes() {
        Schedule schedule = Schedule.of("15 * * * *").at("Europe/Berlin");

        for (String day : List.of("2026-03-29", "2026-10-25")) {
            Instant from = Instant.parse(day + "T00:00:00Z").minus(Duration.ofHours(2));
            List<Instant> all = new ArrayList<>();
            for (Instant at = schedule.next(from);
                    at.isBefore(from.plus(Duration.ofHours(30)));
                    at = schedule.next(at)) {
                all.add(at);
            }
            assertThat(all).hasSize(30);
            for (int i = 1; i < all.size(); i++) {
                assertThat(Duration.between(all.get(i - 1), all.get(i))).isEqualTo(Duration.ofHours(1));
            }
        }
    }

    @Test
    void a_gap_at_midnight_moves_the_time_to_the_next_days_first_moment() {
        Schedule schedule = Schedule.of("30 0 * * *").at("America/Havana");

        // Cuba's clocks go from 0:00 to 1:00.
        assertThat(schedule.next(Instant.parse("2026-03-08T01:00:00Z"))).isEqualTo("2026-03-08T05:00:00Z");
    }

    @Test
    void the_last_time_in_a_span_is_found_and_its_beginning_does_not_count() {
        Schedule schedule = Schedule.of("0 3 * * *");
        Instant three = Instant.parse("2026-11-23T03:00:00Z");

        assertThat(schedule.last(three.minusSeconds(60), three)).contains(three);
        assertThat(schedule.last(three.minusSeconds(60), three.plusSeconds(3000)))
                .contains(three);
        assertThat(schedule.last(three, three.plusSeconds(3000))).isEmpty();
        assertThat(Schedule.of("* * * * *").last(three, three.plusSeconds(3000)))
                .contains(three.plusSeconds(3000));
    }

    @Test
    void next_and_last_agree_on_every_instant_of_a_year() {
        Schedule schedule = Schedule.of("7,37 1-3,22 * 3,10,11 SUN,WED").at("America/New_York");
        Instant at = Instant.parse("2026-01-01T00:00:00Z");
        int found = 0;
        while (at.isBefore(Instant.parse("2027-01-01T00:00:00Z"))) {
            Instant next = schedule.next(at);
            assertThat(schedule.last(next.minusSeconds(1), next)).contains(next);
            assertThat(schedule.last(next.minusSeconds(1), next.plusSeconds(59)))
                    .contains(next);
            at = next;
            found++;
        }
        assertThat(found).isGreaterThan(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "* * * *",
                "* * * * * *",
                "60 * * * *",
                "* 24 * * *",
                "* * 0 * *",
                "* * * 13 *",
                "* * * * 8",
                "5-1 * * * *",
                "5/10 * * * *",
                "*/0 * * * *",
                "1,,2 * * * *",
                "-1 * * * *",
                "@daily",
                "MON * * * *",
                "* * * * MOND",
                "0 0 31 2 *"
            })
    void what_never_comes_or_cannot_be_read_is_refused(String expression) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Schedule.of(expression))
                .withMessageStartingWith("schedule '" + expression + "'");
    }

    @Test
    void an_unknown_time_zone_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Schedule.of("0 3 * * *").at("Europe/Bonn"))
                .withMessage("time zone 'Europe/Bonn' is not known; a name such as 'UTC' or 'Europe/Berlin'");
    }

    private static List<String> times(Schedule schedule, String from, String to) {
        List<String> all = new ArrayList<>();
        for (Instant at = schedule.next(Instant.parse(from)); at.isBefore(Instant.parse(to)); at = schedule.next(at)) {
            all.add(at.toString());
        }
        return all;
    }
}
