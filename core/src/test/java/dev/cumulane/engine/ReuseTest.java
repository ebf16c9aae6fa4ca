// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.engine;

import static dev.cumulane.pipeline.Work.container;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.pipeline.Digest;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.run.Commit;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.SourceEvent;
import dev.cumulane.run.TrustLevel;
import dev.cumulane.testing.PipelineTester;
import dev.cumulane.testing.SimulatedCloud;
import dev.cumulane.testing.TestedRun;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReuseTest {
    private static Pipeline pipeline(String image) {
        return Pipeline.define("app", p -> {
            p.on(dev.cumulane.pipeline.Trigger.push().to("main"));
            var tools = p.build("tools", container(image).runs("make tools").writes("tools", "bin"))
                    .reuseWhenUnchanged();
            p.build(
                            "app",
                            container(image)
                                    .reads(p.source(), tools.artifact("tools"))
                                    .runs("make"))
                    .reuseWhenUnchanged();
        });
    }

    private final PipelineTester tester = PipelineTester.of(pipeline("alpine:3.22"));

    private static Digest key(TestedRun run, String stage) {
        return run.history().stream()
                .flatMap(record -> record.events().stream())
                .filter(RunEvent.ReuseSought.class::isInstance)
                .map(RunEvent.ReuseSought.class::cast)
                .filter(sought -> sought.stage().equals(stage))
                .map(RunEvent.ReuseSought::key)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aStageWhoseInputsAreTheSameDoesNotRunAgainAndOneThatReadsTheNewCommitDoes() {
        TestedRun first = tester.push("main").assertSucceeded();
        TestedRun second = tester.push("main").assertSucceeded();

        first.assertTakenOver().assertAttempts("tools", 1).assertAttempts("app", 1);
        second.assertTakenOver("tools").assertAttempts("tools", 0).assertAttempts("app", 1);
        assertThat(second.stage("tools").progress().from()).contains(first.id());
        assertThat(second.stage("tools").progress().verdict())
                .isEqualTo(first.stage("tools").progress().verdict());
    }

    @Test
    void aRepetitionOfTheSameCommitRunsNothingAgain() {
        TestedRun first = tester.push("main").assertSucceeded();

        first.rerun("ada").assertSucceeded().assertTakenOver("tools", "app");
    }

    @Test
    void aFailureIsNotTakenOver() {
        tester.stage("tools").fails();
        tester.push("main").assertFailed();
        tester.stage("tools").succeeds();

        tester.push("main").assertSucceeded().assertTakenOver();
    }

    @Test
    void anotherImageIsAnotherKey() {
        TestedRun one = tester.push("main");
        TestedRun other = PipelineTester.of(pipeline("alpine:3.23")).push("main");

        assertThat(key(one, "tools")).isNotEqualTo(key(other, "tools"));
        assertThat(key(one, "tools")).isEqualTo(key(tester.push("main"), "tools"));
    }

    @Test
    void anUntrustedRunNeitherTakesNorLeavesASuccess() {
        SourceEvent fork = new SourceEvent.Pushed(
                Commit.commit("https://example.com/app.git", "7".repeat(40)).at("refs/heads/main"),
                "mallory",
                TrustLevel.UNTRUSTED);
        TestedRun untrusted = tester.tell(fork).orElseThrow().assertSucceeded();

        tester.push("main").assertSucceeded().assertTakenOver();
        assertThat(untrusted.history().stream().flatMap(record -> record.events().stream()))
                .noneMatch(RunEvent.ReuseSought.class::isInstance);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "null",
                "[]",
                "{\"from\":\"app-0123456789abcdef\"}",
                "{\"from\":\"../../etc\",\"verdict\":{\"cause\":\"COMPLETED\",\"detail\":\"\"}}",
                "{\"from\":\"app-0123456789abcdef\",\"verdict\":{\"cause\":\"COMPLETED\",\"detail\":\"no artifact\"}}",
                "{\"from\":\"app-0123456789abcdef\",\"verdict\":{\"cause\":\"COMPLETED\",\"detail\":\"\",\"artifacts\":[{\"name\":\"tools\","
                        + "\"digest\":\"0000000000000000000000000000000000000000000000000000000000000000\",\"size\":1}]}}",
                "{\"from\":\"app-0123456789abcdef\",\"verdict\":{\"cause\":\"COMMAND_FAILED\",\"detail\":\"\"}}"
            })
    void whatIsNoWholeSuccessCountsAsNone(String stored) {
        Digest key = key(PipelineTester.of(pipeline("alpine:3.22")).push("main"), "tools");
        SimulatedCloud cloud = tester.cloud();
        cloud.artifacts().create("reuse/" + key.hex(), stored.getBytes(UTF_8));

        TestedRun run = tester.push("main").assertSucceeded();

        run.assertTakenOver().assertAttempts("tools", 1);
        assertThat(run.stage("tools").progress().from()).isEqualTo(Optional.empty());
        assertThat(cloud.artifacts().read("reuse/" + key.hex())).contains(stored.getBytes(UTF_8));
    }

    @Test
    void aPipelineWithoutTheWishHasNoKeys() {
        PipelineTester plain = PipelineTester.of(
                Pipeline.define("plain", p -> p.build("a", container("alpine").runs("true"))));
        List<RunEvent> events = plain.start().history().stream()
                .flatMap(record -> record.events().stream())
                .toList();

        assertThat(events).noneMatch(RunEvent.ReuseSought.class::isInstance);
        assertThat(plain.start().assertSucceeded().view().stages()).hasSize(1);
    }
}
