// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code stop}: stops what is deployed on this machine. */
@Command(
        name = "stop",
        description = "Stops what is deployed to an environment of this machine.",
        footer = {"", "Examples:", "  stop production"})
final class StopCommand implements Callable<Integer> {
    private final Tool tool;

    @Parameters(paramLabel = "ENVIRONMENT", description = "The environment.")
    private String environment = "";

    StopCommand(Tool tool) {
        this.tool = tool;
    }

    @Override
    public Integer call() {
        try (Site site = tool.open()) {
            tool.console().print(Text.clean(site.stop(environment)));
        }
        return ExitCode.SUCCESS;
    }
}
