// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import dev.cumulane.engine.Engine;
import dev.cumulane.run.RunView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code runs}: the latest runs, open and finished. */
@Command(
        name = "runs",
        description = "Lists runs, the latest first.",
        footer = {"", "Examples:", "  runs", "  runs --limit 100 --json"})
final class RunsCommand implements Callable<Integer> {
    private static final int MOST = 1000;

    private final Tool tool;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "20",
            description = "How many, 1 to 1000; 20 if left out.")
    private int limit = 20;

    RunsCommand(Tool tool) {
        this.tool = tool;
    }

    @Override
    public Integer call() {
        if (limit < 1 || limit > MOST) {
            throw new UsageException("--limit " + limit + " is not usable: choose 1 to " + MOST);
        }
        try (Site site = tool.open()) {
            List<RunView> runs = runs(site);
            if (tool.json()) {
                runs.forEach(run -> tool.console().print(Json.object(run).toString()));
            } else if (runs.isEmpty()) {
                tool.console().print("no runs in " + site.name());
            } else {
                table(runs, site.cloud().clock().instant()).forEach(tool.console()::print);
            }
        }
        return ExitCode.SUCCESS;
    }

    private List<RunView> runs(Site site) {
        if (!site.used()) {
            return List.of();
        }
        try (Engine engine = Engine.on(site.cloud()).attach()) {
            return engine.list(limit);
        }
    }

    static List<String> table(List<RunView> runs, Instant now) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("run", "stands", "began", "took", "for"));
        for (RunView run : runs) {
            rows.add(List.of(
                    run.id().value(),
                    Words.standing(run),
                    run.status().times().began().map(Text::time).orElse("-"),
                    Words.took(run.status().times(), now).map(Text::duration).orElse("-"),
                    Words.commit(run.source().commit())));
        }
        return PlanTable.table(rows);
    }
}
