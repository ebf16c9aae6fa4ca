// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.simulation;

import dev.cumulane.internal.codec.Codec;
import dev.cumulane.internal.machine.Ballots;
import dev.cumulane.internal.machine.Command;
import dev.cumulane.internal.machine.Machine;
import dev.cumulane.internal.machine.Phase;
import dev.cumulane.internal.machine.RunHead;
import dev.cumulane.internal.machine.RunPlan;
import dev.cumulane.internal.machine.RunProgress;
import dev.cumulane.internal.machine.StageSlot;
import dev.cumulane.pipeline.Artifact;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.pipeline.Input;
import dev.cumulane.pipeline.Stage;
import dev.cumulane.pipeline.Value;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Lineage;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.Produced;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.RunId;
import dev.cumulane.run.TrustLevel;
import dev.cumulane.run.Verdict;
import dev.cumulane.run.Vote;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** One run as its journal tells it, folded record by record as each is stored, and the rules that each record must keep. */
final class SeenRun {
    private static final Duration LONGEST_FUNCTION = Duration.ofMinutes(25);
    private static final Duration RARE_SWEEPS = Duration.ofHours(13);

    private final Invariants all;
    private final RunId id;
    private final RunProgress progress;
    private final Rules rules;
    private final SeenVotes votes;
    private final SeenAttempts attempts;
    private final List<Instant> changedAt;
    private RunProgress.Memo memo;
    private List<Command> pending = List.of();
    private Predicate<String> mustEnd = stage -> false;
    private final Map<String, Produced> replaced = new HashMap<>();
    private long sequence;

    SeenRun(Invariants all, RunId id, RunPlan plan) {
        this.all = all;
        this.id = id;
        this.progress = RunProgress.before(plan);
        this.rules = new Rules(progress, all.pipeline());
        this.votes = new SeenVotes(all, this);
        this.attempts = new SeenAttempts(all, this, rules);
        this.memo = progress.memo();
        this.changedAt = new ArrayList<>(Collections.nCopies(plan.size(), Instant.MAX));
    }

    RunId id() {
        return id;
    }

    /** The run's plan, with the cells that it has by now. */
    RunPlan plan() {
        return progress.plan();
    }

    RunProgress progress() {
        return progress;
    }

    RunProgress.Memo memo() {
        return memo;
    }

    long sequence() {
        return sequence;
    }

    /** When the world saw a stage change last. */
    Instant changedAt(int stage) {
        return changedAt.get(stage);
    }

    Optional<StageSlot> slot(AttemptId attempt) {
        return progress.slot(attempt.stage());
    }

    void record(long number, Codec.RunRecord record) {
        check("I14", number == sequence + 1, "record %d after record %d", number, sequence);
        check("I8", !progress.hasEnded(), "a record after the run's end: %s", record.events());
        check(
                "I14",
                !record.at().isBefore(progress.head().changedAt()),
                "time goes back from %s to %s",
                progress.head().changedAt(),
                record.at());
        sequence = number;
        boolean wasEnding = progress.isEnding();
        boolean wasOver = isCleanUpOver(progress.head());
        mustEnd = stage -> wasOver || (wasEnding && !isCleanUp(stage));
        for (RunEvent event : record.events()) {
            all.coverage().add(event.getClass());
            before(event, record.at());
            try {
                progress.fold(event, record.at());
            } catch (RuntimeException e) {
                throw all.broken("I14", this + ": " + event + " cannot be folded: " + e.getMessage());
            }
            after(event);
        }
        RunProgress.Memo next = progress.memo();
        boolean newSays = !next.stages().equals(memo.stages())
                || !next.head().outcome().equals(memo.head().outcome())
                || !next.head().turn().equals(memo.head().turn())
                || !next.head().late().equals(memo.head().late())
                || !next.head().cancelled().equals(memo.head().cancelled());
        check("I11", newSays, "a record that says nothing new: %s", record.events());
        for (int i = 0; i < next.stages().size(); i++) {
            if (i == changedAt.size()) {
                changedAt.add(all.now());
            } else if (i >= memo.stages().size()
                    || next.stages().get(i) != memo.stages().get(i)) {
                changedAt.set(i, all.now());
            }
        }
        memo = next;
        all.releases().mustGoBack(this);
        commands();
    }

