// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.engine;

import static dev.cumulane.pipeline.Approvers.anyOf;
import static dev.cumulane.pipeline.Condition.tag;
import static dev.cumulane.pipeline.Environment.environment;
import static dev.cumulane.pipeline.Work.container;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cumulane.pipeline.Digest;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.run.Commit;
import dev.cumulane.run.Lineage;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.Produced;
import dev.cumulane.run.Release;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.SourceEvent;
import dev.cumulane.run.TrustLevel;
import dev.cumulane.run.Variation;
import dev.cumulane.run.Verdict;
import dev.cumulane.testing.PipelineTester;
import dev.cumulane.testing.ShopPipeline;
import dev.cumulane.testing.TestedRun;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RepetitionTest {
    private final PipelineTester tester = PipelineTester.of(ShopPipeline.pipeline());

    private static List<Produced> artifacts(TestedRun run, String stage) {
        return run.stage(stage).progress().verdict().map(Verdict::artifacts).orElseThrow();
    }

    @Test
    void whatFailedRunsAgainAndTheRestIsTakenOver() {
        tester.stage("unit").fails();
        TestedRun first = tester.push("main").assertFailed();
        tester.stage("unit").succeeds();

        TestedRun second = first.rerunFromFailed("ada").assertWaitingFor("release");

        second.assertTakenOver("build", "inspect").assertAttempts("build", 0).assertAttempts("unit", 1);
        assertThat(second.stage("build").progress().from()).contains(first.id());
        assertThat(artifacts(second, "build")).isEqualTo(artifacts(first, "build"));
        assertThat(second.view().status().lineage())
                .hasValueSatisfying(lineage -> assertThat(lineage)
                        .isInstanceOfSatisfying(Lineage.Repetition.class, repetition -> {
                            assertThat(repetition.of()).isEqualTo(first.id());
                            assertThat(repetition.kind()).isEqualTo(Lineage.Kind.FAILED);
                            assertThat(repetition.by()).isEqualTo("ada");
                        }));
        second.approve("release", "ada");
        tester.advance(Duration.ofDays(1));
        second.assertSucceeded();
    }

    @Test
    void aStageThatIsTakenOverTwiceIsStillThatOfTheRunInWhichItRan() {
        tester.stage("unit").fails();
        TestedRun first = tester.push("main");
        TestedRun second = first.rerunFromFailed("ada").assertFailed();

        TestedRun third = second.rerunFromFailed("ada").assertTakenOver("build", "inspect");

        assertThat(third.stage("build").progress().from()).contains(first.id());
        assertThat(third.id().value()).isEqualTo(first.id().value() + ".3");
    }

    @Test
    void aRunInWhichAllSucceededOrThatIsOpenIsNotRunAgainFromWhatFailed() {
        TestedRun run = tester.push("main").assertWaitingFor("release");
        assertThatThrownBy(() -> run.rerunFromFailed("ada"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("has not ended");
        run.approve("release", "ada");
        tester.advance(Duration.ofDays(1));
        run.assertSucceeded();
        assertThatThrownBy(() -> run.rerunFromFailed("ada"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("nothing failed");
    }

    @Test
    void whatWasLeftOutForAGoodReasonIsLeftOutAgain() {
        PipelineTester other = PipelineTester.of(Pipeline.define("left", p -> {
            var docs = p.build("docs", container("alpine").runs("make docs"));
            docs.onlyWhen(tag().is("v1"));
            p.build("pages", container("alpine").runs("make pages")).after(docs);
            p.build("flaky", container("alpine").runs("true"));
        }));
        other.stage("flaky").fails();
        TestedRun first = other.start().assertFailed();
        other.stage("flaky").succeeds();

        TestedRun second = first.rerunFromFailed("ada");

        second.assertSucceeded().assertTakenOver("docs", "pages").assertStage("docs", Outcome.SKIP);
    }

    @Test
    void aForkTakesOverWhatDoesNotComeBehindItsStage() {
        TestedRun first = tester.push("main").approve("release", "ada");
        tester.advance(Duration.ofDays(1));
        first.assertSucceeded();

        TestedRun fork = first.fork("unit", "grace");

        fork.assertTakenOver("build", "inspect").assertAttempts("unit", 1).assertWaitingFor("release");
    }

    @Test
    void aForkChangesParametersThatNothingTakenOverKnows() {
        PipelineTester other = PipelineTester.of(Pipeline.define("regions", p -> {
            var region = p.parameter("region").choices("eu", "us").defaultsTo("eu");
            var mode = p.parameter("mode").defaultsTo("fast");
            var build = p.build("build", container("alpine").env("MODE", mode).runs("make"));
            p.build("ship", container("alpine").env("REGION", region).runs("ship"))
                    .after(build);
        }));
        TestedRun first = other.start().assertSucceeded();

        TestedRun fork = first.fork("ship", "ada", Map.of("region", "us")).assertSucceeded();

        fork.assertTakenOver("build").assertAttempts("ship", 1);
        assertThat(fork.view().parameters()).containsEntry("region", "us").containsEntry("mode", "fast");
        assertThatThrownBy(() -> first.fork("ship", "ada", Map.of("mode", "slow")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("parameter mode cannot be changed by a fork from 'ship': build of run");
        assertThatThrownBy(() -> first.fork("ship", "ada", Map.of("region", "mars")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("eu or us");
    }

    private static Pipeline site() {
        return Pipeline.define("site", p -> {
            var build = p.build(
                    "build",
                    container("alpine").runs("make").writes("site", "site").writes("notes", "notes"));
            var lint = p.test(
                    "lint", container("alpine").reads(build.artifact("notes")).runs("lint"));
            var load = p.build(
                            "load",
                            container("alpine").reads(build.artifact("site")).runs("load"))
                    .after(lint);
            p.deploy(build.artifact("site"), environment("production")).after(load);
        });
    }

    @Test
    void aForkPutsAnotherArtifactInThePlaceOfOneAndItsHistorySaysSo() {
        PipelineTester tester = PipelineTester.of(site());
        TestedRun first = tester.start().assertSucceeded();
        Digest other = tester.cloud().artifacts().put(new byte[] {1, 2, 3});

        TestedRun fork = first.fork("load", "ada", Variation.none().artifact("build", "site", other));

        Produced replaced = new Produced("site", other, 3);
        fork.assertSucceeded().assertTakenOver("build", "lint").assertAttempts("load", 1);
        assertThat(artifacts(fork, "build")).contains(replaced);
        assertThat(tester.environment("production").live()).contains(Release.of(replaced));
        assertThat(fork.history().stream().flatMap(record -> record.events().stream()))
                .contains(new RunEvent.StageReused("build", first.id(), List.of(replaced)));

        TestedRun again =
                fork.fork("deploy-production", "ada", Variation.none()).assertSucceeded();
        assertThat(again.history().stream().flatMap(record -> record.events().stream()))
                .as("what was replaced stays so, and is said again")
                .contains(new RunEvent.StageReused("build", first.id(), List.of(replaced)));
    }

    @Test
    void anArtifactThatATakenOverStageKnewOrThatIsNotThereIsNotReplaced() {
        PipelineTester tester = PipelineTester.of(site());
        TestedRun run = tester.start().assertSucceeded();
        Digest other = tester.cloud().artifacts().put(new byte[] {1, 2, 3});
        Digest absent = Digest.of(new byte[] {4});

        refused(
                run,
                "load",
                Variation.none().artifact("build", "notes", other),
                "lint of run " + run.id() + " would be taken over, and knew the former one");
        refused(
                run,
                "build",
                Variation.none().artifact("build", "site", other),
                "'build' runs again and writes it anew");
        refused(
                run,
                "load",
                Variation.none().artifact("build", "page", other),
                "stage 'build' of run " + run.id() + " has no artifact 'page'; it has: notes, site");
        refused(
                run,
                "load",
                Variation.none().artifact("build", "site", absent),
                "there is no artifact " + absent + " in the store");
    }

    private static void refused(TestedRun run, String from, Variation changes, String why) {
        assertThatThrownBy(() -> run.fork(from, "ada", changes))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith(why);
    }

    @Test
    void anOpenRunCanBeForked() {
        TestedRun first = tester.push("main").assertWaitingFor("release");

        TestedRun fork = first.fork("release", "grace").assertWaitingFor("release");

        fork.assertTakenOver("build", "unit", "inspect");
        first.assertWaitingFor("release");
    }

    @Test
    void aForkFromAStageThatIsNotThereIsRefusedWithThoseThatAre() {
        TestedRun run = tester.push("main");
        assertThatThrownBy(() -> run.fork("biuld", "ada"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'biuld'")
                .hasMessageContaining("build, unit, inspect, release");
    }

    @Test
    void anApprovalIsAskedForAgainWhenWhatItLetThroughIsBuiltAgain() {
        PipelineTester other = PipelineTester.of(Pipeline.define("late", p -> {
            var jar = p.build("jar", container("alpine").runs("make").writes("jar", "app.jar"));
            var release = p.approval("release", anyOf("ada"));
            var quiet = p.approval("quiet", anyOf("ada"));
            p.build("noise", container("alpine").runs("true")).after(quiet);
            p.deploy(jar.artifact("jar"), environment("production")).after(release);
        }));
        other.stage("jar").fails();
        TestedRun first =
                other.start().approve("release", "ada").approve("quiet", "ada").assertFailed();
        other.stage("jar").succeeds();

        TestedRun second = first.rerunFromFailed("ada");

        second.assertTakenOver("quiet", "noise").assertWaitingFor("release");
    }

    @Test
    void aRepetitionIsTrustedNoMoreThanTheRunItRepeats() {
        SourceEvent source = new SourceEvent.ChangeProposed(
                Commit.commit("https://example.com/shop.git", "7".repeat(40)).at("refs/heads/x"),
                "main",
                "7",
                "mallory",
                TrustLevel.UNTRUSTED);
        TestedRun first = tester.tell(source).orElseThrow().assertEnded(Outcome.ERROR);

        assertThat(first.rerun("ada").view().source()).isEqualTo(source);
        assertThat(first.rerunFromFailed("ada").view().source()).isEqualTo(source);
    }

    @Test
    void thousandsOfStagesAreTakenOverInRecordsThatFit() {
        PipelineTester large = PipelineTester.of(Pipeline.define("large", p -> {
            var all = IntStream.range(0, 1000)
                    .mapToObj(i ->
                            p.build("s" + i, container("alpine").runs("true").writes("out", "out")))
                    .toList();
            p.build("last", container("alpine").runs("true"))
                    .after(all.toArray(dev.cumulane.pipeline.StageHandle[]::new));
        }));
        large.stage("last").fails();
        TestedRun first = large.start().assertFailed();
        large.stage("last").succeeds();

        TestedRun second = first.rerunFromFailed("ada").assertSucceeded();

        assertThat(second.history().stream()
                        .flatMap(record -> record.events().stream())
                        .filter(RunEvent.StageReused.class::isInstance))
                .hasSize(1000);
        assertThat(second.history()).hasSizeLessThan(30);
    }
}
