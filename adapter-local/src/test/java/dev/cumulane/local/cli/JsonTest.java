// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.run.HistoryRecord;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class JsonTest {
    @Test
    void an_event_is_one_object_on_one_line() {
        RunEvent event = new RunEvent.RunStarted(Samples.RUN, "shop", Samples.PLAN, Samples.SOURCE, Optional.empty());

        assertThat(Json.lines(Samples.RUN, new HistoryRecord(1, Samples.START, List.of(event))))
                .containsExactly(
                        "{\"run\":\"shop-0k3v9q2m7xw4b1ce\",\"sequence\":1,\"at\":\"2026-11-23T09:00:00Z\",\"event\":\"RunStarted\",\"pipeline\":\"shop\",\"plan\":\""
                                + Samples.PLAN.hex()
                                + "\",\"source\":{\"type\":\"Asked\",\"commit\":{\"repository\":\"/shop\",\"ref\":\"refs/heads/main\",\"id\":\""
                                + "4f1c2ab0".repeat(5) + "\"},\"by\":\"ada\"}}");
    }

    @Test
    void what_a_run_was_told_is_an_object_by_name() {
        RunEvent event = new RunEvent.RunStarted(
                Samples.RUN,
                "shop",
                Samples.PLAN,
                Samples.SOURCE,
                Optional.empty(),
                new TreeMap<>(Map.of("region", "north", "dry", "true")));

        assertThat(Json.lines(Samples.RUN, new HistoryRecord(1, Samples.START, List.of(event))))
                .singleElement()
                .asString()
                .endsWith(",\"parameters\":{\"dry\":\"true\",\"region\":\"north\"}}");
    }

    @Test
    void a_run_leaves_out_what_is_absent_and_escapes_control_characters() {
        var run = Samples.ended(Outcome.SUCCESS, 9, Samples.ended("build", 0, 9, Verdict.success()));

        assertThat(Json.object(run).toString())
                .contains("\"outcome\":\"SUCCESS\"", "\"ended\":\"2026-11-23T09:00:09Z\"")
                .doesNotContain("cancelledBy", "\n");
    }
}
