// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import dev.cumulane.engine.Engine;
import dev.cumulane.run.RunId;
import dev.cumulane.run.RunState;
import dev.cumulane.run.RunView;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code cancel}: ends a run before its time. */
@Command(
        name = "cancel",
        description = "Cancels a run: stops what runs, starts nothing new but the stages that always run.",
        footer = {"", "Examples:", "  cancel latest", "  cancel latest --reason 'wrong branch'"})
final class CancelCommand extends SignalCommand {
    @Option(names = "--reason", paramLabel = "TEXT", description = "Why.")
    private String reason = "";

    CancelCommand(Tool tool) {
        super(tool);
    }

    @Override
    void send(Engine engine, RunId run) {
        engine.cancel(run, Tool.user(), reason);
    }

    @Override
    Optional<String> counted(RunView run) {
        boolean over = run.status().state() == RunState.FINISHED;
        return run.status().cancelledBy().isPresent() || over
                ? Optional.of("run " + run.id()
                        + (over
                                ? " " + Words.standing(run)
                                : " is being cancelled; to see how: "
                                        + tool().invocation()
                                                .with("show", run.id().value())))
                : Optional.empty();
    }

    @Override
    List<String> words(RunId run) {
        return reason.isEmpty() ? List.of("cancel", run.value()) : List.of("cancel", run.value(), "--reason", reason);
    }
}
