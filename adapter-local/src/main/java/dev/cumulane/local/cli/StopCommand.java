// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
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
            String said = Text.clean(site.stop(environment));
            tool.console().print(tool.json() ? json(said) : said);
        }
        return ExitCode.SUCCESS;
    }

    private String json(String said) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("environment", environment)
                .put("message", said)
                .toString();
    }
}
