// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.testing;

import static dev.cumulane.pipeline.Environment.environment;
import static dev.cumulane.pipeline.Rollout.blueGreen;
import static dev.cumulane.pipeline.Rollout.canary;
import static dev.cumulane.pipeline.Trigger.push;
import static dev.cumulane.pipeline.Work.container;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.pipeline.Rollout;
import dev.cumulane.run.Deployment;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.StageView;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RolloutsTest {
    private static PipelineTester tester(Rollout rollout) {
        return PipelineTester.of(Pipeline.define("shop", p -> {
            p.on(push());
            var build = p.build("build", container("alpine").runs("make").writes("jar", "shop.jar"));
            var staging = p.deploy(build.artifact("jar"), environment("staging"));
            p.deploy(build.artifact("jar"), environment("production"))
                    .after(staging)
                    .rollingOut(rollout);
        }));
    }

    private static List<String> steps(TestedRun run) {
        return run.history().stream()
                .flatMap(record -> record.events().stream())
                .filter(event -> event instanceof RunEvent.StepStarted step
                                && step.stage().equals("deploy-production")
                        || event instanceof RunEvent.HoldStarted)
                .map(event -> event instanceof RunEvent.StepStarted step
                        ? step.step() + (step.percent() > 0 ? " " + step.percent() : "")
                        : "hold")
                .toList();
    }

    @Test
    void a_canary_grows_share_by_share_each_held() {
        TestedRun run =
                tester(canary(5).then(25).then(50).holding(ofMinutes(10))).push("main");

        run.assertSucceeded();
        assertThat(steps(run))
                .containsExactly(
                        "PREPARE",
                        "SHIFT 5",
                        "hold",
                        "CHECK",
                        "SHIFT 25",
                        "hold",
                        "CHECK",
                        "SHIFT 50",
                        "hold",
                        "CHECK",
                        "SHIFT 100",
                        "CHECK",
                        "COMPLETE");
    }

    @Test
    void the_former_release_goes_on_until_the_new_one_has_proved_itself() {
        PipelineTester tester = tester(blueGreen().keepingFormer(ofMinutes(30)));
        TestedRun run = tester.push("main").assertSucceeded();

        assertThat(steps(run)).containsExactly("PREPARE", "SHIFT 100", "CHECK", "hold", "CHECK", "COMPLETE");
        StageView.Times times = run.stage("deploy-production").progress().times();
        assertThat(times.ended().orElseThrow())
                .isAfter(times.began().orElseThrow().plus(ofMinutes(30)));
    }

    @Test
    void an_alarm_that_rings_rolls_back() {
        PipelineTester tester = tester(canary(10).rollingBackOnAlarm("shop-5xx"));
        tester.push("main").assertSucceeded();
        var good = tester.environment("production").live();
        tester.environment("production").rings("shop-5xx");

        TestedRun run = tester.push("main").assertFailed();

        assertThat(run.stage("deploy-production")
                        .progress()
                        .verdict()
                        .orElseThrow()
                        .detail())
                .isEqualTo("alarm 'shop-5xx' rings");
        assertThat(tester.environment("production").live()).isEqualTo(good);
        tester.environment("production").isQuiet();
        tester.push("main").assertSucceeded();
    }

    private static Duration took(TestedRun run) {
        StageView.Times times = run.stage("deploy-production").progress().times();
        return Duration.between(times.began().orElseThrow(), times.ended().orElseThrow());
    }

    @Test
    void an_alarm_that_rings_during_a_hold_rolls_back_within_a_minute_or_two() {
        PipelineTester tester = tester(canary(10).holding(ofHours(1)).rollingBackOnAlarm("shop-5xx"));
        tester.push("main").assertSucceeded();
        tester.environment("production").rings("shop-5xx", ofMinutes(20));

        TestedRun run = tester.push("main").assertFailed();

        assertThat(took(run)).isBetween(ofMinutes(20), ofMinutes(22));
        assertThat(run.history().stream().flatMap(record -> record.events().stream()))
                .contains(new RunEvent.AlarmRang("deploy-production", "shop-5xx"));
        tester.advance(ofMinutes(1));
        assertThat(tester.engine().environment("production").history().get(0).kind())
                .isEqualTo(Deployment.Kind.ROLLBACK);
    }

    @Test
    void an_alarm_that_is_quiet_leaves_no_records() {
        Rollout unwatched = canary(10).holding(ofHours(5));
        Rollout watched = canary(10).holding(ofHours(5)).rollingBackOnAlarm("shop-5xx");

        assertThat(tester(watched).push("main").assertSucceeded().history())
                .hasSameSizeAs(tester(unwatched).push("main").assertSucceeded().history());
    }

    @Test
    void an_alarm_is_looked_at_by_the_sweep_when_signals_are_lost() {
        PipelineTester tester = tester(blueGreen().keepingFormer(ofHours(9)).rollingBackOnAlarm("shop-5xx"));
        tester.environment("production").rings("shop-5xx", ofMinutes(90));
        tester.during("build", run -> tester.cloud().setFaults(Faults.from(3).losingSignals(70)));

        TestedRun run = tester.push("main").assertFailed();

        assertThat(took(run)).isLessThan(ofHours(6));
    }

    @Test
    void a_rollback_that_hangs_ends_and_is_in_nobodys_way() {
        PipelineTester tester = tester(canary(10));
        tester.push("main").assertSucceeded();
        tester.environment("production").takes(ofMinutes(40));
        tester.push("main").assertEnded(Outcome.ERROR);
        tester.environment("production").takes(ofMinutes(1));

        tester.push("main").assertSucceeded();
        tester.advance(ofMinutes(1));

        assertThat(tester.engine().environment("production").holder()).isEmpty();
        assertThat(tester.engine().environment("production").history()).hasSize(3);
    }

    @Test
    void what_was_tested_in_one_environment_is_what_the_next_one_gets() {
        PipelineTester tester = tester(Rollout.allAtOnce());
        tester.push("main").assertSucceeded();

        assertThat(tester.environment("production").live())
                .isPresent()
                .isEqualTo(tester.environment("staging").live());
    }

    @Test
    void impossible_rollouts_are_refused() {
        assertThatThrownBy(() -> canary(50).then(25))
                .hasMessage("a canary's shares grow: 25 percent does not follow 50; choose 51 to 99");
        assertThatThrownBy(() -> canary(100)).hasMessage("a canary gets 1 to 99 percent of the traffic, not 100");
        assertThatThrownBy(() -> blueGreen().rollingBackOnAlarm("$(rm)"))
                .hasMessageStartingWith("alarm name '$(rm)' is not usable");
    }
}