    /** What is to be done follows from the state, whether it was folded or read from a snapshot. */
    private void commands() {
        List<Command> now = Machine.pending(progress);
        for (Command command : now) {
            if (!pending.contains(command)) {
                all.coverage().add(command.getClass());
            }
        }
        pending = now;
        if (sequence % 4 == 0) {
            RunProgress read = RunProgress.of(plan(), memo);
            check("I14", Machine.pending(read).equals(now), "a snapshot asks for other commands than the history");
            check("I14", read.nextDeadline().equals(progress.nextDeadline()), "a snapshot has another deadline");
        }
    }

    private void before(RunEvent event, Instant at) {
        if (event instanceof RunEvent.TimeLimitReached) {
            check("I9", !at.isBefore(memo.head().until().orElseThrow()), "%s before its time, at %s", event, at);
        } else if (event instanceof RunEvent.RunStarted) {
            check("I6", !progress.hasBegun(), "the run begins twice");
            ((RunEvent.RunStarted) event)
                    .lineage()
                    .ifPresent(from -> toldByItsParent((RunEvent.RunStarted) event, from));
        } else if (event instanceof RunEvent.StageScheduled scheduled) {
            if (scheduled.attempt() == 1
                    && progress.slot(scheduled.stage()).orElseThrow().phase() != Phase.RECALLING) {
                opens(scheduled.stage());
            }
            int before = progress.slot(scheduled.stage()).orElseThrow().attempt();
            check("I1", scheduled.attempt() == before + 1, "attempt %d follows %d", scheduled.attempt(), before);
            check("I2", !mustEnd.test(scheduled.stage()), "%s after the cancellation", event);
        } else if (event instanceof RunEvent.ApprovalRequested asked) {
            opens(asked.stage());
        } else if (event instanceof RunEvent.EnvironmentAsked asked) {
            opens(asked.stage());
            all.releases().asked(this, asked);
        } else if (event instanceof RunEvent.EnvironmentGranted granted) {
            all.locks().mustHold(this, granted.stage(), granted.environment(), granted.fence());
        } else if (event instanceof RunEvent.TurnGranted granted) {
            all.locks().mustHold(this, "", granted.group(), granted.fence());
        } else if (event instanceof RunEvent.StepStarted step) {
            check(
                    "I2",
                    !mustEnd.test(step.stage()) || step.step() == RunEvent.Step.ROLL_BACK || isAgain(step),
                    "%s after the cancellation",
                    event);
        } else if (event instanceof RunEvent.RetryDelayed delayed) {
            check("I2", !mustEnd.test(delayed.stage()), "%s after the cancellation", event);
        } else if (event instanceof RunEvent.AlarmRang rang) {
            all.releases().mustRing(this, rang);
        } else if (event instanceof RunEvent.SkipRequested skip) {
            skip(skip);
        } else if (event instanceof RunEvent.ReuseSought sought) {
            opens(sought.stage());
        } else if (event instanceof RunEvent.ItemsSought sought) {
            opens(sought.stage());
        } else if (event instanceof RunEvent.FannedOut fanned) {
            fansOut(fanned);
        } else if (event instanceof RunEvent.StageReused reused) {
            takenOver(reused);
        } else if (event instanceof RunEvent.VoteCounted counted) {
            votes.counted(counted, at);
        } else if (event instanceof RunEvent.VoteRefused refused) {
            votes.refused(refused);
        } else if (event instanceof RunEvent.AttemptFinished finished) {
            attempts.ends(new AttemptId(id, finished.stage(), finished.attempt()), finished.verdict(), at);
        } else if (event instanceof RunEvent.StageFinished finished) {
            StageSlot slot = progress.slot(finished.stage()).orElseThrow();
            check("I8", slot.phase() != Phase.FINISHED, "%s ends twice", finished.stage());
            if (finished.attempt() > 0 && slot.work().isPresent() && !isChild(finished.stage())) {
                attempts.ends(new AttemptId(id, finished.stage(), finished.attempt()), finished.verdict(), at);
            }
            stageEnds(finished, slot, at);
        }
    }

