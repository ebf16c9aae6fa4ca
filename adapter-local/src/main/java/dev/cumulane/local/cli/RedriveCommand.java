// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code redrive}: sends again what was put aside, since it could not be handled. */
@Command(
        name = "redrive",
        description = {
            "Sends the signals again that a cloud has put aside, since the engine could not handle them.",
            "The log of the engine's function says why; put that right first, or they are put aside again."
        },
        footer = {
            "",
            "Examples:",
            "  redrive --cloud aws --set region=eu-west-1",
            "  redrive --most 1        tries one first"
        })
final class RedriveCommand implements Callable<Integer> {
    private static final int ALL = 10_000;

    private final Tool tool;

    @Option(names = "--most", paramLabel = "NUMBER", description = "How many at most; 10000 if left out.")
    private int most = ALL;

    RedriveCommand(Tool tool) {
        this.tool = tool;
    }

    @Override
    public Integer call() {
        if (most < 1 || most > ALL) {
            throw new UsageException("--most is 1 to " + ALL + ", not " + most);
        }
        try (Site site = tool.open()) {
            int sent = site.cloud().signals().redrive(most);
            tool.console()
                    .print(
                            tool.json()
                                    ? JsonNodeFactory.instance
                                            .objectNode()
                                            .put("sentAgain", sent)
                                            .toString()
                                    : told(sent));
        }
        return ExitCode.SUCCESS;
    }

    private static String told(int sent) {
        return switch (sent) {
            case 0 -> "nothing was put aside";
            case 1 -> "1 signal comes again";
            default -> sent + " signals come again";
        };
    }
}
