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
import dev.cumulane.run.Vote;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
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
    /** How long a past success is looked for; a store that does not answer by then has none. */
    static final Duration LONGEST_RECALL = Duration.ofMinutes(15);

    /** How long it may take to read a list. */
    static final Duration LONGEST_COUNTING = Duration.ofHours(1);

    /** How long a service may leave work unaccepted. */
    static final Duration LONGEST_QUEUE = Duration.ofHours(1);

    /** How long a deployment waits for its environment. */
    static final Duration LONGEST_ASKING = Duration.ofDays(1);

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
     * @return this
     * @throws IllegalStateException if the event cannot follow what was folded before: the history is damaged
     */
    public RunProgress fold(RunEvent event, Instant at) {
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
            head = head.turn(turn().refusal(), Optional.empty());
            limitCleanUp(at);
        } else if (event instanceof RunEvent.RunSuperseded superseded) {
            head = head.turn(turn().supersededBy(superseded.by()), Optional.empty());
            limitCleanUp(at);
        } else if (event instanceof RunEvent.TimeLimitReached reached) {
            head = head.late(reached.what());
            limitCleanUp(at);
        } else if (event instanceof RunEvent.RunFinished finished) {
            head = head.ended(finished.outcome());
        } else if (event instanceof RunEvent.StageScheduled scheduled) {
            int stage = known(scheduled.stage());
            put(
                    stage,
                    slot(stage)
                            .begun(at)
                            .with(scheduled.attempt(), new StageSlot.Work(Optional.empty(), Optional.empty()))
                            .in(Phase.SCHEDULED, Optional.of(at.plus(LONGEST_QUEUE))));
        } else if (event instanceof RunEvent.WorkStarted started) {
            foldStarted(known(started.stage()), started, at);
        } else if (event instanceof RunEvent.StopRequested stop) {
            int stage = known(stop.stage());
            StageSlot.Work work = slot(stage).work().orElseThrow();
            put(
                    stage,
                    slot(stage)
                            .with(
                                    stop.attempt(),
                                    new StageSlot.Work(work.service(), Optional.of(new StageSlot.Stop(stop.why(), at))))
                            .in(Phase.STOPPING, Optional.empty()));
        } else if (event instanceof RunEvent.RetryDelayed delayed) {
            int stage = known(delayed.stage());
            put(stage, slot(stage).in(Phase.RESTING, Optional.of(delayed.at())));
        } else if (event instanceof RunEvent.AttemptFinished) {
            // What follows in the same record says the rest.
        } else if (event instanceof RunEvent.SkipRequested skip) {
            int stage = known(skip.stage());
            put(stage, slot(stage).with(new StageSlot.Skip(skip.by(), skip.reason())));
        } else if (event instanceof RunEvent.ReuseSought sought) {
            int stage = known(sought.stage());
            put(
                    stage,
                    slot(stage)
                            .begun(at)
                            .seeking(sought.key())
                            .in(Phase.RECALLING, Optional.of(at.plus(LONGEST_RECALL))));
        } else if (event instanceof RunEvent.StageReused reused) {
            int stage = known(reused.stage());
            put(stage, slot(stage).begun(at).from(reused.from()));
        } else if (event instanceof RunEvent.ItemsSought sought) {
            int stage = known(sought.stage());
            put(stage, slot(stage).begun(at).in(Phase.COUNTING, Optional.of(at.plus(LONGEST_COUNTING))));
        } else if (event instanceof RunEvent.FannedOut fanned) {
            spread(fanned, at);
        } else if (event instanceof RunEvent.StageFinished finished) {
            foldFinished(known(finished.stage()), finished.verdict(), at);
        } else {
            foldWaiting(event, at);
        }
        return this;
    }

    private void foldStarted(int stage, RunEvent.WorkStarted started, Instant at) {
        StageSlot slot = slot(stage);
        StageSlot.Work work = new StageSlot.Work(
                Optional.of(started.service()), slot.work().orElseThrow().stopping());
        boolean stopping = slot.phase() == Phase.STOPPING;
        put(
                stage,
                slot.with(started.attempt(), work)
                        .in(
                                stopping ? Phase.STOPPING : Phase.WORKING,
                                stopping ? Optional.empty() : Optional.of(at.plus(within(stage)))));
    }

    private void foldWaiting(RunEvent event, Instant at) {
        if (event instanceof RunEvent.ApprovalRequested asked) {
            int stage = known(asked.stage());
            put(
                    stage,
                    slot(stage)
                            .begun(at)
                            .with(new StageSlot.Ballot(asked.subject(), asked.artifacts(), List.of()))
                            .in(Phase.VOTING, Optional.of(asked.expiresAt())));
        } else if (event instanceof RunEvent.VoteCounted counted) {
            int stage = known(counted.stage());
            StageSlot.Ballot ballot = slot(stage).ballot().orElseThrow();
            List<Vote> votes = new ArrayList<>(ballot.votes());
            votes.add(counted.vote());
            put(
                    stage,
                    slot(stage).with(new StageSlot.Ballot(ballot.subject(), ballot.artifacts(), List.copyOf(votes))));
        } else if (event instanceof RunEvent.EnvironmentAsked asked) {
            int stage = known(asked.stage());
            put(
                    stage,
                    slot(stage)
                            .begun(at)
                            .with(StageSlot.Rolling.asked(asked.release()))
                            .in(Phase.ASKING, Optional.of(at.plus(LONGEST_ASKING))));
        } else if (event instanceof RunEvent.EnvironmentGranted granted) {
            int stage = known(granted.stage());
            put(stage, slot(stage).with(slot(stage).rollout().orElseThrow().granted(granted.fence())));
        } else if (event instanceof RunEvent.StepStarted started) {
            int stage = known(started.stage());
            StageSlot.Rolling is = slot(stage).rollout().orElseThrow();
            // A rollback of a deployment in which nothing failed can only be a cancelled one.
            Optional<Verdict> failed =
                    started.step() == RunEvent.Step.ROLL_BACK && is.failed().isEmpty()
                            ? Optional.of(Verdict.of(ending(stage), "rolled back, since " + whyEnding(stage)))
                            : is.failed();
            StageSlot.Rolling next = new StageSlot.Rolling(
                    is.release(),
                    is.fence(),
                    is.done(),
                    started.index(),
                    Optional.of(started.step()),
                    started.percent(),
                    is.version(),
                    is.address(),
                    failed);
            put(stage, slot(stage).with(next).in(Phase.STEPPING, Optional.of(at.plus(within(stage)))));
        } else if (event instanceof RunEvent.StepOverdue overdue) {
            int stage = known(overdue.stage());
            put(stage, slot(stage).in(Phase.OVERDUE, Optional.empty()));
        } else if (event instanceof RunEvent.StepFinished finished) {
            int stage = known(finished.stage());
            StageSlot.Rolling is = slot(stage).rollout().orElseThrow();
            boolean forward = finished.succeeded() && !is.isRollingBack();
            Optional<Verdict> failed = is.failed().isPresent() || finished.succeeded()
                    ? is.failed()
                    : Optional.of(Verdict.of(Cause.UNHEALTHY, finished.detail()));
            put(
                    stage,
                    slot(stage)
                            .with(new StageSlot.Rolling(
                                    is.release(),
                                    is.fence(),
                                    forward ? is.done() + 1 : is.done(),
                                    is.index(),
                                    is.step(),
                                    is.percent(),
                                    finished.version().or(is::version),
                                    finished.address().or(is::address),
                                    failed)));
        } else if (event instanceof RunEvent.AlarmRang rang) {
            int stage = known(rang.stage());
            Verdict why = Verdict.of(Cause.UNHEALTHY, "alarm '" + rang.alarm() + "' rings");
            put(stage, slot(stage).with(slot(stage).rollout().orElseThrow().failing(why)));
        } else if (event instanceof RunEvent.HoldStarted hold) {
            int stage = known(hold.stage());
            put(stage, slot(stage).in(Phase.HOLDING, Optional.of(hold.until())));
        } else {
            throw new IllegalStateException("no rule to fold " + event);
        }
    }

    private void foldFinished(int stage, Verdict verdict, Instant at) {
        if (slot(stage).phase() == Phase.FINISHED) {
            throw new IllegalStateException("stage '" + name(stage) + "' ends twice");
        }
        put(stage, slot(stage).finished(verdict, at));
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
        slots.set(stage, slot(stage).begun(at).in(Phase.FANNED_OUT, Optional.empty()));
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

    private Duration within(int stage) {
        Stage what = stage(stage);
        if (what instanceof Stage.Deploy deploy) {
            return deploy.limits().within();
        }
        return Attempts.limitsOf(what)
                .orElseThrow(() -> new IllegalStateException("stage '" + what.name() + "' does no work"))
                .within();
    }

    private int known(String stage) {
        int number = number(stage);
        if (number < 0) {
            throw new IllegalStateException("an event of stage '" + stage + "', which the plan does not have");
        }
        return number;
    }

    private void put(int stage, StageSlot next) {
        agenda.put(stage, next);
    }
}