    /** No stage begins before all that it needs has ended, nor after something it needs has not succeeded, nor after a cancellation. */
    private void opens(String name) {
        Stage stage = plan().stage(plan().graph().number(name));
        StageSlot slot = progress.slot(name).orElseThrow();
        check("I16", slot.from().isEmpty(), "%s opens, and is taken over", name);
        // A fan-out that is taken over opens for its cells, which are: what is taken over is skipped no more.
        boolean mayBeTaken = stage instanceof Stage.FanOut && isRepetition();
        check("I17", slot.skip().isEmpty() || mayBeTaken, "%s opens, and is to be skipped", name);
        check("I18", hasTurn(), "%s opens before the run's turn", name);
        check("I2", !mustEnd.test(name), "%s opens after the cancellation", name);
        for (String need : RunPlan.before(stage)) {
            Optional<Verdict> verdict = progress.slot(need).orElseThrow().verdict();
            check("I3", verdict.isPresent(), "%s opens before the end of %s", name, need);
            // A whole may end before its cells; what cleans up may not begin before them.
            boolean waits = isCleanUp(name) && plan().stage(plan().graph().number(need)) instanceof Stage.FanOut;
            check(
                    "I22",
                    !waits || plan().members(need).stream().allMatch(rules::isOver),
                    "%s opens before the end of all cells of %s",
                    name,
                    need);
        }
        check(
                "I23",
                !(stage instanceof Stage.Deploy) || progress.source().trust() != TrustLevel.UNTRUSTED,
                "%s opens in an untrusted run",
                name);
        check("I3", !rules.isSurplus(name), "%s opens, and its group needs it no more", name);
        rules.leftOut(stage).ifPresent(why -> check("I3", false, "%s opens in spite of %s", name, why));
    }

    /** A stage has as many cells as its list has items. */
    private void fansOut(RunEvent.FannedOut fanned) {
        if (progress.slot(fanned.stage()).orElseThrow().phase() == Phase.PENDING) {
            opens(fanned.stage());
        }
        int items = all.pipeline().items(fanned.stage()).size();
        check("I22", fanned.cells() == items, "%s, and the list has %d items", fanned, items);
    }

    /** Whether the run's group, if it has one, let it begin. */
    private boolean hasTurn() {
        return plan().plan().concurrency().isEmpty()
                || progress.head().turn().filter(turn -> turn.fence() > 0).isPresent();
    }

    /** A stage is skipped by somebody who asked for it and, if it is an approval, could have approved alone. */
    private void skip(RunEvent.SkipRequested skip) {
        StageSlot slot = progress.slot(skip.stage()).orElseThrow();
        check("I17", all.wasSkipped(id, skip.stage(), skip.by()), "a skip that nobody asked for: %s", skip);
        check("I17", slot.phase() != Phase.FINISHED && slot.skip().isEmpty(), "%s in %s", skip, slot.phase());
        if (plan().stage(plan().graph().number(skip.stage())) instanceof Stage.Approval approval) {
            check("I17", slot.phase() == Phase.VOTING, "%s in %s", skip, slot.phase());
            long others = slot.ballot().orElseThrow().votes().stream()
                    .filter(vote -> !vote.by().equals(skip.by()))
                    .count();
            check("I17", others + 1 >= approval.approvers().quorum(), "%s before enough others approved", skip);
        }
    }

