// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

import com.google.common.primitives.ImmutableIntArray;
import dev.cumulane.pipeline.Approvers;
import dev.cumulane.pipeline.Artifact;
import dev.cumulane.pipeline.Input;
import dev.cumulane.pipeline.Limits;
import dev.cumulane.pipeline.Retry;
import dev.cumulane.pipeline.Stage;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.Produced;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.Verdict;
import dev.cumulane.run.Vote;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/** One step of the machine while it is being decided: the rules that the {@link Table} names. */
final class Step {
    private static final int MOST_NAMED = 100;

    private final RunProgress run;
    private final Instant at;
    private final List<RunEvent> events = new ArrayList<>();
    private final SortedSet<Integer> touched = new TreeSet<>();
    private final BiConsumer<Table.Row, Phase> taken;
    private int weight;

    Step(RunProgress run, Instant at, BiConsumer<Table.Row, Phase> taken) {
        this.run = run;
        this.at = at;
        this.taken = taken;
    }

    List<RunEvent> events() {
        return events;
    }

    SortedSet<Integer> touched() {
        return touched;
    }

    /** Whether another stage's opening still fits into the record. */
    boolean hasRoom() {
        return weight + Weight.OPENING <= Weight.MOST;
    }

    /** Applies the table's row, if there is one. */
    void apply(int stage, Cue cue, Optional<Signal.ToStage> signal) {
        Optional<Table.Row> row = Table.row(run.slot(stage).phase(), cue);
        int before = events.size();
        row.ifPresent(one -> one.rule().apply(this, stage, signal));
        if (events.size() > before) {
            taken.accept(row.orElseThrow(), run.slot(stage).phase());
        }
    }

    void emit(RunEvent event) {
        run.fold(event, at);
        events.add(event);
        weight += Weight.of(event);
    }

    private void emit(int stage, RunEvent event) {
        touched.add(stage);
        emit(event);
    }

    private String name(int stage) {
        return run.plan().graph().key(stage);
    }

    // Opening

    void open(int stage, Optional<Signal.ToStage> signal) {
        if (run.isCancelled() && !run.isAlways(stage)) {
            endCancelled(stage, signal);
            return;
        }
        Optional<String> unmet = run.isAlways(stage) ? Optional.empty() : unmet(stage);
        if (unmet.isPresent()) {
            finish(stage, Verdict.of(Cause.NEEDS_UNMET, unmet.get()));
            return;
        }
        Stage what = run.plan().stage(stage);
        if (what instanceof Stage.Approval approval) {
            List<Produced> artifacts = decidedOn(stage);
            // The digest is of all of them, however many are named.
            List<Produced> named = artifacts.subList(0, Math.min(artifacts.size(), MOST_NAMED));
            emit(
                    stage,
                    new RunEvent.ApprovalRequested(
                            what.name(), at.plus(approval.expiresAfter()), run.subject(artifacts), named));
        } else if (what instanceof Stage.Deploy deploy) {
            openDeployment(stage, deploy);
        } else {
            emit(stage, new RunEvent.StageScheduled(what.name(), 1));
        }
    }

    private void openDeployment(int stage, Stage.Deploy deploy) {
        if (produced(deploy.delivery().artifact()).isEmpty()) {
            Artifact artifact = deploy.delivery().artifact();
            finish(
                    stage,
                    Verdict.of(
                            Cause.NEEDS_UNMET,
                            "artifact '" + artifact.name() + "' of stage '" + artifact.stage() + "' was not written"));
            return;
        }
        emit(
                stage,
                new RunEvent.EnvironmentAsked(
                        deploy.name(), deploy.delivery().environment().name()));
    }

    private Optional<String> unmet(int stage) {
        ImmutableIntArray before = run.plan().graph().before(stage);
        for (int i = 0; i < before.length(); i++) {
            Optional<Verdict> verdict = run.slot(before.get(i)).verdict();
            if (verdict.isPresent() && verdict.get().outcome() != Outcome.SUCCESS) {
                return Optional.of("'" + name(before.get(i)) + "' ended in "
                        + verdict.get().outcome());
            }
        }
        return Optional.empty();
    }

    private Optional<Produced> produced(Artifact artifact) {
        return run.slot(artifact.stage())
                .flatMap(StageSlot::verdict)
                .flatMap(verdict -> verdict.artifacts().stream()
                        .filter(one -> one.name().equals(artifact.name()))
                        .findFirst());
    }

