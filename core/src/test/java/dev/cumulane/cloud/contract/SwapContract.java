// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud.contract;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.engine.Engine;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.RunId;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** The same pipeline and the same signals give the same history on every cloud: that of {@code swap.txt}. */
public abstract class SwapContract {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final long BETWEEN_LOOKS_NANOS = 50_000_000;

    /**
     * Installs {@link Swap#pipeline} on a cloud under test, whose workers and timers go on by themselves, with a canary's share of a second. The test does not close it.
     *
     * @return an engine that begins runs and reads histories
     * @throws Exception if it cannot be installed
     */
    protected abstract Engine installed() throws Exception;

    @Test
    void the_history_of_one_pipeline_is_the_same_on_every_cloud() throws Exception {
        Engine engine = installed();

        RunId run = engine.start(Swap.NAME, Swap.COMMIT, "ada");
        until("the approval waits", engine, run, RunEvent.ApprovalRequested.class);
        engine.approve(run, "release", "grace", "looks good");
        until("the run ends", engine, run, RunEvent.RunFinished.class);

        assertThat(engine.find(run).orElseThrow().outcome())
                .as("%s", engine.history(run))
                .contains(Outcome.SUCCESS);
        assertThat(NormalForm.of(engine.history(run))).isEqualTo(expected());
    }

    private static void until(String what, Engine engine, RunId run, Class<? extends RunEvent> event) throws Exception {
        Awaiting.until(what, PATIENCE, () -> {
            LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
            List<RunEvent> events = engine.history(run).stream()
                    .flatMap(record -> record.events().stream())
                    .toList();
            boolean hasEnded = events.stream().anyMatch(RunEvent.RunFinished.class::isInstance);
            if (events.stream().anyMatch(event::isInstance)) {
                return true;
            }
            assertThat(hasEnded).as("%s before %s: %s", run, what, events).isFalse();
            return false;
        });
    }

    private static List<String> expected() throws IOException {
        try (InputStream in = SwapContract.class.getResourceAsStream("/swap.txt")) {
            return new String(in.readAllBytes(), UTF_8).lines().toList();
        }
    }
}
