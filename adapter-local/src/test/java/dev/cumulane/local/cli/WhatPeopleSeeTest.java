// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.pipeline.Approvers;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Deployment;
import dev.cumulane.run.EnvironmentView;
import dev.cumulane.run.EnvironmentView.Service;
import dev.cumulane.run.EnvironmentView.Standing;
import dev.cumulane.run.Produced;
import dev.cumulane.run.Release;
import dev.cumulane.run.RunId;
import dev.cumulane.run.RunView;
import dev.cumulane.run.StageView;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Questions and environments as the command line shows them. */
final class WhatPeopleSeeTest {
    @Test
    void a_question_names_the_stages_that_wait_for_the_answer_and_none_that_runs_in_any_case() {
        StageView release = Samples.waiting("release", Approvers.anyOf("ada", "grace"));
        StageView ship = Samples.pending("ship", StageView.Kind.DEPLOY, "release");
        StageView plain = Samples.pending("clean-up", StageView.Kind.BUILD, "release", "ship");
        StageView cleanUp =
                new StageView(plain.name(), plain.kind(), plain.after(), true, Optional.empty(), plain.progress());
        RunView run = Samples.open(release, ship, cleanUp);
        StageView.Waiting waiting = new StageView.Waiting(
                "a vote",
                Optional.of(Samples.START),
                release.progress().waiting().orElseThrow().question());

        List<String> lines =
                Approvals.question(run, release, waiting, waiting.question().orElseThrow());

        assertThat(lines.get(0))
                .contains(" go on to ship? A vote of ada or grace decides, until ")
                .endsWith(Text.deadline(Samples.START))
                .matches(".*\\d\\d:\\d\\d [A-Z+-].*");
    }

    @Test
    void environments_show_where_a_release_answers_and_that_it_is_stopped() {
        String address = "http://127.0.0.1:8123";

        assertThat(row(new Service(Standing.RUNNING, Optional.of(address)))).contains(address);
        assertThat(row(Service.UNKNOWN)).doesNotContain(address, "stopped");
        assertThat(row(new Service(Standing.STOPPED, Optional.of(address))))
                .contains("stopped")
                .doesNotContain(address);
    }

    private static String row(Service service) {
        Deployment live = new Deployment(
                new RunId("shop-0k3v9q2m7xw4b1ce"),
                "ship",
                Deployment.Kind.RELEASE,
                Release.of(new Produced("jar", Digest.of(new byte[0]), 1)),
                Cause.COMPLETED,
                "",
                "ada",
                Instant.EPOCH);
        EnvironmentView view = new EnvironmentView(
                "production", Optional.empty(), List.of(), Optional.of(live), List.of(live), service);
        return EnvironmentsCommand.table(List.of(view)).get(1);
    }
}