    /** The artifacts that stages right behind an approval read: what goes on when it is given. */
    private List<Produced> decidedOn(int stage) {
        Set<Produced> artifacts = new LinkedHashSet<>();
        ImmutableIntArray behind = run.plan().graph().behind(stage);
        for (int i = 0; i < behind.length(); i++) {
            for (Input input : run.plan().stage(behind.get(i)).needs().reads()) {
                if (input instanceof Artifact artifact) {
                    produced(artifact).ifPresent(artifacts::add);
                }
            }
        }
        return List.copyOf(artifacts);
    }

    // Work

    void accept(int stage, Optional<Signal.ToStage> signal) {
        Signal.WorkAccepted accepted = (Signal.WorkAccepted) signal.orElseThrow();
        StageSlot slot = run.slot(stage);
        boolean isKnown = slot.work().flatMap(StageSlot.Work::service).isPresent();
        if (accepted.attempt() == slot.attempt() && !isKnown) {
            emit(stage, new RunEvent.WorkStarted(name(stage), accepted.attempt(), accepted.service()));
        }
    }

    void refuse(int stage, Optional<Signal.ToStage> signal) {
        Signal.WorkRefused refused = (Signal.WorkRefused) signal.orElseThrow();
        if (refused.attempt() == run.slot(stage).attempt()) {
            endAttempt(stage, Verdict.of(Cause.REFUSED, refused.detail()));
        }
    }

    void finishAttempt(int stage, Optional<Signal.ToStage> signal) {
        Signal.WorkFinished finished = (Signal.WorkFinished) signal.orElseThrow();
        StageSlot slot = run.slot(stage);
        if (finished.attempt() != slot.attempt()) {
            return;
        }
        Optional<Cause> stopping = slot.work().flatMap(StageSlot.Work::stopping);
        // Work that left no result after it was told to stop has ended for the reason for which it was stopped. Work
        // that left one has ended as it says.
        boolean wasStopped = stopping.isPresent() && finished.verdict().cause() == Cause.LOST_WORKER;
        endAttempt(stage, wasStopped ? Verdict.of(stopping.get(), stopped(stage, stopping.get())) : finished.verdict());
    }

    private String stopped(int stage, Cause why) {
        if (why == Cause.TIMED_OUT) {
            return "stopped at its time limit of " + limits(stage).within();
        }
        return why == Cause.CANCELLED
                ? "stopped, since the run was cancelled"
                : "no service started it within " + RunProgress.LONGEST_QUEUE;
    }

    private void endAttempt(int stage, Verdict verdict) {
        int attempt = run.slot(stage).attempt();
        Retry retry = limits(stage).retry();
        boolean again = attempt <= retry.times()
                && retry.after().contains(reason(verdict))
                && verdict.cause() != Cause.COMPLETED;
        if (again && (!run.isCancelled() || run.isAlways(stage))) {
            emit(stage, new RunEvent.AttemptFinished(name(stage), attempt, verdict));
            emit(stage, new RunEvent.StageScheduled(name(stage), attempt + 1));
        } else {
            finish(stage, verdict);
        }
    }

    private static Retry.On reason(Verdict verdict) {
        if (verdict.cause() == Cause.LOST_WORKER) {
            return Retry.On.LOST_WORKER;
        }
        return switch (verdict.outcome()) {
            case FAILURE -> Retry.On.FAILURE;
            case TIMEOUT -> Retry.On.TIMEOUT;
            default -> Retry.On.ERROR;
        };
    }

    private Limits limits(int stage) {
        Stage what = run.plan().stage(stage);
        if (what instanceof Stage.Build build) {
            return build.limits();
        }
        if (what instanceof Stage.Test test) {
            return test.limits();
        }
        if (what instanceof Stage.Function function) {
            return function.limits();
        }
        throw new IllegalStateException("stage '" + what.name() + "' has no attempts");
    }

    void stopUnstarted(int stage, Optional<Signal.ToStage> signal) {
        stop(stage, Cause.REFUSED);
    }

    void stopLate(int stage, Optional<Signal.ToStage> signal) {
        stop(stage, Cause.TIMED_OUT);
    }

    void stopCancelled(int stage, Optional<Signal.ToStage> signal) {
        stop(stage, Cause.CANCELLED);
    }

    private void stop(int stage, Cause why) {
        emit(stage, new RunEvent.StopRequested(name(stage), run.slot(stage).attempt(), why));
    }

    // Approvals

    void vote(int stage, Optional<Signal.ToStage> signal) {
        Signal.VoteCast cast = (Signal.VoteCast) signal.orElseThrow();
        Approvers approvers = ((Stage.Approval) run.plan().stage(stage)).approvers();
        StageSlot slot = run.slot(stage);
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
        emit(stage, new RunEvent.VoteCounted(name(stage), vote));
        String comment = vote.comment().isEmpty() ? "" : ": " + vote.comment();
        if (vote.decision() == Vote.Decision.REJECT) {
            finish(stage, Verdict.of(Cause.REJECTED, "rejected by " + vote.by() + comment));
            return;
        }
        List<String> inFavour = run.slot(stage).ballot().orElseThrow().votes().stream()
                .map(Vote::by)
                .distinct()
                .toList();
        if (inFavour.size() >= approvers.quorum()) {
            finish(stage, Verdict.of(Cause.COMPLETED, "approved by " + String.join(", ", inFavour) + comment));
        }
    }

