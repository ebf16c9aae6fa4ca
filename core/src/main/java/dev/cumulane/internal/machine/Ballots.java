// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

import dev.cumulane.pipeline.Approvers;
import dev.cumulane.pipeline.Stage;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Lineage;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.SourceEvent;
import dev.cumulane.run.Verdict;
import dev.cumulane.run.Vote;
import dev.cumulane.run.VoteRefusal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The rules of approvals. */
public final class Ballots {
    private Ballots() {}

    /** What an event of an approval changes; empty for other events. */
    static Optional<Change> fold(RunProgress run, RunEvent event, Instant at) {
        if (event instanceof RunEvent.ApprovalRequested asked) {
            int stage = run.known(asked.stage());
            StageSlot.Ballot ballot = new StageSlot.Ballot(asked.subject(), asked.artifacts(), List.of(), List.of());
            return Change.of(stage, run.slot(stage).begun(at).with(ballot).in(Phase.VOTING, asked.expiresAt()));
        }
        if (event instanceof RunEvent.VoteCounted counted) {
            int stage = run.known(counted.stage());
            StageSlot slot = run.slot(stage);
            return Change.of(stage, slot.with(slot.ballot().orElseThrow().and(counted.vote())));
        }
        if (event instanceof RunEvent.VoteRefused refused) {
            int stage = run.known(refused.stage());
            StageSlot slot = run.slot(stage);
            return Change.of(stage, slot.with(slot.ballot().orElseThrow().and(remembered(refused))));
        }
        return Optional.empty();
    }

    static void vote(Step step, int stage, Optional<Signal.ToStage> signal) {
        Signal.VoteCast cast = (Signal.VoteCast) signal.orElseThrow();
        Stage.Approval approval = (Stage.Approval) step.run().stage(stage);
        Approvers approvers = approval.approvers();
        StageSlot slot = step.run().slot(stage);
        StageSlot.Ballot ballot = slot.ballot().orElseThrow();
        Vote vote = cast.vote();
        Optional<VoteRefusal> refusal = refusal(step.run(), approval, slot, cast);
        if (refusal.isPresent()) {
            refuse(step, stage, ballot, vote, refusal.get());
            return;
        }
        boolean isRepeated = ballot.votes().stream()
                .anyMatch(earlier -> earlier.by().equals(vote.by()) && earlier.decision() == vote.decision());
        if (isRepeated) {
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

    private static void refuse(Step step, int stage, StageSlot.Ballot ballot, Vote vote, VoteRefusal why) {
        RunEvent.VoteRefused event = new RunEvent.VoteRefused(step.name(stage), vote, why);
        if (ballot.refused().size() < RunEvent.MOST_REFUSED_VOTES
                && !ballot.refused().contains(remembered(event))) {
            step.emit(stage, event);
        }
    }

    private static StageSlot.Refused remembered(RunEvent.VoteRefused event) {
        return new StageSlot.Refused(event.vote().by(), event.vote().decision(), event.why());
    }

    /** Why a vote on an approval that is being voted on does not count, if it does not. */
    private static Optional<VoteRefusal> refusal(
            RunProgress run, Stage.Approval approval, StageSlot slot, Signal.VoteCast cast) {
        Vote vote = cast.vote();
        if (!approval.approvers().anyOf().contains(vote.by())) {
            return Optional.of(VoteRefusal.NOT_AN_APPROVER);
        }
        if (!voters(run, approval).contains(vote.by())) {
            return Optional.of(VoteRefusal.OWN_REQUEST);
        }
        if (!cast.subject().equals(slot.ballot().orElseThrow().subject())) {
            return Optional.of(VoteRefusal.ANOTHER_SUBJECT);
        }
        if (vote.at().isAfter(slot.deadline().orElseThrow())) {
            return Optional.of(VoteRefusal.TOO_LATE);
        }
        return approval.rules().contains(Stage.VotingRule.COMMENTED)
                        && vote.comment().isBlank()
                ? Optional.of(VoteRefusal.WITHOUT_COMMENT)
                : Optional.empty();
    }

    static void expire(Step step, int stage, Optional<Signal.ToStage> signal) {
        Stage.Approval approval = (Stage.Approval) step.run().stage(stage);
        step.finish(
                stage,
                approval.rules().contains(Stage.VotingRule.SILENCE_APPROVES)
                        ? Verdict.of(Cause.COMPLETED, "approved: nobody rejected it within " + approval.expiresAfter())
                        : Verdict.of(Cause.EXPIRED, "nobody decided within " + approval.expiresAfter()));
    }

    /**
     * Why somebody may not vote.
     *
     * @return the rest of a sentence for people; empty if they may
     */
    public static Optional<String> refusal(RunProgress run, Stage.Approval approval, String by) {
        List<String> may = voters(run, approval);
        if (may.contains(by)) {
            return Optional.empty();
        }
        String those = "; these may: " + (may.isEmpty() ? "nobody" : String.join(", ", may));
        return Optional.of(
                approval.approvers().anyOf().contains(by)
                        ? ", since nobody decides on what they asked for themselves" + those
                        : those);
    }

    /** Who may vote. */
    public static List<String> voters(RunProgress run, Stage.Approval approval) {
        if (!approval.rules().contains(Stage.VotingRule.NOT_BY_AUTHOR)) {
            return approval.approvers().anyOf();
        }
        if (isAuthorUnknown(run)) {
            return List.of();
        }
        List<String> authors = authors(run);
        return approval.approvers().anyOf().stream()
                .filter(one -> authors.stream().noneMatch(one::equalsIgnoreCase))
                .toList();
    }

    /** Who is behind a run: behind what it runs for, and who asked for it once more. */
    public static List<String> authors(RunProgress run) {
        List<String> authors = new ArrayList<>(run.source().authors());
        authors.addAll(repeaters(run));
        return authors.stream().distinct().toList();
    }

    /** Who asked for a run once more, or for what it is a part of. */
    public static List<String> repeaters(RunProgress run) {
        return run.head()
                .started()
                .flatMap(RunEvent.RunStarted::lineage)
                .map(Lineage::repeaters)
                .orElse(List.of());
    }

    /** Anybody may be who pushed. The author of a commit does not help: Git believes whatever name its writer gives. */
    private static boolean isAuthorUnknown(RunProgress run) {
        return run.source().authors().contains(SourceEvent.UNKNOWN);
    }

    /** Why an approval can never be given, if it cannot. */
    static Optional<Verdict> hopeless(RunProgress run, Stage.Approval approval) {
        List<String> may = voters(run, approval);
        if (may.size() >= approval.approvers().quorum()) {
            return Optional.empty();
        }
        return Optional.of(Verdict.of(
                Cause.REJECTED,
                isAuthorUnknown(run)
                        ? "nobody knows who pushed, so it could be anyone of "
                                + String.join(", ", approval.approvers().anyOf())
                                + "; start the run again by hand, or push again"
                        : "it takes " + approval.approvers().quorum() + " votes, and without "
                                + String.join(" and ", authors(run)) + ", who asked for the run, only " + may.size()
                                + " may vote"));
    }
}
