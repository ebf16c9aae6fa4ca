// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.testing;

import static dev.cumulane.pipeline.Trigger.push;
import static dev.cumulane.pipeline.Work.container;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cumulane.pipeline.Output;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.run.Commit;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.Produced;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.RunId;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What runs are told and what they return. */
class ParametersTest {
    private static final Commit COMMIT = Commit.commit("https://example.com/shop.git", "a".repeat(40));

    private static final Pipeline PIPELINE = Pipeline.define("shop", p -> {
        p.on(push().to("main"));
        var region = p.parameter("region").choices("eu", "us").defaultsTo("eu");
        var shards = p.parameter("shards").between(1, 10).defaultsTo(2);
        var dry = p.parameter("dry-run").flag().defaultsTo(false);
        var note = p.parameter("note").defaultsTo("");
        var build = p.build(
                "build",
                container("alpine:3.22")
                        .env("REGION", region)
                        .env("SHARDS", shards)
                        .env("DRY_RUN", dry)
                        .env("NOTE", note)
                        .runs("make")
                        .writes("jar", "shop.jar")
                        .outputs(Output.text("version")));
        p.function("check", ValuesTest.Tag.class).env("REGION", region);
        p.returns("version", build.value("version"));
        p.returns("app", build.artifact("jar"));
    });

    private final PipelineTester tester = PipelineTester.of(PIPELINE);

    @Test
    void aPushRunsWithTheDefaults() {
        TestedRun run = tester.with("region", "us").push("main").assertSucceeded();

        assertThat(run.env("build"))
                .containsEntry("REGION", "eu")
                .containsEntry("SHARDS", "2")
                .containsEntry("DRY_RUN", "false")
                .containsEntry("NOTE", "");
        assertThat(run.env("check")).containsEntry("REGION", "eu");
    }

    @Test
    void aPersonSaysSomeOfThem() {
        TestedRun run = tester.with("region", "us")
                .with("note", "it's \"$(date)\"")
                .start()
                .assertSucceeded();

        assertThat(run.env("build"))
                .containsEntry("REGION", "us")
                .containsEntry("SHARDS", "2")
                .containsEntry("NOTE", "it's \"$(date)\"");
        assertThat(run.env("check")).containsEntry("REGION", "us");
        assertThat(run.view().parameters())
                .containsEntry("region", "us")
                .containsEntry("shards", "2")
                .hasSize(4);
    }

    @Test
    void aRepetitionIsToldTheSame() {
        TestedRun run = tester.with("region", "us").start();

        RunId again = tester.engine().rerun(run.id(), "ada");

        RunEvent first = tester.engine().history(again).get(0).events().get(0);
        assertThat(((RunEvent.RunStarted) first).parameters()).containsEntry("region", "us");
    }

    @Test
    void otherParametersAreAnotherRunAndTheDefaultsAreNone() {
        RunId plain = tester.engine().start("shop", COMMIT, "ada");
        RunId us = tester.engine().start("shop", COMMIT, "ada", Map.of("region", "us"));

        assertThat(tester.engine().start("shop", COMMIT, "ada", Map.of("region", "eu")))
                .isEqualTo(plain);
        assertThat(tester.engine().start("shop", COMMIT, "grace", Map.of("region", "us", "shards", "2")))
                .isEqualTo(us)
                .isNotEqualTo(plain);
        assertThat(tester.engine().start("shop", COMMIT, "ada", Map.of("region", "us", "shards", "3")))
                .isNotEqualTo(us);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "region|asia|parameter 'region' cannot be 'asia'; it may be eu or us",
                "shards|11|parameter 'shards' cannot be '11'; it may be a number from 1 to 10",
                "shards|1.5|parameter 'shards' cannot be '1.5'; it may be a number from 1 to 10",
                "dry-run|yes|parameter 'dry-run' cannot be 'yes'; it may be true or false",
                "regoin|us|pipeline 'shop' has no parameter 'regoin'; it has: dry-run, note, region, shards"
            })
    void whatCannotBeSaidIsRefusedBeforeThereIsARun(String name, String value, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> tester.engine().start("shop", COMMIT, "ada", Map.of(name, value)))
                .withMessage(message);
        assertThat(tester.engine().list(10)).isEmpty();
    }

    @Test
    void aTextOfTwoLinesOrTooManyCharactersIsRefused() {
        for (String text : new String[] {"a\nb", "x".repeat(201), "\ud800"}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> tester.engine().start("shop", COMMIT, "ada", Map.of("note", text)))
                    .withMessageStartingWith("parameter 'note' cannot be '")
                    .withMessageEndingWith("it may be one line of at most 200 characters without control characters");
        }
    }

    @Test
    void aParameterWithoutDefaultHasToBeSaid() {
        PipelineTester release = PipelineTester.of(Pipeline.define("release", p -> {
            var version = p.parameter("version");
            p.build("build", container("alpine:3.22").env("VERSION", version).runs("make"));
        }));

        assertThatIllegalArgumentException()
                .isThrownBy(release::start)
                .withMessageStartingWith("parameter 'version' has to be said; it may be one line");
        assertThat(release.with("version", "1.2").start().assertSucceeded().env("build"))
                .containsEntry("VERSION", "1.2");
    }

    @Test
    void aRunReturnsValuesAndArtifactsUnderItsOwnNames() {
        tester.stage("build").outputs("version", "1.2");

        TestedRun run = tester.push("main");

        Produced jar = run.stage("build")
                .progress()
                .verdict()
                .orElseThrow()
                .artifacts()
                .get(0);
        assertThat(run.view().returned().values())
                .containsOnlyKeys("version")
                .allSatisfy((name, value) -> assertThat(value.is("1.2")).isTrue());
        assertThat(run.view().returned().artifacts()).containsOnlyKeys("app").containsValue(jar);
    }

    @Test
    void aRunWhoseStageFailedReturnsNothingOfIt() {
        tester.stage("build").fails();

        TestedRun run = tester.push("main").assertEnded(Outcome.FAILURE);

        assertThat(run.view().returned().values()).isEmpty();
        assertThat(run.view().returned().artifacts()).isEmpty();
    }
}
