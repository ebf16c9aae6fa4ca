// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.run.Outcome;
import dev.cumulane.run.RunView;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class UntoldLinesTest {
    private static final Instant AT = Instant.parse("2026-11-23T10:00:00Z");

    @Test
    void says_who_was_not_told_and_why_and_when_it_is_tried_again() {
        RunView run = Samples.ended(Outcome.SUCCESS, 7)
                .withUntold(List.of(
                        new RunView.Untold("notice/ops", "Teams answered 503", 3, AT, Optional.of(AT.plusSeconds(20))),
                        new RunView.Untold("status/shop", "gone\u001b[2J", 90, AT, Optional.empty())));

        List<String> lines = UntoldLines.of(run).stream().map(Line::text).toList();

        assertThat(lines).hasSize(2);
        assertThat(lines.get(0))
                .isEqualTo("not told notice/ops: Teams answered 503; tried 3 times, again at 2026-11-23T10:00:20Z");
        assertThat(lines.get(1))
                .startsWith("not told status/shop: gone")
                .endsWith("; given up")
                .doesNotContain("\u001b");
        assertThat(UntoldLines.of(Samples.ended(Outcome.SUCCESS, 7))).isEmpty();
    }
}
