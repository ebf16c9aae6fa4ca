// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.shell;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.cloud.Journal;
import dev.cumulane.internal.codec.Codec;
import dev.cumulane.internal.machine.RunProgress;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class GrowthTest {
    private static final int LARGE = 10_000;
    private static final int SMALL = 1_000;

    @Test
    void a_stage_allocates_in_a_plan_of_ten_thousand_what_it_does_in_one_of_a_thousand() {
        Growth growth = new Growth(SMALL, SMALL, LARGE).measure(1, 2);

        System.out.println(growth.costs());
        for (PlanForm form : PlanForm.values()) {
            for (Growth.Job job : Growth.Job.values()) {
                assertThat(growth.ratio(form, job, LARGE, SMALL, Spent::bytes))
                        .as("bytes that a stage allocates, %s %s", form, job)
                        .isLessThanOrEqualTo(1.1);
            }
        }
    }

    /** The ratio of two measured times; so in the lane for machines that do nothing else. */
    @Test
    @Tag("strict")
    void a_stage_takes_in_a_plan_of_ten_thousand_hardly_more_time_than_in_one_of_a_thousand() {
        Growth growth = new Growth(3_000, 10, 100, SMALL, LARGE).measure(2, 11);

        System.out.println(growth.costs());
        System.out.println(growth.journals());
        for (PlanForm form : PlanForm.values()) {
            assertThat(growth.ratio(form, Growth.Job.ALL, LARGE, SMALL, Spent::nanos))
                    .as("processor time that a stage takes, %s", form)
                    .isLessThanOrEqualTo(1.3);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_stage_takes_two_records_and_one_record_opens_two_hundred(PlanForm form) {
        LargeRun run = LargeRun.of(form.of(LARGE).plan()).carry();

        List<Integer> sizes = run.recordSizes();
        assertThat(sizes.size()).isBetween(2 * LARGE, 2 * LARGE + LARGE / 200 + 1);
        assertThat(sizes.get(sizes.size() / 2)).isLessThan(1024);
        assertThat(sizes.get(sizes.size() - 1)).isLessThanOrEqualTo(Journal.LARGEST_RECORD);
        assertThat(run.journal().appends()).as("appends").isEqualTo(sizes.size());
        assertThat(run.journal().readRecords())
                .as("records that a warm engine reads")
                .isZero();
    }

    @ParameterizedTest
    @EnumSource
    void all_snapshots_but_the_newest_have_fewer_bytes_than_the_records(PlanForm form) {
        for (int stages : new int[] {SMALL, LARGE}) {
            LargeRun run = LargeRun.of(form.of(stages).plan()).carry();

            assertThat(run.snapshotBytes() - run.newestSnapshot().length)
                    .as("%d stages", stages)
                    .isLessThan(run.recordBytes());
        }
    }

    @ParameterizedTest
    @EnumSource
    void who_reads_the_newest_snapshot_has_a_part_of_the_records_left_to_read_and_knows_all(PlanForm form) {
        for (int stages : new int[] {SMALL, LARGE}) {
            LargeRun run = LargeRun.of(form.of(stages).plan()).carry();

            RunProgress read = run.read();

            assertThat(Codec.bytes(read.memo())).isEqualTo(run.state());
            assertThat(run.journal().readRecords())
                    .as("records that were read, of %d stages", stages)
                    .isLessThan(run.recordSizes().size() * 3L / 4);
        }
    }

    @Test
    void a_snapshot_that_the_journal_cannot_hold_is_in_the_store_and_without_it_the_records_say_the_same() {
        LargeRun run = LargeRun.of(PlanForm.WIDE.of(LARGE).plan()).carry();
        assertThat(run.newestSnapshot()).hasSizeGreaterThan(Journal.LARGEST_SNAPSHOT);
        assertThat(run.journal().snapshotBytes()).isLessThan(run.journal().snapshots() * 100L);

        run.store().loseAll();

        assertThat(Codec.bytes(run.read().memo())).isEqualTo(run.state());
        assertThat(run.journal().readRecords())
                .isGreaterThanOrEqualTo(run.recordSizes().size());
    }
}
