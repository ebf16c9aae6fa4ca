// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.cumulane.cloud.Installer;
import dev.cumulane.pipeline.Plan;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code plan}: what a pipeline compiles to. */
@Command(
        name = "plan",
        description = "Prints what a pipeline compiles to, and its fingerprint.",
        footer = {
            "",
            "Examples:",
            "  plan shop",
            "  plan shop --json        the plan's own bytes",
            "  plan --changes --cloud aws --set region=eu-west-1"
        })
final class PlanCommand implements Callable<Integer> {
    private final Tool tool;

    @Parameters(arity = "0..1", paramLabel = "PIPELINE", description = "The pipeline; may be left out if there is one.")
    private Optional<String> name = Optional.empty();

    @Option(
            names = "--changes",
            description =
                    "Prints what 'deploy' would change in the cloud: resources and permissions, of all pipelines together.")
    private boolean changes;

    PlanCommand(Tool tool) {
        this.tool = tool;
    }

    @Override
    public Integer call() {
        if (changes) {
            changes();
            return ExitCode.SUCCESS;
        }
        Plan plan = tool.pipeline(name).plan();
        if (tool.json()) {
            tool.console().print(plan.json());
        } else {
            PlanTable.lines(plan).forEach(tool.console()::print);
        }
        return ExitCode.SUCCESS;
    }

    private void changes() {
        if (name.isPresent()) {
            throw new UsageException(
                    "--changes are those of all pipelines together; leave " + Text.shown(name.get()) + " out");
        }
        try (Site site = tool.open()) {
            Installer installer = DeployCommand.installer(site);
            List<Installer.Change> found = installer.changes(tool.engine(site).demand());
            if (found.isEmpty() && !tool.json()) {
                tool.console().print("no change: " + Text.clean(installer.name()));
            }
            found.forEach(change -> tool.console().print(tool.json() ? json(change) : line(change)));
        }
    }

    private static String line(Installer.Change change) {
        String mark = switch (change.kind()) {
            case ADDED -> "+ ";
            case CHANGED -> "~ ";
            case REMOVED -> "- ";
        };
        return mark + Text.clean(change.what());
    }

    private static String json(Installer.Change change) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("change", change.kind().name().toLowerCase(Locale.ROOT))
                .put("what", change.what())
                .toString();
    }
}
