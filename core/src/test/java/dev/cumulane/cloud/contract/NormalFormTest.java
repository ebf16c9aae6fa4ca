// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.run.Cause;
import dev.cumulane.run.HistoryRecord;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.RunEvent.RunFinished;
import dev.cumulane.run.RunEvent.StageFinished;
import dev.cumulane.run.RunEvent.StageScheduled;
import dev.cumulane.run.RunEvent.WorkStarted;
import dev.cumulane.run.Verdict;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NormalFormTest {
    private static final RunEvent BUILD = new StageScheduled("build", 1);
    private static final RunEvent LINT = new StageScheduled("lint", 1);
    private static final RunEvent BUILT = new StageFinished("build", 1, Verdict.success());
    private static final RunEvent OVER = new RunFinished(Outcome.SUCCESS);

    private static List<HistoryRecord> history(List<?>... records) {
        List<HistoryRecord> history = new ArrayList<>();
        for (List<?> events : records) {
            history.add(new HistoryRecord(
                    history.size() + 1L,
                    Instant.EPOCH,
                    events.stream().map(RunEvent.class::cast).toList()));
        }
        return history;
    }

    private static RunEvent started(String service) {
        return new WorkStarted("build", 1, service);
    }

    @Test
    void batches_the_turns_of_independent_stages_and_ids_make_no_difference() {
        assertThat(NormalForm.of(history(List.of(BUILD, LINT), List.of(started("arn:1")), List.of(BUILT, OVER))))
                .isEqualTo(NormalForm.of(history(List.of(LINT), List.of(BUILD, started("42"), BUILT), List.of(OVER))))
                .containsExactly(
                        "run: RunFinished[outcome=SUCCESS]",
                        "build: StageScheduled[attempt=1]",
                        "build: WorkStarted[attempt=1, service=<service>]",
                        "build: StageFinished[attempt=1, verdict=Verdict[cause=COMPLETED, detail=<detail>, artifacts=[],"
                                + " tests=-, address=<address>, values={}]]",
                        "lint: StageScheduled[attempt=1]");
    }

    @Test
    void what_happened_and_in_which_order_does() {
        List<String> form = NormalForm.of(history(List.of(BUILD, started("42"), BUILT, OVER)));

        assertThat(NormalForm.of(history(List.of(BUILD, BUILT, OVER)))).isNotEqualTo(form);
        assertThat(NormalForm.of(history(List.of(BUILD, BUILT, started("42"), OVER))))
                .isNotEqualTo(form);
        RunEvent late = new StageFinished("build", 1, Verdict.of(Cause.LOST_WORKER, ""));
        assertThat(NormalForm.of(history(List.of(BUILD, started("42"), late, OVER))))
                .isNotEqualTo(form);
        assertThat(NormalForm.of(history(List.of(new StageScheduled("build", 2), started("42"), BUILT, OVER))))
                .isNotEqualTo(form);
    }
}
