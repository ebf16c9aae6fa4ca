// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.shell;

import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.SignalEnvelope;
import dev.cumulane.cloud.StreamId;
import dev.cumulane.internal.codec.Coding;
import dev.cumulane.internal.machine.Ballots;
import dev.cumulane.internal.machine.Phase;
import dev.cumulane.internal.machine.RunProgress;
import dev.cumulane.internal.machine.Signal;
import dev.cumulane.internal.machine.Skips;
import dev.cumulane.internal.machine.StageSlot;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.pipeline.Stage;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.RunId;
import dev.cumulane.run.Verdict;
import dev.cumulane.run.Vote;
import dev.cumulane.run.Voter;
import java.util.List;
import java.util.Optional;

/** What people want of a run that goes on. What can be told to them at once is checked here; the machine decides when the signal arrives. */
final class Wishes {
    private final Cloud cloud;
    private final Coding coding;
    private final Queries queries;

    Wishes(Cloud cloud, Coding coding, Queries queries) {
        this.cloud = cloud;
        this.coding = coding;
        this.queries = queries;
    }

    /** A vote that was checked: what goes to the machine, and what its voter is told if it does not count. */
    private record Checked(Signal.VoteCast vote, Optional<String> refusal) {}

    /** Casts a vote. One that does not count while the approval waits goes to the machine all the same, which records it. */
    void vote(RunId run, String stage, Voter by, Vote.Decision decision, String comment) {
        Vote vote = new Vote(
                by.name(), decision, masked(run, comment), cloud.clock().instant(), by.via());
        Checked checked = queries.existing(run, progress -> check(progress, stage, vote, by.seen()));
        send(run, "vote/" + stage, checked.vote());
        checked.refusal().ifPresent(why -> {
            throw new IllegalArgumentException(why);
        });
    }

    private static Checked check(RunProgress progress, String name, Vote vote, Optional<Digest> seen) {
        int number = progress.number(name);
        if (number < 0 || !(progress.stage(number) instanceof Stage.Approval approval)) {
            List<String> approvals = progress.plan().plan().stages().stream()
                    .filter(Stage.Approval.class::isInstance)
                    .map(Stage::name)
                    .toList();
            throw new IllegalArgumentException(
                    "run " + progress.run() + " has no approval '" + name.replaceAll("\\p{Cntrl}", "?") + "'; it has: "
                            + (approvals.isEmpty() ? "none" : String.join(", ", approvals)));
        }
        Optional<String> refusal = Ballots.refusal(progress, approval, vote.by())
                .map(why -> "'" + vote.by() + "' may not vote on '" + name + "'" + why);
        StageSlot slot = progress.slot(number);
        Optional<String> closed = closed(slot, vote, "'" + name + "' of run " + progress.run());
        if (closed.isPresent()) {
            throw refusal.<RuntimeException>map(IllegalArgumentException::new)
                    .orElseGet(() -> new IllegalStateException(closed.get()));
        }
        Digest subject = slot.ballot().orElseThrow().subject();
        if (refusal.isEmpty() && !seen.orElse(subject).equals(subject)) {
            refusal = Optional.of("the vote on '" + name + "' is for something else than what is to be decided now");
        }
        if (refusal.isEmpty()
                && approval.rules().contains(Stage.VotingRule.COMMENTED)
                && vote.comment().isBlank()) {
            refusal = Optional.of("a vote on '" + name + "' needs a comment that says why");
        }
        return new Checked(new Signal.VoteCast(name, vote, seen.orElse(subject)), refusal);
    }

    /** Why an approval takes no vote now, if it takes none. */
    private static Optional<String> closed(StageSlot slot, Vote vote, String approval) {
        if (slot.phase() == Phase.FINISHED) {
            Verdict verdict = slot.verdict().orElseThrow();
            return Optional.of(
                    approval + " takes no votes any more: it ended in " + verdict.outcome() + ", " + verdict.detail());
        }
        if (slot.phase() != Phase.VOTING) {
            return Optional.of(approval + " takes no votes yet: stages before it have not ended");
        }
        return slot.deadline()
                .filter(deadline -> vote.at().isAfter(deadline))
                .map(deadline -> "the vote on " + approval + " is too late: it expired at " + deadline);
    }

    /** Asks to cancel a run. */
    void cancel(RunId run, String by, String reason) {
        RunEvent.CancellationRequested wanted = new RunEvent.CancellationRequested(by, masked(run, reason));
        Optional<Outcome> outcome =
                queries.existing(run, progress -> progress.head().outcome());
        if (outcome.isPresent()) {
            throw new IllegalStateException(
                    "run " + run + " has ended in " + outcome.get() + " and cannot be cancelled");
        }
        byte[] bytes = coding.bytes(new Signal.CancelRequested(wanted.by(), wanted.reason()));
        cloud.signals().send(new SignalEnvelope("cancel", StreamId.of(run), bytes));
    }

    /** Asks to skip a stage. */
    void skip(RunId run, String stage, String by, String reason) {
        RunEvent.SkipRequested wanted = new RunEvent.SkipRequested(stage, by, masked(run, reason));
        Optional<String> refusal = queries.existing(run, progress -> {
            int number = progress.number(stage);
            if (number < 0) {
                throw new IllegalArgumentException(
                        "run " + run + " has no stage '" + stage.replaceAll("\\p{Cntrl}", "?") + "'; it has: "
                                + String.join(", ", progress.plan().graph().keys()));
            }
            return Skips.refusal(progress, number, by, wanted.reason());
        });
        if (refusal.isPresent()) {
            throw new IllegalStateException("'" + stage + "' of run " + run + " cannot be skipped: " + refusal.get());
        }
        send(run, "skip/" + stage, new Signal.SkipAsked(wanted.stage(), wanted.by(), wanted.reason()));
    }

    /** What people write, without the secrets of the run's stages that they may have pasted into it. */
    private String masked(RunId run, String text) {
        if (text.isEmpty()) {
            return text;
        }
        List<String> references = queries.existing(
                run,
                progress -> progress.plan().plan().stages().stream()
                        .flatMap(stage -> Results.secrets(stage).stream())
                        .distinct()
                        .toList());
        return cloud.secrets().redactor(references).redact(text);
    }

    /** All of a wish is in its id: two votes of one moment are two signals. */
    private void send(RunId run, String id, Signal signal) {
        byte[] bytes = coding.bytes(signal);
        cloud.signals().send(new SignalEnvelope(id + "/" + Digest.of(bytes).hex(), StreamId.of(run), bytes));
    }
}
