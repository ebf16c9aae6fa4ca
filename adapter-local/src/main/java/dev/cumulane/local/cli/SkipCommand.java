// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import dev.cumulane.engine.Engine;
import dev.cumulane.run.RunId;
import dev.cumulane.run.RunView;
import dev.cumulane.run.StageView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code skip}: a run goes on without one of its stages. */
@Command(
        name = "skip",
        description = "Skips a stage, now or when its turn comes; work that runs is stopped first.",
        footer = {"", "Examples:", "  skip latest unit --reason 'known to hang'", "  skip latest release --as ada"})
final class SkipCommand extends SignalCommand {
    @Parameters(index = "1", paramLabel = "STAGE", description = "The stage.")
    private String stage = "";

    @Option(names = "--as", paramLabel = "NAME", description = "Who skips; the user of this machine if left out.")
    private Optional<String> by = Optional.empty();

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why.")
    private String reason = "";

    SkipCommand(Tool tool) {
        super(tool);
    }

    @Override
    void send(Engine engine, RunId run) {
        engine.skip(run, stage, by.orElseGet(Tool::user), reason);
    }

    @Override
    Optional<String> counted(RunView run) {
        StageView view = run.stage(stage);
        if (view.progress().skippedBy().isPresent()) {
            return Optional.of(stage + " of run " + run.id() + " "
                    + view.outcome().map(Words::outcome).orElse("is to be skipped"));
        }
        if (view.outcome().isPresent()) {
            throw new IllegalStateException("too late: " + stage + " of run " + run.id() + " "
                    + Words.outcome(view.outcome().get()) + " before it could be skipped");
        }
        return Optional.empty();
    }

    @Override
    List<String> words(RunId run) {
        List<String> words = new ArrayList<>(List.of("skip", run.value(), stage));
        by.ifPresent(name -> words.addAll(List.of("--as", name)));
        if (!reason.isEmpty()) {
            words.addAll(List.of("--reason", reason));
        }
        return words;
    }
}