    void expire(int stage, Optional<Signal.ToStage> signal) {
        Stage.Approval approval = (Stage.Approval) run.plan().stage(stage);
        finish(stage, Verdict.of(Cause.EXPIRED, "nobody decided within " + approval.expiresAfter()));
    }

    // Deployments

    void enter(int stage, Optional<Signal.ToStage> signal) {
        Signal.Granted granted = (Signal.Granted) signal.orElseThrow();
        Stage.Deploy deploy = (Stage.Deploy) run.plan().stage(stage);
        emit(
                stage,
                new RunEvent.EnvironmentGranted(
                        deploy.name(), deploy.delivery().environment().name(), granted.fence()));
        startStep(stage, script(stage).get(0));
    }

    void giveUpAsking(int stage, Optional<Signal.ToStage> signal) {
        finish(
                stage,
                Verdict.of(
                        Cause.TIMED_OUT, "the environment did not become free within " + RunProgress.LONGEST_ASKING));
    }

    void finishStep(int stage, Optional<Signal.ToStage> signal) {
        Signal.StepOver over = (Signal.StepOver) signal.orElseThrow();
        if (over.index() == rolling(stage).index()) {
            endStep(
                    stage,
                    new RunEvent.StepFinished(
                            name(stage),
                            over.index(),
                            over.succeeded(),
                            over.detail(),
                            over.version(),
                            over.address()));
        }
    }

    void loseStep(int stage, Optional<Signal.ToStage> signal) {
        Stage.Deploy deploy = (Stage.Deploy) run.plan().stage(stage);
        String detail = "step " + rolling(stage).step().orElseThrow() + " did not end within "
                + deploy.limits().within();
        endStep(
                stage,
                new RunEvent.StepFinished(
                        name(stage), rolling(stage).index(), false, detail, Optional.empty(), Optional.empty()));
    }

    private void endStep(int stage, RunEvent.StepFinished finished) {
        boolean wasRollback = rolling(stage).isRollingBack();
        emit(stage, finished);
        StageSlot.Rolling now = rolling(stage);
        if (wasRollback) {
            Verdict why = now.failed().orElseThrow();
            finish(
                    stage,
                    finished.succeeded()
                            ? why
                            : Verdict.of(
                                    Cause.DEPLOYMENT_FAILED,
                                    why.detail() + "; and the rollback failed: " + finished.detail()));
        } else if (!finished.succeeded()) {
            rollBack(stage);
        } else if (now.done() == script(stage).size()) {
            finish(stage, new Verdict(Cause.COMPLETED, "", List.of(), Optional.empty(), now.address()));
        } else if (run.isCancelled() && !run.isAlways(stage)) {
            rollBackCancelled(stage, Optional.empty());
        } else {
            Script next = script(stage).get(now.done());
            if (next.hold().isZero()) {
                startStep(stage, next);
            } else {
                emit(stage, new RunEvent.HoldStarted(name(stage), at.plus(next.hold())));
            }
        }
    }

    void nextStep(int stage, Optional<Signal.ToStage> signal) {
        startStep(stage, script(stage).get(rolling(stage).done()));
    }

    void rollBackCancelled(int stage, Optional<Signal.ToStage> signal) {
        rollBack(stage);
    }

    private void rollBack(int stage) {
        emit(stage, new RunEvent.StepStarted(name(stage), rolling(stage).index() + 1, RunEvent.Step.ROLL_BACK, 0));
    }

    private void startStep(int stage, Script line) {
        emit(stage, new RunEvent.StepStarted(name(stage), rolling(stage).index() + 1, line.step(), line.percent()));
    }

    private StageSlot.Rolling rolling(int stage) {
        return run.slot(stage).rollout().orElseThrow();
    }

    private List<Script> script(int stage) {
        return RunPlan.script((Stage.Deploy) run.plan().stage(stage));
    }

    // Ends

    void endCancelled(int stage, Optional<Signal.ToStage> signal) {
        finish(stage, Verdict.of(Cause.CANCELLED, "the run was cancelled"));
    }

    private void finish(int stage, Verdict verdict) {
        emit(stage, new RunEvent.StageFinished(name(stage), run.slot(stage).attempt(), verdict));
    }
}
