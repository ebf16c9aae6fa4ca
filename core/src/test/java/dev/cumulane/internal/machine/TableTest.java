// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.run.RunEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TableTest {
    private static final Path DIAGRAM = Path.of("..", "docs", "state-diagram.md");

    @Test
    void everyRowIsTakenInEachOfItsDirectionsAndInNoOther() {
        Set<Driver.Taken> taken = new LinkedHashSet<>();
        Stories.all().values().forEach(story -> taken.addAll(Stories.told(story).taken()));
        List<Driver.Taken> wanted = new ArrayList<>();
        for (Table.Row row : Table.rows()) {
            row.to().forEach(to -> wanted.add(new Driver.Taken(row.from(), row.cue(), to)));
        }
        assertThat(taken)
                .as(
                        "rows of the table taken by the stories; write a story for a missing one, correct the table for another")
                .containsExactlyInAnyOrderElementsOf(wanted);
    }

    @Test
    void everyEventIsRecordedAndFoldedByAStory() {
        Set<Class<?>> seen = new LinkedHashSet<>();
        Stories.all()
                .values()
                .forEach(story -> Stories.told(story).events().forEach(event -> seen.add(event.getClass())));
        assertThat(seen).containsExactlyInAnyOrder(RunEvent.class.getPermittedSubclasses());
    }

    @Test
    void everySignalOfAStageHasACue() {
        assertThat(Arrays.stream(Signal.ToStage.class.getPermittedSubclasses()).map(Class::getSimpleName))
                .containsExactlyInAnyOrder(
                        "Counted",
                        "Recalled",
                        "WorkAccepted",
                        "WorkRefused",
                        "WorkFinished",
                        "VoteCast",
                        "SkipAsked",
                        "Granted",
                        "StepOver",
                        "StepLost",
                        "AlarmRang");
    }

    @Test
    void theDiagramInTheDocumentationIsTheTable() throws IOException {
        String page = """
                <!-- Generated from the machine's table; TableTest says how to write it anew. -->
                # What can happen to a stage

                Each arrow is a row of the table in `internal.machine`; what is not drawn changes nothing. [How it works](how-it-works.md) tells the story.

                ```mermaid
                """ + Table.diagram() + "```\n";
        if (Boolean.getBoolean("cumulane.update")) {
            Files.writeString(DIAGRAM, page);
        }
        assertThat(Files.readString(DIAGRAM))
                .as("docs/state-diagram.md; run this test with -Dcumulane.update=true to write it anew")
                .isEqualTo(page);
    }
}
