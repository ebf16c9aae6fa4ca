// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

import dev.cumulane.pipeline.Stage;
import dev.cumulane.run.Cause;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.Vote;
import java.util.Optional;

/**
 * The rules by which a person skips a stage. A stage whose turn has not come is skipped when it comes, if what it needs went well; so nothing goes on because of a skip
 * that would not have gone on after a success.
 */
public final class Skips {
    private Skips() {}

    /** What a wish to skip a stage changes; empty for other events. */
    static Optional<Change> fold(RunProgress run, RunEvent event) {
        if (event instanceof RunEvent.SkipRequested skip) {
            int stage = run.known(skip.stage());
            return Change.of(stage, run.slot(stage).with(new StageSlot.Skip(skip.by(), skip.reason())));
        }
        return Optional.empty();
    }

    /**
     * Why this person cannot skip this stage now.
     *
     * @return for people; empty if it can be skipped
     */
    public static Optional<String> refusal(RunProgress run, int stage, String by, String reason) {
        StageSlot slot = run.slot(stage);
        if (run.mustEnd(stage)) {
            return Optional.of(run.whyEnding(stage));
        }
        if (slot.phase() == Phase.FINISHED) {
            return Optional.of("it ended in " + slot.verdict().orElseThrow().outcome());
        }
        if (run.stage(stage) instanceof Stage.Group) {
            return Optional.of("a group has nothing of its own to skip; skip its stages");
        }
        if (slot.phase() == Phase.FANNED_OUT) {
            return Optional.of("it has fanned out and has nothing of its own to skip; skip its cells");
        }
        if (slot.rollout().isPresent() && slot.phase() != Phase.ASKING) {
            return Optional.of("the deployment is under way; cancel the run to roll it back");
        }
        if (run.stage(stage) instanceof Stage.Approval approval) {
            if (approval.rules().contains(Stage.VotingRule.COMMENTED) && reason.isBlank()) {
                return Optional.of("it takes no vote without a comment, and so no skip without a reason");
            }
            return slot.phase() != Phase.VOTING
                    ? Optional.of("an approval can be skipped only while it asks for votes")
                    : couldApprove(run, approval, slot, by)
                            ? Optional.empty()
                            : Optional.of(
                                    "an approval can be skipped only by somebody whose vote would be the last that "
                                            + "it needs");
        }
        return Optional.empty();
    }

    private static boolean couldApprove(RunProgress run, Stage.Approval approval, StageSlot slot, String by) {
        long others = slot.ballot().orElseThrow().votes().stream()
                .map(Vote::by)
                .filter(voter -> !voter.equals(by))
                .distinct()
                .count();
        return Ballots.refusal(run, approval, by).isEmpty()
                && others + 1 >= approval.approvers().quorum();
    }

    /** What waits ends at once; what has not begun, or has been told to stop, when it does. */
    static void note(Step step, int stage, Optional<Signal.ToStage> signal) {
        Signal.SkipAsked asked = (Signal.SkipAsked) signal.orElseThrow();
        if (step.run().slot(stage).skip().isEmpty()
                && refusal(step.run(), stage, asked.by(), asked.reason()).isEmpty()
                && !isTooLate(step, stage)) {
            step.emit(stage, new RunEvent.SkipRequested(step.name(stage), asked.by(), asked.reason()));
        }
    }

    /** As a vote would be: an approval that has expired has ended, even if nobody has noticed. */
    private static boolean isTooLate(Step step, int stage) {
        StageSlot slot = step.run().slot(stage);
        return slot.phase() == Phase.VOTING && step.at().isAfter(slot.deadline().orElseThrow());
    }

    static void end(Step step, int stage, Optional<Signal.ToStage> signal) {
        note(step, stage, signal);
        step.run().slot(stage).skip().ifPresent(skip -> step.finish(stage, skip.verdict()));
    }

    static void stop(Step step, int stage, Optional<Signal.ToStage> signal) {
        note(step, stage, signal);
        if (step.run().slot(stage).skip().isPresent()) {
            Attempts.stop(step, stage, Cause.SKIPPED);
        }
    }
}
