// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.run.Outcome;
import dev.cumulane.run.RunId;
import dev.cumulane.run.RunView;
import dev.cumulane.run.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class RunsBelowTest {
    private static final RunId CHILD = new RunId("checks-0k3v9q2m7xw4b1ce");

    private final Map<RunId, RunView> journal = new HashMap<>();
    private final List<RunId> asked = new ArrayList<>();
    private final RunsBelow below = new RunsBelow(run -> {
        asked.add(run);
        return Optional.ofNullable(journal.get(run));
    });

    @Test
    void a_run_below_is_read_again_until_it_has_ended() {
        RunView top = Samples.open(Samples.running("build", 0), Samples.child("check", CHILD.value()));
        below.read(top);
        assertThat(below.of(CHILD)).isEmpty();

        journal.put(CHILD, Samples.of(CHILD.value(), Samples.child("audit", Samples.RUN.value())));
        journal.put(Samples.RUN, Samples.ended(Outcome.SUCCESS, 9, Samples.ended("probe", 0, 9, Verdict.success())));
        below.read(top);
        assertThat(below.of(CHILD)).contains(journal.get(CHILD));
        assertThat(below.of(Samples.RUN)).contains(journal.get(Samples.RUN));

        below.read(top);
        assertThat(asked).containsExactly(CHILD, CHILD, Samples.RUN, CHILD);
    }
}
