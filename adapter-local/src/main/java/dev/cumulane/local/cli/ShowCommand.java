// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import dev.cumulane.engine.Engine;
import dev.cumulane.run.HistoryRecord;
import dev.cumulane.run.RunView;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code show}: a run as it is now, or all that happened in it. */
@Command(
        name = "show",
        description = "Shows a run: its stages, failed tests and questions.",
        footer = {"", "Examples:", "  show latest", "  show shop-0k3v9q2m7xw4b1ce --history"})
final class ShowCommand implements Callable<Integer> {
    private final Tool tool;

    @Parameters(paramLabel = "RUN", description = "The run's id, the beginning of one, or 'latest'.")
    private String run = "";

    @Option(names = "--history", description = "Shows what happened, event by event.")
    private boolean history;

    ShowCommand(Tool tool) {
        this.tool = tool;
    }

    @Override
    public Integer call() {
        try (Site site = tool.openUsed();
                Engine engine = Engine.on(site.cloud()).attach()) {
            RunView view = tool.run(engine, run);
            if (history) {
                PlainLines lines = new PlainLines();
                for (HistoryRecord record : engine.history(view.id())) {
                    (tool.json() ? Json.lines(view.id(), record) : lines.of(record)).forEach(tool.console()::print);
                }
            } else if (tool.json()) {
                tool.console().print(Json.object(view).toString());
            } else {
                show(site, engine, view);
            }
        }
        return ExitCode.SUCCESS;
    }

    private void show(Site site, Engine engine, RunView view) {
        Console console = tool.console();
        new Summary(console.style(), tool.invocation(), site.cloud().logs(), engine::find)
                .lines(view, engine.plan(view.id()), site.cloud().clock().instant())
                .forEach(console::print);
        view.stages()
                .forEach(stage -> stage.progress()
                        .waiting()
                        .ifPresent(waiting -> waiting.question().ifPresent(asked -> {
                            console.print("");
                            Approvals.question(view, stage, waiting, asked).forEach(console::print);
                            console.print("  "
                                    + tool.invocation()
                                            .with(
                                                    "approve",
                                                    view.id().value(),
                                                    stage.name(),
                                                    "--as",
                                                    asked.approvers().anyOf().get(0)));
                        })));
    }
}