    /** A stage that is taken over never ran here, ran there, and comes behind nothing that runs here. */
    private void takenOver(RunEvent.StageReused reused) {
        reused.replaced().forEach(one -> replaced.put(reused.stage() + "/" + one.name(), one));
        StageSlot slot = progress.slot(reused.stage()).orElseThrow();
        Stage stage = plan().stage(plan().graph().number(reused.stage()));
        if (slot.phase() == Phase.RECALLING) {
            SeenRun there = all.run(reused.from())
                    .orElseThrow(() -> all.broken("I16", this + ": " + reused + ", a run that never was"));
            for (Input input : stage.needs().reads()) {
                if (input instanceof Artifact artifact) {
                    boolean same = there.written(artifact).equals(written(artifact));
                    check("I16", same, "%s, where %s was another one", reused, artifact);
                }
            }
            return;
        }
        check("I16", slot.phase() == Phase.PENDING && slot.attempt() == 0, "%s in %s", reused, slot.phase());
        for (String need : RunPlan.before(stage)) {
            StageSlot earlier = progress.slot(need).orElseThrow();
            boolean isMemberToCome = stage instanceof Stage.Group && earlier.phase() == Phase.PENDING;
            // A stage that fanned out does so again, for the cells that are taken over.
            boolean isWhole = plan().stage(plan().graph().number(need)) instanceof Stage.FanOut;
            check(
                    "I16",
                    earlier.from().isPresent() || isMemberToCome || isWhole,
                    "%s, after %s, which ran",
                    reused,
                    need);
        }
    }

    private Optional<Digest> written(Artifact artifact) {
        return progress.slot(artifact.stage()).flatMap(StageSlot::verdict).stream()
                .flatMap(verdict -> verdict.artifacts().stream())
                .filter(one -> one.name().equals(artifact.name()))
                .map(Produced::digest)
                .findFirst();
    }

    private boolean isRepetition() {
        return progress.head()
                .started()
                .flatMap(RunEvent.RunStarted::lineage)
                .filter(Lineage.Repetition.class::isInstance)
                .isPresent();
    }

    private boolean isChild(String stage) {
        return plan().stage(plan().graph().number(stage)) instanceof Stage.Child;
    }

    /** A run that a stage of another one runs is told what that says. */
    private void toldByItsParent(RunEvent.RunStarted begins, Lineage lineage) {
        if (!(lineage instanceof Lineage.Child child)) {
            return;
        }
        RunPlan above = all.run(child.of()).orElseThrow().plan();
        Stage.Child stage =
                (Stage.Child) above.stage(above.graph().number(child.parent().stage()));
        Value said = stage.called().parameters().get(Constructs.SAID);
        String wanted = said instanceof Value.Handed handed ? Constructs.word(handed.stage()) : "nothing";
        check("I19", wanted.equals(begins.parameters().get(Constructs.SAID)), "%s is not told '%s'", begins, wanted);
    }

    /** A stage that runs another pipeline ends after that run, and as it did, unless it was stopped. */
    private void endsWithItsChild(RunEvent.StageFinished end, StageSlot slot) {
        Lineage lineage = new Lineage.Child(new AttemptId(id, end.stage(), end.attempt()), Ballots.repeaters(progress));
        List<SeenRun> children = all.runs().stream()
                .filter(run -> run.progress
                        .head()
                        .started()
                        .flatMap(RunEvent.RunStarted::lineage)
                        .equals(Optional.of(lineage)))
                .toList();
        check("I19", children.size() == 1, "%s has the runs %s", end, children);
        Optional<Outcome> outcome = children.get(0).progress.head().outcome();
        check("I19", outcome.isPresent(), "%s ends before %s", end, children);
        Cause cause = end.verdict().cause();
        Optional<Cause> stopping = slot.work().flatMap(StageSlot.Work::stopping).map(StageSlot.Stop::why);
        boolean right = switch (outcome.get()) {
            case SUCCESS, SKIP -> cause == Cause.COMPLETED || cause == Cause.OUTPUT_MISSING;
            case FAILURE -> cause == Cause.CHILD_FAILED;
            case ERROR -> cause == Cause.CHILD_ERROR;
            case TIMEOUT -> cause == Cause.TIMED_OUT;
            case CANCELLATION -> cause == Cause.CANCELLED || cause == stopping.orElse(Cause.CANCELLED);
        };
        boolean ofSkip = cause == Cause.SKIPPED && slot.skip().isPresent();
        check("I19", right || ofSkip, "%s, where %s ended in %s", end, children, outcome);
    }

