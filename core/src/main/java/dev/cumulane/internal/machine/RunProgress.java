// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

import dev.cumulane.pipeline.Artifact;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.pipeline.RunLimits;
import dev.cumulane.pipeline.Stage;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Produced;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.RunId;
import dev.cumulane.run.SourceEvent;
import dev.cumulane.run.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The state of a run: what its events say, and nothing else. It has one owner, who alone may call {@link #fold}.
 *
 * <p>What is remembered of each stage, and what can be derived from that, is in its {@link Agenda}.
 */
public final class RunProgress {
    /**
     * What a run remembers, as a snapshot keeps it.
     *
     * @param head what is not about a stage
     * @param fans which stages have fanned out, in the order in which they did
     * @param stages the stages in the order of the plan, and then the cells
     */
    public record Memo(RunHead head, List<RunPlan.Fan> fans, List<StageSlot> stages) {}

    private RunPlan plan;
    private RunHead head;
    private Agenda agenda;

    private RunProgress(RunPlan plan, RunHead head, List<StageSlot> stages) {
        this.plan = plan;
        this.head = head;
        this.agenda = new Agenda(plan, stages);
    }

    /** A run of this plan that has not begun. */
    public static RunProgress before(RunPlan plan) {
        RunPlan whole = plan.spreading(List.of());
        return new RunProgress(whole, RunHead.NONE, Collections.nCopies(whole.size(), StageSlot.PENDING));
    }

    /**
     * The run that a snapshot kept.
     *
     * @throws IllegalArgumentException if it is not of this plan
     */
    public static RunProgress of(RunPlan plan, Memo memo) {
        RunPlan spread = plan.spreading(memo.fans());
        if (memo.stages().size() != spread.size()) {
            throw new IllegalArgumentException(
                    "the snapshot has " + memo.stages().size() + " stages, the plan " + spread.size());
        }
        return new RunProgress(spread, memo.head(), memo.stages());
    }

    /** What a snapshot keeps. */
    public Memo memo() {
        return new Memo(head, plan.fans(), agenda.slots());
    }

    /** The plan that the run follows. */
    public RunPlan plan() {
        return plan;
    }

    /** What is not about a stage. */
    public RunHead head() {
        return head;
    }

    /** Whether record 1 has been folded. */
    public boolean hasBegun() {
        return head.started().isPresent();
    }

    /** Whether the run has ended. */
    public boolean hasEnded() {
        return head.outcome().isPresent();
    }

    /** The run's id. */
    public RunId run() {
        return head.started().orElseThrow().run();
    }

    /** What it runs for. */
    public SourceEvent source() {
        return head.started().orElseThrow().source();
    }

    /** What is remembered of a stage. */
    public StageSlot slot(int stage) {
        return agenda.slot(stage);
    }

    /** What is remembered of a stage; empty if the plan has none of that name. */
    public Optional<StageSlot> slot(String stage) {
        int number = number(stage);
        return number < 0 ? Optional.empty() : Optional.of(agenda.slot(number));
    }

    /** How a member of a group ended, unless the group ended before it: a later attempt of what reads from the group must not read more than an earlier one. */
    public Optional<Verdict> gathered(String group, String member) {
        Instant end = slot(group).flatMap(StageSlot::ended).orElse(Instant.MIN);
        return slot(member)
                .filter(slot ->
                        slot.ended().filter(ended -> !ended.isAfter(end)).isPresent())
                .flatMap(StageSlot::verdict);
    }

    /** An artifact as its stage wrote it; empty if it did not. */
    Optional<Produced> produced(Artifact artifact) {
        return slot(artifact.stage())
                .flatMap(StageSlot::verdict)
                .flatMap(verdict -> verdict.artifacts().stream()
                        .filter(one -> one.name().equals(artifact.name()))
                        .findFirst());
    }

    /** How many stages there are. */
    public int size() {
        return plan.size();
    }

    /** A stage's name. */
    public String name(int stage) {
        return plan.graph().key(stage);
    }

    /** A stage, as the plan says it. */
    public Stage stage(int stage) {
        return plan.stage(stage);
    }

    /** A stage's number; -1 if there is none of that name. */
    public int number(String stage) {
        return plan.graph().number(stage);
    }

    /** Whether nothing but cleaning up is to go on: somebody cancelled the run, its time is over, or its turn is lost. */
    public boolean isEnding() {
        return head.cancelled().isPresent()
                || head.late().isPresent()
                || head.turn().filter(Turns.Turn::isLost).isPresent();
    }

    /** Whether the run waits for its turn in its group. */
    public boolean waitsForTurn() {
        return isWithoutTurn() && !isEnding();
    }

    private boolean isWithoutTurn() {
        return head.turn().filter(Turns.Turn::isMissing).isPresent();
    }

    /** Whether a stage must not go on. What never had its turn has nothing to clean up, and would disturb those that have. */
    boolean mustEnd(int stage) {
        return agenda.isSurplus(stage) || endsWithTheRun(stage);
    }

    /** Whether a stage must not go on since the run must not. */
    boolean endsWithTheRun(int stage) {
        return isEnding()
                && (isCleanUpOver() || isWithoutTurn() || !stage(stage).needs().isCleanUp());
    }

    /** Whether a stage's group succeeded, however the stage itself ended. */
    boolean isBorne(int stage) {
        int group = plan.groupOf(stage);
        return group >= 0 && slot(group).succeeded();
    }

    /** How a group stands. */
    Gathering gathering(int group) {
        return agenda.gathering(group);
    }

    private boolean isCleanUpOver() {
        return head.late().equals(Optional.of(RunEvent.Limited.CLEAN_UP));
    }

    /** What ends stages that must not go on. */
    Cause ending(int stage) {
        if (agenda.isSurplus(stage)) {
            return Cause.NOT_NEEDED;
        }
        if (head.late().isPresent()) {
            return Cause.TIMED_OUT;
        }
        return head.turn()
                .filter(Turns.Turn::isLost)
                .map(turn -> turn.refused() ? Cause.GROUP_FULL : Cause.SUPERSEDED)
                .orElse(Cause.CANCELLED);
    }

    /** The same, for people. */
    String whyEnding(int stage) {
        if (agenda.isSurplus(stage)) {
            return gathering(plan.groupOf(stage)).why(name(plan.groupOf(stage)));
        }
        if (isCleanUpOver()) {
            return "the time of " + plan.plan().limits().cleanUp() + " to clean up was over";
        }
        if (head.late().equals(Optional.of(RunEvent.Limited.TURN))) {
            return "its turn in group '" + head.turn().orElseThrow().group() + "' did not come within "
                    + plan.plan().concurrency().orElseThrow().waiting();
        }
        Optional<Turns.Turn> lost = head.turn().filter(Turns.Turn::isLost);
        if (lost.isPresent()) {
            return Turns.why(lost.get());
        }
        return head.late().isPresent()
                ? "the run's time limit of " + plan.plan().limits().within().orElseThrow() + " was reached"
                : "the run was cancelled";
    }

    /** The run's own limit that is reached by now, if one is. */
    Optional<RunEvent.Limited> limitReached(Instant now) {
        return head.until().filter(limit -> !limit.isAfter(now)).map(limit -> {
            if (isEnding()) {
                return RunEvent.Limited.CLEAN_UP;
            }
            boolean late = runLimit().filter(end -> !end.isAfter(now)).isPresent();
            return late ? RunEvent.Limited.RUN : RunEvent.Limited.TURN;
        });
    }

    private Optional<Instant> runLimit() {
        return limits().within().map(time -> head.startedAt().orElseThrow().plus(time));
    }

    int unfinished() {
        return agenda.unfinished();
    }

    /** The first stage of which all before it has ended; -1 if there is none. */
    int nextReady() {
        return waitsForTurn() ? -1 : agenda.nextReady();
    }

    /** The first stage that goes on and must not; -1 if there is none. */
    int nextToStop() {
        if (agenda.nextSurplus() >= 0 || !isEnding()) {
            return agenda.nextSurplus();
        }
        int ordinary = agenda.nextStoppable(false);
        return ordinary < 0 && isCleanUpOver() ? agenda.nextStoppable(true) : ordinary;
    }

    /** When time itself changes something. */
    public Optional<Instant> nextDeadline() {
        Optional<Instant> first = agenda.nextDeadline();
        return head.until()
                .filter(limit -> first.isEmpty() || limit.isBefore(first.get()))
                .or(() -> first);
    }

    /** The stage whose deadline has passed the longest, or -1. */
    int nextDue(Instant now) {
        return agenda.nextDue(now);
    }

    /** A digest of what people decide on. */
    Digest subject(List<Produced> artifacts) {
        StringBuilder text = new StringBuilder(plan.fingerprint().hex());
        for (Produced artifact : artifacts) {
            text.append('\n')
                    .append(artifact.name())
                    .append(' ')
                    .append(artifact.digest().hex());
        }
        return Digest.of(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Takes an event into account. The only way in which a run changes.
     *
     * @param event the event
     * @param at the time of its record
     * @throws IllegalStateException if the event cannot follow what was folded before: the history is damaged
     */
    public void fold(RunEvent event, Instant at) {
        if (hasEnded()) {
            throw new IllegalStateException("an event after the run's end: " + event);
        }
        if (!hasBegun() && !(event instanceof RunEvent.RunStarted)) {
            throw new IllegalStateException("an event before the run's beginning: " + event);
        }
        head = head.at(at);
        if (event instanceof RunEvent.RunStarted started) {
            head = head.begun(started, limits().within().map(at::plus));
        } else if (event instanceof RunEvent.CancellationRequested cancelled) {
            head = head.cancelled(cancelled);
            limitCleanUp(at);
        } else if (event instanceof RunEvent.TurnAsked asked) {
            Optional<Instant> first = runLimit().filter(end -> end.isBefore(asked.until()));
            head = head.turn(Turns.Turn.asked(asked.group()), first.or(() -> Optional.of(asked.until())));
        } else if (event instanceof RunEvent.TurnGranted granted) {
            head = head.turn(turn().granted(granted.fence()), runLimit());
        } else if (event instanceof RunEvent.TurnRefused) {
            // It has nothing to clean up.
            head = head.turn(turn().refusal(), Optional.empty());
        } else if (event instanceof RunEvent.RunSuperseded superseded) {
            head = head.turn(turn().supersededBy(superseded.by()), Optional.empty());
            limitCleanUp(at);
        } else if (event instanceof RunEvent.TimeLimitReached reached) {
            head = head.late(reached.what());
            limitCleanUp(at);
        } else if (event instanceof RunEvent.RunFinished finished) {
            head = head.ended(finished.outcome());
        } else if (event instanceof RunEvent.FannedOut fanned) {
            spread(fanned, at);
        } else if (event instanceof RunEvent.StageFinished finished) {
            foldFinished(known(finished.stage()), finished.verdict(), at);
        } else {
            Change change = Attempts.fold(this, event, at)
                    .or(() -> Ballots.fold(this, event, at))
                    .or(() -> Rollouts.fold(this, event, at))
                    .or(() -> Reuse.fold(this, event, at))
                    .or(() -> Skips.fold(this, event))
                    .or(() -> Cells.fold(this, event, at))
                    .orElseThrow(() -> new IllegalStateException("no rule to fold " + event));
            agenda.put(change.stage(), change.slot());
        }
    }

    private void foldFinished(int stage, Verdict verdict, Instant at) {
        if (slot(stage).phase() == Phase.FINISHED) {
            throw new IllegalStateException("stage '" + name(stage) + "' ends twice");
        }
        agenda.put(stage, slot(stage).finished(verdict, at));
        if (!stage(stage).needs().isCleanUp()) {
            limitCleanUp(at);
        }
    }

    private void spread(RunEvent.FannedOut fanned, Instant at) {
        int stage = known(fanned.stage());
        if (slot(stage).phase() == Phase.FANNED_OUT) {
            throw new IllegalStateException("stage '" + fanned.stage() + "' fans out twice");
        }
        List<RunPlan.Fan> fans = new ArrayList<>(plan.fans());
        fans.add(new RunPlan.Fan(fanned.stage(), fanned.cells()));
        List<StageSlot> slots = new ArrayList<>(agenda.slots());
        slots.set(stage, slot(stage).begun(at).in(Phase.FANNED_OUT));
        slots.addAll(Collections.nCopies(fanned.cells(), StageSlot.PENDING));
        plan = plan.spreading(fans);
        agenda = new Agenda(plan, slots);
    }

    /** The time to clean up begins when all else has stopped: what takes long to stop must not use it up. */
    private void limitCleanUp(Instant at) {
        if (isEnding() && !isCleanUpOver() && !agenda.hasOrdinary()) {
            head = head.until(at.plus(limits().cleanUp()));
        }
    }

    private Turns.Turn turn() {
        return head.turn().orElseThrow(() -> new IllegalStateException("a turn that nobody asked for"));
    }

    private RunLimits limits() {
        return plan.plan().limits();
    }

    /** The number of a stage of which an event tells. */
    int known(String stage) {
        int number = number(stage);
        if (number < 0) {
            throw new IllegalStateException("an event of stage '" + stage + "', which the plan does not have");
        }
        return number;
    }
}
