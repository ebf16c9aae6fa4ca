// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class StateDiagramTest {
    @Test
    void the_diagram_in_the_documentation_is_the_machines_own_table() throws IOException {
        Path here = Path.of("").toAbsolutePath();
        Path root = Files.exists(here.resolve("docs"))
                ? here
                : here.resolveSibling(".").normalize();

        assertThat(Files.readString(root.resolve("docs/how-it-works.md")))
                .contains("```mermaid\n" + Table.diagram() + "```\n");
    }
}
