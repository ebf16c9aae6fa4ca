// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.engine;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.internal.shell.EngineCore;
import dev.cumulane.run.HistoryRecord;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.RunId;
import dev.cumulane.run.RunView;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads what happens in runs, as it happens: at once where this process wrote it, otherwise with the next look. */
final class Watching {
    private static final Logger LOG = LoggerFactory.getLogger(Watching.class);
    private static final Duration POLL = Duration.ofMillis(50);

    private final EngineCore core;

    Watching(EngineCore core) {
        this.core = core;
    }

    /** Follows a run's history on a thread of its own. */
    Listening listen(RunId run, Consumer<HistoryRecord> listener) {
        Thread thread = new Thread(() -> follow(run, listener), "cumulane-listen-" + run);
        thread.setDaemon(true);
        thread.start();
        return () -> {
            thread.interrupt();
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
    }

    private void follow(RunId run, Consumer<HistoryRecord> listener) {
        long next = 1;
        try {
            while (!Thread.currentThread().isInterrupted()) {
                long seen = core.changes().count();
                for (HistoryRecord record : core.history(run, next)) {
                    listener.accept(record);
                    next = record.sequence() + 1;
                    if (record.events().stream().anyMatch(RunEvent.RunFinished.class::isInstance)) {
                        return;
                    }
                }
                core.changes().await(seen, POLL);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (CloudException e) {
            if (!Thread.currentThread().isInterrupted()) {
                LOG.warn("Listening to run {} ended: {}", run, e.getMessage());
            }
        }
    }

    /** Waits for a run's end. */
    RunView await(RunId run, Duration atMost) throws InterruptedException {
        long end = System.nanoTime() + atMost.toNanos();
        while (true) {
            long seen = core.changes().count();
            boolean ended = core.hasEnded(run).orElseThrow(() -> unknown(run));
            if (ended || System.nanoTime() - end >= 0) {
                return core.find(run).orElseThrow(() -> unknown(run));
            }
            core.changes().await(seen, POLL);
        }
    }

    private static IllegalArgumentException unknown(RunId run) {
        return new IllegalArgumentException("there is no run " + run);
    }
}
