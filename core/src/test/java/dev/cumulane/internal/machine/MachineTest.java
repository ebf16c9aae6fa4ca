// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cumulane.internal.codec.Codec;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.pipeline.EverythingPipeline;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.Verdict;
import dev.cumulane.run.Vote;
import dev.cumulane.run.VoteRefusal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MachineTest {
    private final Driver run = Driver.begun(EverythingPipeline.pipeline());

    static List<String> stories() {
        return List.copyOf(Stories.all().keySet());
    }

    private void upToRelease() {
        run.succeed("build", "unit", "inspect");
        run.deploy("deploy-staging");
    }

    @Test
    void anAttemptIsRepeatedAfterWhatThePolicyNamesAndNoOftenerThanItSays() {
        run.end("build", Cause.LOST_WORKER);
        run.end("build", Cause.LOST_WORKER);
        assertThat(run.slot("build").attempt()).isEqualTo(3);
        run.end("build", Cause.LOST_WORKER);
        assertThat(run.cause("build")).isEqualTo(Cause.LOST_WORKER);
    }

    @Test
    void anAttemptIsNotRepeatedAfterWhatThePolicyDoesNotName() {
        run.end("build", Cause.COMMAND_FAILED);
        assertThat(run.cause("build")).isEqualTo(Cause.COMMAND_FAILED);
        assertThat(run.slot("build").attempt()).isEqualTo(1);
    }

    @Test
    void whatAnEarlierAttemptOrAnUnknownStageSaysChangesNothing() {
        run.end("build", Cause.LOST_WORKER);
        assertThat(run.tell(new Signal.WorkFinished("build", 1, Verdict.success())))
                .isEmpty();
        assertThat(run.tell(new Signal.WorkAccepted("build", 1, "late"))).isEmpty();
        assertThat(run.tell(new Signal.WorkRefused("build", 1, "late"))).isEmpty();
        assertThat(run.tell(new Signal.WorkFinished("no-such-stage", 1, Verdict.success())))
                .isEmpty();
        assertThat(run.tell(new Signal.Granted("build", 1))).isEmpty();
        assertThat(run.slot("build").attempt()).isEqualTo(2);
    }

    @Test
    void aSecondServiceThatAcceptsTheSameAttemptChangesNothing() {
        run.accept("build");
        assertThat(run.tell(new Signal.WorkAccepted("build", 1, "another"))).isEmpty();
        assertThat(run.slot("build").work().orElseThrow().service()).contains("service-build");
    }

    @ParameterizedTest
    @MethodSource("stories")
    void nothingChangesARunThatHasEnded(String name) {
        Driver ended = Stories.told(Stories.all().get(name));
        String state = new String(Codec.bytes(ended.run().memo()), UTF_8);
        ended.clockSays(ended.now().plus(Duration.ofDays(1000)));
        for (String stage : ended.run().plan().graph().keys()) {
            assertThat(ended.tell(new Signal.WorkFinished(stage, 1, Verdict.success())))
                    .isEmpty();
            assertThat(ended.tell(new Signal.WorkAccepted(stage, 1, "late"))).isEmpty();
            assertThat(ended.tell(new Signal.Granted(stage, 99))).isEmpty();
            assertThat(ended.approve(stage, "ada")).isEmpty();
        }
        assertThat(ended.cancel()).isEmpty();
        assertThat(ended.tell(new Signal.Woken())).isEmpty();
        assertThat(new String(Codec.bytes(ended.run().memo()), UTF_8)).isEqualTo(state);
        assertThatThrownBy(() -> ended.run().fold(new RunEvent.RunFinished(Outcome.SUCCESS), ended.now()))
                .isInstanceOf(IllegalStateException.class);
    }

    @ParameterizedTest
    @MethodSource("stories")
    void aRunBeginsOnceAndEachStageEndsOnce(String name) {
        Driver once = Stories.told(Stories.all().get(name));
        assertThat(once.events().stream().filter(RunEvent.RunStarted.class::isInstance))
                .hasSize(1);
        assertThat(once.events().stream()
                        .filter(RunEvent.StageFinished.class::isInstance)
                        .map(event -> ((RunEvent.StageFinished) event).stage()))
                .doesNotHaveDuplicates()
                .hasSize(once.run().size());
    }

    private static VoteRefusal refusal(List<RunEvent> events) {
        assertThat(events).hasSize(1);
        return ((RunEvent.VoteRefused) events.get(0)).why();
    }

    @Test
    void aVoteOfAStrangerOnAnotherSubjectTwiceOrTooLateDoesNotCount() {
        upToRelease();
        assertThat(refusal(run.approve("release", "mallory"))).isEqualTo(VoteRefusal.NOT_AN_APPROVER);
        assertThat(run.approve("release", "mallory")).as("once more").isEmpty();
        Vote vote = new Vote("ada", Vote.Decision.APPROVE, "", run.now());
        assertThat(refusal(run.tell(new Signal.VoteCast("release", vote, Digest.of(new byte[] {1})))))
                .isEqualTo(VoteRefusal.ANOTHER_SUBJECT);
        Vote late = new Vote("ada", Vote.Decision.APPROVE, "", run.now().plus(Duration.ofDays(4)));
        assertThat(refusal(run.vote("release", late))).isEqualTo(VoteRefusal.TOO_LATE);
        assertThat(run.approve("release", "ada")).hasSize(1);
        assertThat(run.approve("release", "ada")).isEmpty();
        assertThat(run.phase("release")).isEqualTo(Phase.VOTING);
        run.approve("release", "grace");
        assertThat(run.cause("release")).isEqualTo(Cause.COMPLETED);
    }

    @Test
    void timeNeverGoesBack() {
        run.pass(Duration.ofMinutes(1));
        run.accept("build");
        run.clockSays(Instant.EPOCH);
        run.end("build", Cause.COMMAND_FAILED);
        assertThat(run.last().at()).isEqualTo(Driver.BEGINNING.plus(Duration.ofMinutes(1)));
    }

    @Test
    void aCancelledRunStartsNothingButItsCleanUpAndWaitsForWhatRuns() {
        run.accept("build");
        run.cancel();
        assertThat(run.last().commands())
                .contains(new Command.StopWork("build", 1, Optional.of("service-build"), Cause.CANCELLED));
        assertThat(run.phase("clean-up")).isEqualTo(Phase.PENDING);
        run.end("build", Cause.LOST_WORKER);
        assertThat(run.cause("build")).isEqualTo(Cause.CANCELLED);
        assertThat(run.cause("unit")).isEqualTo(Cause.CANCELLED);
        assertThat(run.run().hasEnded()).isFalse();
        run.succeed("report", "clean-up");
        assertThat(run.run().head().outcome()).contains(Outcome.CANCELLATION);
    }

    @Test
    void whatAlwaysRunsDoesNotOvertakeWorkThatStillRunsBesideAFailure() {
        run.succeed("build");
        run.accept("inspect");
        run.accept("unit");
        run.end("unit", Cause.COMMAND_FAILED);
        assertThat(run.phase("clean-up")).isEqualTo(Phase.PENDING);
        run.cancel();
        assertThat(run.phase("inspect")).isEqualTo(Phase.STOPPING);
        assertThat(run.phase("clean-up")).isEqualTo(Phase.PENDING);
        run.end("inspect", Cause.LOST_WORKER);
        assertThat(run.phase("clean-up")).isEqualTo(Phase.SCHEDULED);
    }

    @Test
    void aStepThatNeverReachedItsProviderIsBegunAgainAndOneThatDidIsGivenUp() {
        upToRelease();
        run.approve("release", "ada");
        run.approve("release", "grace");
        run.grant("go-live", 7);
        run.pass(Duration.ofHours(1));
        assertThat(run.last().commands())
                .contains(new Command.LookAtStep(
                        new Command.BeginStep("go-live", 1, RunEvent.Step.PREPARE, 0, 7, Optional.empty())));
        run.lose("go-live", false);
        assertThat(run.last().commands())
                .contains(new Command.BeginStep("go-live", 2, RunEvent.Step.PREPARE, 0, 7, Optional.empty()));
        run.pass(Duration.ofHours(1));
        run.lose("go-live", true);
        assertThat(run.last().commands())
                .contains(new Command.BeginStep("go-live", 3, RunEvent.Step.ROLL_BACK, 0, 7, Optional.empty()));
    }

    @Test
    void anAlarmIsLookedAtDuringAHoldAndIsRecordedWhenItRings() {
        upToRelease();
        run.approve("release", "ada");
        run.approve("release", "grace");
        run.grant("go-live", 7);
        run.over("go-live", true);
        run.over("go-live", true);
        assertThat(run.phase("go-live")).isEqualTo(Phase.HOLDING);
        assertThat(run.last().commands())
                .contains(new Command.WatchAlarm(
                        "go-live",
                        2,
                        "production",
                        "app-5xx",
                        run.now().plus(Duration.ofMinutes(5)),
                        Duration.ofMinutes(5),
                        Duration.ofMinutes(1)));

        assertThat(run.tell(new Signal.AlarmRang("go-live", 1, "app-5xx"))).isEmpty();
        assertThat(run.tell(new Signal.AlarmRang("go-live", 2, "app-5xx")))
                .containsExactly(
                        new RunEvent.AlarmRang("go-live", "app-5xx"),
                        new RunEvent.StepStarted("go-live", 3, RunEvent.Step.ROLL_BACK, 0));
        assertThat(run.tell(new Signal.AlarmRang("go-live", 2, "app-5xx"))).isEmpty();
        run.over("go-live", true);
        assertThat(run.verdict("go-live")).isEqualTo(Verdict.of(Cause.UNHEALTHY, "alarm 'app-5xx' rings"));
    }

    @Test
    void workThatWasDoneBeforeItWasStoppedHasEndedAsItSays() {
        run.accept("build");
        run.cancel();
        run.end("build", Cause.COMPLETED);
        assertThat(run.cause("build")).isEqualTo(Cause.COMPLETED);
    }

    @Test
    void aFailureIsPassedOnAsASkipAndDecidesTheOutcome() {
        run.end("build", Cause.COMMAND_FAILED);
        assertThat(run.verdict("go-live").outcome()).isEqualTo(Outcome.SKIP);
        run.succeed("report");
        run.end("clean-up", Cause.LOST_WORKER);
        assertThat(run.run().head().outcome()).contains(Outcome.FAILURE);
    }

    @Test
    void aCanaryIsHeldAndCarriesTheProvidersTagFromStepToStep() {
        upToRelease();
        run.approve("release", "ada");
        run.approve("release", "grace");
        run.grant("go-live", 7);
        run.over("go-live", true);
        assertThat(run.last().commands())
                .contains(new Command.BeginStep("go-live", 2, RunEvent.Step.SHIFT, 10, 7, Optional.of("tag-1")));
        run.over("go-live", true);
        assertThat(run.phase("go-live")).isEqualTo(Phase.HOLDING);
        assertThat(run.pass(Duration.ofMinutes(4))).isEmpty();
        run.pass(Duration.ofMinutes(1));
        assertThat(run.slot("go-live").rollout().orElseThrow().step()).contains(RunEvent.Step.CHECK);
    }

    @Test
    void aRollbackThatFailsIsAnErrorThatSaysBoth() {
        upToRelease();
        run.approve("release", "ada");
        run.approve("release", "grace");
        run.grant("go-live", 7);
        run.over("go-live", false);
        run.over("go-live", false);
        assertThat(run.verdict("go-live").cause()).isEqualTo(Cause.DEPLOYMENT_FAILED);
        assertThat(run.verdict("go-live").detail()).contains("and the rollback failed");
    }

    @Test
    void aSkippedStageLetsThoseGoOnThatOnlyComeAfterItAndNotThoseThatReadFromIt() {
        run.skip("build", "ada");
        run.end("build", Cause.LOST_WORKER);
        assertThat(run.verdict("build").detail()).isEqualTo("skipped by ada: not today");
        assertThat(run.cause("unit")).isEqualTo(Cause.SKIPPED);
        assertThat(run.phase("release")).isEqualTo(Phase.VOTING);
        run.approve("release", "ada");
        run.approve("release", "grace");
        assertThat(run.cause("go-live")).isEqualTo(Cause.SKIPPED);
    }

    @Test
    void aStageToBeSkippedIsNotTriedAgainAndWhatItStillAchievesCounts() {
        run.skip("build", "ada");
        assertThat(run.skip("build", "grace")).isEmpty();
        assertThat(run.tell(new Signal.WorkFinished("build", 1, Verdict.of(Cause.TIMED_OUT, ""))))
                .hasSizeGreaterThan(1);
        assertThat(run.cause("build")).isEqualTo(Cause.SKIPPED);
    }

    @Test
    void aSkipDoesNotHideThatWhatTheStageNeedsFailed() {
        run.skip("unit", "ada");
        run.end("build", Cause.COMMAND_FAILED);
        assertThat(run.cause("unit")).isEqualTo(Cause.NEEDS_UNMET);
    }

    @Test
    void anApprovalIsSkippedOnlyByWhoeverWouldGiveTheLastVoteThatItNeeds() {
        assertThat(run.skip("release", "ada")).isEmpty();
        upToRelease();
        assertThat(run.skip("release", "mallory")).isEmpty();
        assertThat(run.skip("release", "ada")).isEmpty();
        run.approve("release", "ada");
        assertThat(run.skip("release", "ada")).isEmpty();
        run.skip("release", "grace");
        assertThat(run.cause("release")).isEqualTo(Cause.SKIPPED);
        assertThat(run.phase("go-live")).isEqualTo(Phase.ASKING);
    }

    @Test
    void aDeploymentThatIsUnderWayAndARunThatIsToEndHaveNothingToSkip() {
        run.succeed("build", "unit", "inspect");
        run.grant("deploy-staging", 1);
        assertThat(run.skip("deploy-staging", "ada")).isEmpty();
        run.cancel();
        assertThat(run.skip("release", "ada")).isEmpty();
        assertThat(run.skip("clean-up", "ada")).isNotEmpty();
    }
}
