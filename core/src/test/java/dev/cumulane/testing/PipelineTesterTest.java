// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.testing;

import static dev.cumulane.pipeline.Work.container;
import static java.time.Duration.ofDays;
import static java.time.Duration.ofHours;
import static java.time.Duration.ofMinutes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.pipeline.Pipeline;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Commit;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.Release;
import dev.cumulane.run.SourceEvent;
import dev.cumulane.run.TestSummary;
import dev.cumulane.run.TrustLevel;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class PipelineTesterTest {
    private final PipelineTester tester = PipelineTester.of(ShopPipeline.pipeline());

    @Test
    void a_push_runs_the_pipeline_until_it_waits_for_people() {
        TestedRun run = tester.push("main");

        run.assertWaitingFor("release");
        run.assertStages(
                "build SUCCESS",
                "unit SUCCESS",
                "inspect SUCCESS",
                "release WAITING",
                "deploy-production PENDING",
                "clean-up PENDING");
        assertThat(run.stage("unit").progress().verdict().orElseThrow().tests())
                .contains(new TestSummary(3, 0, 0, List.of()));
    }

    @Test
    void an_approval_after_days_deploys() {
        TestedRun run = tester.push("main");
        tester.advance(ofDays(2));

        run.approve("release", "ada").assertSucceeded();

        assertThat(tester.environment("production").live())
                .contains(Release.of(run.stage("build").artifact("jar").orElseThrow()));
        assertThat(run.stage("deploy-production")
                        .progress()
                        .verdict()
                        .orElseThrow()
                        .address())
                .contains("http://production.simulated");
    }

    @Test
    void an_approval_that_nobody_gives_expires() {
        TestedRun run = tester.push("main");

        tester.advance(ofDays(3));

        run.assertEnded(Outcome.TIMEOUT)
                .assertStage("release", Outcome.TIMEOUT)
                .assertStage("deploy-production", Outcome.SKIP);
        run.assertStage("clean-up", Outcome.SUCCESS);
    }

    @Test
    void a_rejection_fails_the_run_and_says_who() {
        TestedRun run = tester.push("main").reject("release", "grace", "not on a Friday");

        run.assertFailed();
        assertThat(run.stage("release").progress().verdict().orElseThrow().cause())
                .isEqualTo(Cause.REJECTED);
        assertThat(run.tree()).contains("grace");
    }

    @Test
    void failed_tests_end_the_run_and_are_named() {
        tester.stage("unit").fails("GreetingTest.greetsByName", "expected Hello but was Hi");

        TestedRun run = tester.push("main");

        run.assertFailed().assertStage("unit", Outcome.FAILURE).assertStage("release", Outcome.SKIP);
        TestSummary tests =
                run.stage("unit").progress().verdict().orElseThrow().tests().orElseThrow();
        assertThat(tests.failures())
                .containsExactly(new TestSummary.Failure("GreetingTest.greetsByName", "expected Hello but was Hi"));
        assertThat(run.tree()).contains("GreetingTest.greetsByName: expected Hello but was Hi");
    }

    @Test
    void a_lost_worker_is_replaced_where_the_pipeline_says_so() {
        tester.stage("build").first().losesItsWorker();

        tester.push("main").assertStage("build", Outcome.SUCCESS).assertAttempts("build", 2);
    }

    @Test
    void a_worker_lost_too_often_is_an_error() {
        tester.stage("build").losesItsWorker();

        TestedRun run = tester.push("main");

        run.assertEnded(Outcome.ERROR).assertAttempts("build", 3);
        assertThat(run.stage("build").progress().verdict().orElseThrow().cause())
                .isEqualTo(Cause.LOST_WORKER);
    }

    @Test
    void hanging_work_ends_with_its_time_limit() {
        tester.stage("build").hangs();
        Instant before = tester.now();

        TestedRun run = tester.push("main");

        run.assertEnded(Outcome.TIMEOUT);
        assertThat(tester.now()).isBetween(before.plus(ofMinutes(15)), before.plus(ofMinutes(25)));
    }

    @Test
    void a_hanging_function_ends_with_its_time_limit_too() {
        tester.stage("inspect").hangs();

        tester.push("main").assertStage("inspect", Outcome.TIMEOUT);
    }

    @Test
    void a_function_whose_worker_is_lost_ends_with_its_time_limit_since_nobody_can_be_asked() {
        tester.stage("inspect").losesItsWorker();

        TestedRun run = tester.push("main");

        run.assertEnded(Outcome.TIMEOUT).assertStage("inspect", Outcome.TIMEOUT);
    }

    @Test
    void a_cancelled_run_does_not_end_before_a_function_that_hangs_must_be_over() {
        tester.stage("inspect").hangs();
        tester.during("inspect", run -> run.cancel("ada", ""));
        Instant before = tester.now();

        tester.push("main").assertEnded(Outcome.CANCELLATION);

        assertThat(tester.now()).isAfter(before.plus(ofMinutes(10)));
    }

    @Test
    void refused_work_is_an_error() {
        tester.stage("build").isRefused("the quota is used up");

        TestedRun run = tester.push("main").assertEnded(Outcome.ERROR);

        assertThat(run.stage("build").progress().verdict().orElseThrow().detail())
                .contains("the quota is used up");
    }

    @Test
    void an_unhealthy_release_is_rolled_back() {
        tester.push("main").approve("release", "ada").assertSucceeded();
        var before = tester.environment("production").live();
        tester.environment("production").fallsIllUnderTraffic();

        TestedRun run = tester.push("main").approve("release", "ada");

        run.assertFailed();
        assertThat(run.stage("deploy-production")
                        .progress()
                        .verdict()
                        .orElseThrow()
                        .cause())
                .isEqualTo(Cause.UNHEALTHY);
        assertThat(tester.environment("production").live()).isEqualTo(before);
    }

    @Test
    void a_run_can_be_cancelled_in_the_middle_of_its_work() {
        tester.stage("build").takes(ofMinutes(10));
        tester.during("build", run -> run.cancel("ada", "wrong branch"));

        TestedRun run = tester.push("main");

        run.assertEnded(Outcome.CANCELLATION)
                .assertStage("build", Outcome.CANCELLATION)
                .assertStage("clean-up", Outcome.SUCCESS);
        assertThat(run.view().status().cancelledBy()).contains("ada");
    }

    @Test
    void two_deployments_take_turns() {
        TestedRun first = tester.push("main");
        TestedRun second = tester.push("main");
        tester.engine().approve(first.id(), "release", "ada", "");
        tester.engine().approve(second.id(), "release", "grace", "");

        tester.advance(ofHours(0));

        first.assertSucceeded();
        second.assertSucceeded();
        assertThat(second.stage("deploy-production").progress().times().ended().orElseThrow())
                .isAfter(first.stage("deploy-production")
                        .progress()
                        .times()
                        .ended()
                        .orElseThrow()
                        .plus(ofMinutes(30)));
    }

    @Test
    void a_change_request_runs_as_internal() {
        TestedRun run = tester.changeRequest("main");

        run.assertWaitingFor("release");
        assertThat(run.view().source().trust()).isEqualTo(TrustLevel.INTERNAL);
    }

    @Test
    void a_push_that_starts_nothing_is_an_assertion_error_that_names_the_triggers() {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> tester.push("feature"))
                .withMessageContaining(
                        "a push to 'feature' starts no run of pipeline 'shop', which starts on a push to main");
        Commit head =
                Commit.commit("https://example.com/shop.git", "0".repeat(40)).at("refs/heads/feature");
        assertThat(tester.tell(new SourceEvent.Pushed(head, "ada", TrustLevel.TRUSTED)))
                .isEqualTo(Optional.empty());
    }

    @Test
    void a_commit_told_of_twice_runs_once() {
        Commit head = Commit.commit("https://example.com/shop.git", "0".repeat(40));

        TestedRun run = tester.start(head);

        assertThat(tester.start(head)).isSameAs(run);
    }

    @Test
    void a_person_who_may_not_vote_is_told_who_may() {
        TestedRun run = tester.push("main");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> run.approve("release", "mallory"))
                .withMessageContaining("ada, grace");
        run.approve("release", "ada");
        assertThatIllegalStateException().isThrownBy(() -> run.approve("release", "grace"));
    }

    @Test
    void a_failed_assertion_says_what_is_and_shows_the_run() {
        tester.stage("unit").fails();
        TestedRun run = tester.push("main");

        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(run::assertSucceeded)
                .withMessageStartingWith(
                        "expected the run to have ended with SUCCESS, but it ended with FAILURE:\nrun shop-")
                .withMessageContaining("  unit               FAILURE after 11 s")
                .withMessageContaining("ended with exit code 1");
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> run.assertWaitingFor("release"))
                .withMessageStartingWith("expected the run to wait for votes on 'release', but that stage is SKIP");
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> run.assertStages("build SUCCESS"))
                .withMessageStartingWith(
                        "expected the stages to be [build SUCCESS], but they are [build SUCCESS, unit FAILURE,");
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> run.assertStage("build", Outcome.FAILURE))
                .withMessageStartingWith(
                        "expected stage 'build' to have ended with FAILURE, but it ended with SUCCESS");
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> run.assertAttempts("build", 2))
                .withMessageStartingWith("expected stage 'build' to have taken 2 attempts, but it took 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run.assertStage("biuld", Outcome.FAILURE))
                .withMessageContaining("it has: build");
    }

    @Test
    void a_pipeline_without_stages_for_people_runs_to_its_end() {
        PipelineTester plain = PipelineTester.of(Pipeline.define(
                "plain", p -> p.build("build", container("alpine:3.22").runs("true"))));

        plain.start().assertSucceeded().assertStages("build SUCCESS");
    }

    @Test
    void a_run_in_a_world_with_faults_ends_as_it_would_without() {
        for (int seed = 1; seed <= 100; seed++) {
            PipelineTester unlucky = PipelineTester.of(ShopPipeline.pipeline());
            unlucky.cloud()
                    .setFaults(Faults.from(seed)
                            .losingSignals(10)
                            .repeatingSignals(10)
                            .delayingSignals(20)
                            .losingAnswers(3)
                            .refusingCalls(3));
            TestedRun run = told(unlucky);
            unlucky.cloud().setFaults(Faults.none());
            run.assertWaitingFor("release");

            unlucky.cloud()
                    .setFaults(Faults.from(seed + 1000)
                            .losingAnswers(3)
                            .refusingCalls(3)
                            .repeatingSignals(50)
                            .delayingSignals(20));
            insist(() -> run.approve("release", "ada"), unlucky);
            unlucky.cloud().setFaults(Faults.none());
            unlucky.advance(ofHours(1));

            run.assertSucceeded();
        }
    }

    /** Tells of the same push until it has been heard, as a forge or a reconciler does. */
    private static TestedRun told(PipelineTester unlucky) {
        Commit head =
                Commit.commit("https://example.com/shop.git", "0".repeat(40)).at("refs/heads/main");
        SourceEvent push = new SourceEvent.Pushed(head, "ada", TrustLevel.TRUSTED);
        return insist(() -> unlucky.tell(push).orElseThrow(), unlucky);
    }

    private static <T> T insist(Supplier<T> call, PipelineTester unlucky) {
        while (true) {
            try {
                return call.get();
            } catch (CloudException e) {
                assertThat(e.retryable()).isTrue();
                unlucky.cloud().advance(ofMinutes(1));
            } catch (IllegalStateException e) {
                // The vote whose answer was lost has been counted meanwhile.
                return null;
            }
        }
    }
}
