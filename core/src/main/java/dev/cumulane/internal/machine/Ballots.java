// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

import dev.cumulane.pipeline.Approvers;
import dev.cumulane.pipeline.Stage;
import dev.cumulane.run.Cause;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.Verdict;
import dev.cumulane.run.Vote;
import java.util.List;
import java.util.Optional;

/** The rules of approvals. */
final class Ballots {
    private Ballots() {}

    static void vote(Step step, int stage, Optional<Signal.ToStage> signal) {
        Signal.VoteCast cast = (Signal.VoteCast) signal.orElseThrow();
        Approvers approvers = ((Stage.Approval) step.run().stage(stage)).approvers();
        StageSlot slot = step.run().slot(stage);
        StageSlot.Ballot ballot = slot.ballot().orElseThrow();
        Vote vote = cast.vote();
        boolean counts = approvers.anyOf().contains(vote.by())
                && cast.subject().equals(ballot.subject())
                && !vote.at().isAfter(slot.deadline().orElseThrow())
                && ballot.votes().stream()
                        .noneMatch(earlier -> earlier.by().equals(vote.by()) && earlier.decision() == vote.decision());
        if (!counts) {
            return;
        }
        step.emit(stage, new RunEvent.VoteCounted(step.name(stage), vote));
        String comment = vote.comment().isEmpty() ? "" : ": " + vote.comment();
        if (vote.decision() == Vote.Decision.REJECT) {
            step.finish(stage, Verdict.of(Cause.REJECTED, "rejected by " + vote.by() + comment));
            return;
        }
        List<String> inFavour = step.run().slot(stage).ballot().orElseThrow().votes().stream()
                .map(Vote::by)
                .distinct()
                .toList();
        if (inFavour.size() >= approvers.quorum()) {
            step.finish(stage, Verdict.of(Cause.COMPLETED, "approved by " + String.join(", ", inFavour) + comment));
        }
    }

    static void expire(Step step, int stage, Optional<Signal.ToStage> signal) {
        Stage.Approval approval = (Stage.Approval) step.run().stage(stage);
        step.finish(stage, Verdict.of(Cause.EXPIRED, "nobody decided within " + approval.expiresAfter()));
    }
}