    private void endsTakenOver(RunEvent.StageFinished end, StageSlot slot) {
        Optional<Verdict> there = all.run(slot.from().orElseThrow())
                .flatMap(run -> run.progress().slot(end.stage()))
                .filter(other -> other.from().isEmpty())
                .flatMap(StageSlot::verdict);
        List<Produced> wanted = new ArrayList<>(there.map(Verdict::artifacts).orElse(List.of()));
        wanted.replaceAll(one -> replaced.getOrDefault(end.stage() + "/" + one.name(), one));
        check("I16", end.verdict().artifacts().equals(wanted), "%s has other artifacts than %s", end, wanted);
        check(
                "I16",
                there.map(Verdict::cause).equals(Optional.of(end.verdict().cause()))
                        && there.map(Verdict::values)
                                .equals(Optional.of(end.verdict().values())),
                "%s is not the end that it had: %s",
                end,
                there);
        check("I16", end.verdict().cause().letsOthersGoOn(), "%s is taken over", end);
    }

    /** Each stage ends as its fate says, or for the reason that kept it from its fate. */
    private void stageEnds(RunEvent.StageFinished end, StageSlot slot, Instant at) {
        Stage stage = plan().stage(plan().graph().number(end.stage()));
        Cause cause = end.verdict().cause();
        all.coverage().add(cause);
        if (slot.from().isPresent()) {
            endsTakenOver(end, slot);
            return;
        }
        if (stage instanceof Stage.Child && slot.attempt() > 0) {
            endsWithItsChild(end, slot);
            return;
        }
        Cause fate = rules.leftOut(stage).orElseGet(() -> all.pipeline().expected(end.stage()));
        boolean hasFannedOut = slot.phase() == Phase.FANNED_OUT;
        if (stage instanceof Stage.Group || hasFannedOut) {
            fate = rules.gathered(stage).orElseThrow(() -> all.broken("I3", end.stage() + " ends before its members"));
        }
        boolean ofSurplus = cause == Cause.NOT_NEEDED && rules.isSurplus(end.stage());
        boolean ofFate = cause == fate;
        boolean ofCancellation =
                cause == rules.ending() && (!stage.needs().isCleanUp() || isCleanUpOver(progress.head()) || !hasTurn());
        boolean ofLoss = (cause == Cause.LOST_WORKER || cause == Cause.TIMED_OUT || cause == Cause.REFUSED)
                && slot.work().isPresent();
        boolean ofSkip = cause == Cause.SKIPPED && slot.skip().isPresent();
        check(
                "I9",
                ofFate || ofCancellation || ofLoss || ofSkip || ofSurplus,
                "%s ends with %s, not %s",
                end.stage(),
                end.verdict(),
                fate);
        boolean expired = stage instanceof Stage.Approval asked
                && asked.rules().contains(Stage.VotingRule.SILENCE_APPROVES)
                && slot.deadline().filter(until -> !at.isBefore(until)).isPresent();
        if (stage instanceof Stage.Approval approval && cause == Cause.COMPLETED && !expired) {
            long people = slot.ballot().orElseThrow().votes().stream()
                    .filter(vote -> vote.decision() == Vote.Decision.APPROVE)
                    .map(Vote::by)
                    .distinct()
                    .count();
            check("I5", people >= approval.approvers().quorum(), "%s is approved by %d people", end.stage(), people);
        }
        if (cause == Cause.EXPIRED) {
            check("I9", !at.isBefore(slot.deadline().orElseThrow()), "%s expires early", end.stage());
        }
        if (stage instanceof Stage.Deploy deploy) {
            slot.rollout().ifPresent(rolling -> all.releases().ended(deploy, rolling, cause));
        }
        if (stage instanceof Stage.Deploy && cause == Cause.COMPLETED) {
            check("I15", all.facts().isLive(this, end.stage()), "%s ends well, its release is not live", end.stage());
        }
    }

