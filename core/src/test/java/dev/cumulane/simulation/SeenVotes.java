// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.simulation;

import dev.cumulane.internal.machine.Phase;
import dev.cumulane.internal.machine.StageSlot;
import dev.cumulane.pipeline.Approvers;
import dev.cumulane.pipeline.Stage;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.Vote;
import java.time.Instant;
import java.util.List;

/** The rules that the votes of a run must keep. */
final class SeenVotes {
    private final Invariants all;
    private final SeenRun run;

    SeenVotes(Invariants all, SeenRun run) {
        this.all = all;
        this.run = run;
    }

    /** A vote that counts is of an approver, in time, on what they saw, and the first of its kind. */
    void counted(RunEvent.VoteCounted counted, Instant at) {
        String name = counted.stage();
        Vote vote = counted.vote();
        StageSlot slot = run.progress().slot(name).orElseThrow();
        Approvers approvers =
                ((Stage.Approval) run.plan().stage(run.plan().graph().number(name))).approvers();
        run.check("I5", slot.phase() == Phase.VOTING, "a vote on %s in %s", name, slot.phase());
        run.check("I5", approvers.anyOf().contains(vote.by()), "a vote of %s", vote.by());
        run.check("I5", !vote.at().isAfter(slot.deadline().orElseThrow()), "a late vote of %s at %s", vote.by(), at);
        run.check("I5", all.wasCast(run.id(), name, vote), "a vote that nobody cast: %s", vote);
        run.check("I5", !vote.comment().equals(Simulation.MISTAKEN), "a vote on something else: %s", vote);
        run.check(
                "I5",
                slot.ballot().orElseThrow().votes().stream()
                        .noneMatch(one -> one.by().equals(vote.by()) && one.decision() == vote.decision()),
                "%s counts twice",
                vote.by());
    }

    /** A vote is refused for a reason that is true, and said once. */
    void refused(RunEvent.VoteRefused refused) {
        StageSlot slot = run.progress().slot(refused.stage()).orElseThrow();
        Vote vote = refused.vote();
        List<StageSlot.Refused> earlier = slot.ballot().orElseThrow().refused();
        run.check("I5", slot.phase() == Phase.VOTING, "a refused vote on %s in %s", refused.stage(), slot.phase());
        run.check("I5", all.wasCast(run.id(), refused.stage(), vote), "a refused vote that nobody cast: %s", vote);
        run.check("I5", earlier.size() < RunEvent.MOST_REFUSED_VOTES, "%d refused votes", earlier.size() + 1);
        run.check(
                "I5",
                !earlier.contains(new StageSlot.Refused(vote.by(), vote.decision(), refused.why())),
                "refused twice: %s",
                refused);
        boolean isTrue = switch (refused.why()) {
            case NOT_AN_APPROVER -> vote.by().equals(Simulation.STRANGER);
            case ANOTHER_SUBJECT -> vote.comment().equals(Simulation.MISTAKEN);
            case TOO_LATE -> vote.at().isAfter(slot.deadline().orElseThrow());
            case OWN_REQUEST, WITHOUT_COMMENT -> false;
        };
        run.check("I5", isTrue, "not the truth: %s", refused);
    }
}
