// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local;

import static dev.cumulane.pipeline.Work.container;
import static dev.cumulane.run.Commit.commit;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.engine.Engine;
import dev.cumulane.pipeline.Output;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.RunId;
import dev.cumulane.run.RunView;
import dev.cumulane.run.StageValue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stage for each item of a list, with real commands. */
class FanOutTest {
    private static final Output<List<String>> WORDS = Output.list("words");

    private static final Pipeline PIPELINE = Pipeline.define("words", p -> {
        var split = p.build(
                "split",
                container("alpine")
                        .runs("printf '%s\\n' core 'a \"b\" $(c) `d`' >\"$CUMULANE_VALUES/words\"")
                        .outputs(WORDS));
        var each = p.forEach(
                "each",
                split.value(WORDS),
                item -> p.build(
                        item.name(),
                        container("alpine")
                                .env("WORD", item)
                                .runs("printf '%s' \"$WORD\" >word")
                                .writes("word", "word")));
        var join = p.build(
                "join",
                container("alpine")
                        .reads(each.artifacts("word"))
                        .runs("cat each/each-1/word each/each-2/word >\"$CUMULANE_VALUES/both\"")
                        .outputs(Output.text("both")));
        p.returns("both", join.value("both"));
    });

    @Test
    void eachCellIsGivenItsItemAndWhatTheyWriteLiesSideBySide(@TempDir Path home) throws InterruptedException {
        try (LocalCloud cloud = LocalCloud.at(home);
                Engine engine = Engine.on(cloud).register(PIPELINE).open()) {
            RunId run = engine.start("words", commit("https://example.com/words.git", "0".repeat(40)), "ada");
            RunView ended = engine.await(run, Duration.ofMinutes(2));

            assertThat(ended.outcome()).contains(Outcome.SUCCESS);
            assertThat(ended.stage("each-2").item()).contains("a \"b\" $(c) `d`");
            assertThat(((StageValue.Inline) ended.returned().values().get("both")).text())
                    .isEqualTo("corea \"b\" $(c) `d`");
        }
    }
}
