// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.status;

import static java.time.Duration.ofHours;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.engine.Engine;
import dev.cumulane.pipeline.Approvers;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.Work;
import dev.cumulane.run.Commit;
import dev.cumulane.run.RunId;
import dev.cumulane.run.RunView;
import dev.cumulane.testing.SimulatedCloud;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DescriptionsTest {
    private final Pipeline pipeline = Pipeline.define("shop", p -> {
        var build = p.build("build", Work.container("alpine:3").runs("make"));
        p.approval("release", Approvers.allOf("ada", "grace")).after(build);
    });
    private final SimulatedCloud cloud = SimulatedCloud.of(pipeline);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ada grace  | approved by ada, grace",
                "ada -grace | rejected by grace",
                "ada        | waits for 2 votes of ada or grace"
            })
    void an_approval_says_who_decided(String votes, String said) {
        Engine engine = engine();
        RunId run = engine.start("shop", Commit.commit("https://example.com/shop.git", "1".repeat(40)), "ada");
        cloud.advance(ofHours(1));
        for (String vote : votes.split(" ")) {
            if (vote.startsWith("-")) {
                engine.reject(run, "release", vote.substring(1), "not today");
            } else {
                engine.approve(run, "release", vote, "fine");
            }
            cloud.advance(ofHours(1));
        }
        RunView view = engine.find(run).orElseThrow();

        assertThat(Descriptions.of(view, view.stage("release"))).isEqualTo(said);
    }

    @Test
    void an_approval_that_nobody_decided_and_other_stages_say_how_they_ended() {
        Engine engine = engine();
        RunId run = engine.start("shop", Commit.commit("https://example.com/shop.git", "1".repeat(40)), "ada");
        cloud.advance(ofHours(1));
        engine.cancel(run, "ada", "a mistake");
        cloud.advance(ofHours(1));
        RunView view = engine.find(run).orElseThrow();

        assertThat(Descriptions.of(view, view.stage("release"))).startsWith("was cancelled, after ");
        assertThat(Descriptions.of(view, view.stage("build"))).startsWith("succeeded, after ");
    }

    private Engine engine() {
        return Engine.on(cloud).register(pipeline).open();
    }
}
