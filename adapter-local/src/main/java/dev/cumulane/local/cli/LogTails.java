// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import dev.cumulane.cloud.Logs;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.RunState;
import dev.cumulane.run.RunView;
import dev.cumulane.run.StageView;
import java.util.HashMap;
import java.util.Map;

/** The last line that each running stage printed. */
final class LogTails {
    private final Logs logs;
    private final Map<AttemptId, LogReader> readers = new HashMap<>();
    private final Map<String, String> tails = new HashMap<>();

    LogTails(Logs logs) {
        this.logs = logs;
    }

    /** Reads what is new. */
    void read(RunView run) {
        for (StageView stage : run.stages()) {
            if (stage.kind() != StageView.Kind.CHILD
                    && stage.progress().state() == RunState.EXECUTING
                    && stage.progress().service().isPresent()) {
                AttemptId attempt =
                        new AttemptId(run.id(), stage.name(), stage.progress().attempt());
                readers.computeIfAbsent(attempt, key -> {
                            tails.remove(stage.name());
                            return new LogReader(
                                    logs, key, stage.progress().service().get());
                        })
                        .read(line -> {
                            if (!line.isBlank()) {
                                tails.put(stage.name(), line);
                            }
                        });
            }
        }
    }

    /** The stage's last line that is not blank; empty if there is none. */
    String of(String stage) {
        return tails.getOrDefault(stage, "");
    }
}
