// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code graph}: a pipeline's stages for a drawing program. */
@Command(
        name = "graph",
        description = "Prints a pipeline's stages as a Mermaid flowchart or a Graphviz digraph.",
        footer = {"", "Examples:", "  graph shop", "  graph shop --format dot | dot -Tsvg > shop.svg"})
final class GraphCommand implements Callable<Integer> {
    private final Tool tool;

    @Parameters(arity = "0..1", paramLabel = "PIPELINE", description = "The pipeline; may be left out if there is one.")
    private Optional<String> name = Optional.empty();

    @Option(
            names = "--format",
            paramLabel = "mermaid|dot",
            defaultValue = "mermaid",
            description = "The language; mermaid if left out.")
    private Graph.Format format = Graph.Format.MERMAID;

    GraphCommand(Tool tool) {
        this.tool = tool;
    }

    @Override
    public Integer call() {
        Graph.lines(tool.pipeline(name).plan(), format).forEach(tool.console()::print);
        return ExitCode.SUCCESS;
    }
}
