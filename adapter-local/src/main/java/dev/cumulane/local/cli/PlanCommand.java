// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import dev.cumulane.pipeline.Plan;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code plan}: what a pipeline compiles to. */
@Command(
        name = "plan",
        description = "Prints what a pipeline compiles to, and its fingerprint.",
        footer = {"", "Examples:", "  plan shop", "  plan shop --json        the plan's own bytes"})
final class PlanCommand implements Callable<Integer> {
    private final Tool tool;

    @Parameters(arity = "0..1", paramLabel = "PIPELINE", description = "The pipeline; may be left out if there is one.")
    private Optional<String> name = Optional.empty();

    PlanCommand(Tool tool) {
        this.tool = tool;
    }

    @Override
    public Integer call() {
        Plan plan = tool.pipeline(name).plan();
        if (tool.json()) {
            tool.console().print(plan.json());
        } else {
            PlanTable.lines(plan).forEach(tool.console()::print);
        }
        return ExitCode.SUCCESS;
    }
}