    private void after(RunEvent event) {
        if (event instanceof RunEvent.RunFinished finished) {
            boolean over = progress.memo().stages().stream().allMatch(slot -> slot.phase() == Phase.FINISHED);
            check("I4", over, "the run ends before its stages");
            all.coverage().add(finished.outcome());
        }
        if (event instanceof RunEvent.StepStarted step) {
            all.locks().mustBeAlone(this, step.stage());
        }
    }

    /** In a calm world, what has been commanded happens within so much time, and nothing outlives its deadline by more. */
    void calm(Instant now, Duration patience, boolean sweeps) {
        if (progress.hasEnded()) {
            return;
        }
        check(
                "I4",
                progress.nextDeadline()
                        .map(at -> at.plus(patience).isAfter(now))
                        .orElse(true),
                "at %s a deadline of %s has not been noticed",
                now,
                progress.nextDeadline());
        check("I10", all.isListed(id), "it goes on and is not listed as open");
        progress.head().turn().filter(turn -> progress.waitsForTurn()).ifPresent(turn -> {
            boolean stuck = progress.head().changedAt().plus(patience).isBefore(now)
                    && all.locks().hasHadRoom(turn.group(), 1, patience);
            check("I10", !stuck, "it waits for its turn in %s, which is nobody's", turn.group());
        });
        for (int stage = 0; stage < plan().size(); stage++) {
            StageSlot slot = progress.slot(stage);
            Instant since = changedAt.get(stage);
            // Nobody can be asked for a function; one that is to be stopped is believed gone after its time limit.
            boolean unasked =
                    (plan().stage(stage) instanceof Stage.Function || plan().stage(stage) instanceof Stage.Child)
                            && slot.phase() == Phase.STOPPING;
            Duration longest = unasked ? patience.plus(sweeps ? LONGEST_FUNCTION : RARE_SWEEPS) : patience;
            if (since.isBefore(now.minus(longest))) {
                stuck(stage, slot, since, patience);
            }
        }
    }

    private void stuck(int stage, StageSlot slot, Instant since, Duration patience) {
        String name = plan().graph().key(stage);
        boolean stuck = switch (slot.phase()) {
            case COUNTING, RECALLING, SCHEDULED, STOPPING, OVERDUE -> true;
            case STEPPING -> all.pipeline().fate(name) != RandomPipeline.Fate.HANGS;
            case WORKING -> isLongOver(new AttemptId(id, name, slot.attempt()), stage);
            case ASKING -> all.locks().hasBeenFree(environment(stage), patience);
            case PENDING, FANNED_OUT, RESTING, VOTING, HOLDING, FINISHED -> false;
        };
        check("I10", !stuck, "%s has been %s since %s, and what was to be done is not", name, slot.phase(), since);
    }

    /** A function that its service ended at its limit left no result, and nobody can be asked: it is over when its deadline has passed. */
    private boolean isLongOver(AttemptId attempt, int stage) {
        boolean canBeKnown = !(plan().stage(stage) instanceof Stage.Function) || all.hasResult(attempt);
        return canBeKnown && all.facts().isLongOver(attempt);
    }

    private String environment(int stage) {
        return ((Stage.Deploy) plan().stage(stage)).delivery().environment().name();
    }

    /** Whether it is the very step that was on already, begun once more. */
    private boolean isAgain(RunEvent.StepStarted step) {
        return progress.slot(step.stage())
                .flatMap(StageSlot::rollout)
                .flatMap(StageSlot.Rolling::step)
                .equals(Optional.of(step.step()));
    }

    private static boolean isCleanUpOver(RunHead head) {
        return head.late().equals(Optional.of(RunEvent.Limited.CLEAN_UP));
    }

    private boolean isCleanUp(String stage) {
        return plan().stage(plan().graph().number(stage)).needs().isCleanUp();
    }

    void check(String invariant, boolean holds, String what, Object... about) {
        if (!holds) {
            throw all.broken(invariant, this + ": " + String.format(what, about));
        }
    }

    @Override
    public String toString() {
        return id.value();
    }
}
