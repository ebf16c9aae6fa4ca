// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.engine;

import static dev.cumulane.pipeline.Work.container;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.WorkHandle;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.RunView;
import dev.cumulane.testing.PipelineTester;
import org.junit.jupiter.api.Test;

/** What answers at once may lead to something that does, and so on, thousands of times. */
class LongChainTest {
    private static final int STAGES = 1_500;

    @Test
    void a_long_chain_of_refused_clean_ups_ends_and_overflows_nothing() {
        PipelineTester tester = PipelineTester.of(Pipeline.define("chain", p -> {
            WorkHandle last = p.build("s0", container("alpine").runs("true"));
            for (int i = 1; i < STAGES; i++) {
                last = p.build("s" + i, container("alpine").runs("true"))
                        .always()
                        .after(last);
            }
        }));
        for (int i = 0; i < STAGES; i++) {
            tester.stage("s" + i).isRefused("no room");
        }

        RunView run = tester.start().assertEnded(Outcome.ERROR).view();

        assertThat(run.stages())
                .allSatisfy(stage -> assertThat(
                                stage.progress().verdict().orElseThrow().cause())
                        .isEqualTo(Cause.REFUSED));
    }
}
