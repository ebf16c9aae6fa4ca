// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.shell;

import dev.cumulane.internal.machine.Ballots;
import dev.cumulane.internal.machine.Cells;
import dev.cumulane.internal.machine.LockProgress;
import dev.cumulane.internal.machine.Phase;
import dev.cumulane.internal.machine.RunPlan;
import dev.cumulane.internal.machine.RunProgress;
import dev.cumulane.internal.machine.StageSlot;
import dev.cumulane.pipeline.Approvers;
import dev.cumulane.pipeline.Stage;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.Deployment;
import dev.cumulane.run.EnvironmentView;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.RunId;
import dev.cumulane.run.RunState;
import dev.cumulane.run.RunView;
import dev.cumulane.run.StageView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Shows a run's state to people. */
final class Views {
    private Views() {}

    static RunView of(RunProgress run, long records) {
        RunEvent.RunStarted started = run.head().started().orElseThrow();
        List<StageView> stages = new ArrayList<>(run.plan().size());
        for (int i = 0; i < run.plan().plan().stages().size(); i++) {
            stages.add(stage(run, i));
            if (run.stage(i) instanceof Stage.FanOut) {
                run.plan().members(run.name(i)).forEach(cell -> stages.add(stage(run, run.number(cell))));
            }
        }
        Optional<Instant> ended = run.hasEnded() ? Optional.of(run.head().changedAt()) : Optional.empty();
        RunView.Status status = new RunView.Status(
                state(run, stages),
                run.head().outcome(),
                new StageView.Times(run.head().startedAt(), ended),
                records,
                run.head().cancelled().map(RunEvent.CancellationRequested::by),
                started.lineage(),
                turn(run));
        return new RunView(
                started.run(),
                started.pipeline(),
                started.plan(),
                started.source(),
                status,
                stages,
                started.parameters(),
                Returns.of(run),
                List.of());
    }

    private static RunState state(RunProgress run, List<StageView> stages) {
        if (run.hasEnded()) {
            return RunState.FINISHED;
        }
        if (run.isEnding()) {
            return RunState.FINALIZING;
        }
        if (run.waitsForTurn()) {
            return RunState.WAITING;
        }
        boolean executing =
                stages.stream().anyMatch(stage -> isActive(stage.progress().state()));
        boolean waiting = stages.stream().anyMatch(stage -> stage.progress().state() == RunState.WAITING);
        return waiting && !executing ? RunState.WAITING : RunState.EXECUTING;
    }

    static EnvironmentView of(String environment, LockProgress lock, EnvironmentView.Service service) {
        List<Deployment> latestFirst = new ArrayList<>(lock.history());
        Collections.reverse(latestFirst);
        return new EnvironmentView(
                environment,
                lock.holders().stream().map(Views::claim).findFirst(),
                lock.waiting().stream().map(Views::claim).toList(),
                lock.live(),
                latestFirst,
                service);
    }

    private static EnvironmentView.Claim claim(LockProgress.Place place) {
        return new EnvironmentView.Claim(place.who().run(), place.who().stage());
    }

    private static Optional<StageView.Waiting> turn(RunProgress run) {
        return run.head()
                .turn()
                .filter(turn -> run.waitsForTurn())
                .map(turn -> new StageView.Waiting(
                        "its turn in group '" + turn.group() + "'", run.head().until(), Optional.empty()));
    }

    private static boolean isActive(RunState state) {
        return state == RunState.EXECUTING || state == RunState.FINALIZING;
    }

    private static StageView stage(RunProgress run, int number) {
        Stage stage = run.stage(number);
        StageSlot slot = run.slot(number);
        StageView.Progress progress = new StageView.Progress(
                state(slot),
                slot.attempt(),
                new StageView.Times(slot.began(), slot.ended()),
                service(run.run(), stage, slot),
                waiting(run, stage, slot),
                slot.ballot().map(StageSlot.Ballot::votes).orElse(List.of()),
                doing(run.run(), stage, slot),
                slot.verdict(),
                slot.from(),
                slot.skip().map(StageSlot.Skip::by));
        return new StageView(
                stage.name(),
                kind(stage),
                RunPlan.before(stage),
                stage.needs().isCleanUp(),
                Cells.item(run, number),
                progress,
                stage.needs().owner());
    }

    /** Who works; the run of another pipeline can be told before anybody has heard of its beginning. */
    private static Optional<String> service(RunId run, Stage stage, StageSlot slot) {
        return stage instanceof Stage.Child child && slot.attempt() > 0
                ? Optional.of(RunIds.child(child.called().pipeline(), new AttemptId(run, stage.name(), slot.attempt()))
                        .value())
                : slot.work().flatMap(StageSlot.Work::service);
    }

    private static RunState state(StageSlot slot) {
        return switch (slot.phase()) {
            case PENDING -> RunState.PENDING;
            case COUNTING, FANNED_OUT, RECALLING, SCHEDULED, WORKING -> RunState.EXECUTING;
            case STOPPING -> RunState.FINALIZING;
            case RESTING, VOTING, ASKING, HOLDING -> RunState.WAITING;
            case STEPPING, OVERDUE ->
                slot.rollout().orElseThrow().step().equals(Optional.of(RunEvent.Step.ROLL_BACK))
                        ? RunState.FINALIZING
                        : RunState.EXECUTING;
            case FINISHED -> RunState.FINISHED;
        };
    }

    private static Optional<StageView.Waiting> waiting(RunProgress run, Stage stage, StageSlot slot) {
        if (slot.phase() == Phase.VOTING && stage instanceof Stage.Approval approval) {
            Approvers approvers = new Approvers(
                    Ballots.voters(run, approval), approval.approvers().quorum());
            Optional<StageView.Question> question = slot.ballot()
                    .map(ballot -> new StageView.Question(approvers, ballot.subject(), ballot.artifacts()));
            return Optional.of(new StageView.Waiting(needed(approvers), slot.deadline(), question));
        }
        return reason(stage, slot).map(reason -> new StageView.Waiting(reason, slot.deadline(), Optional.empty()));
    }

    private static Optional<String> reason(Stage stage, StageSlot slot) {
        if (slot.phase() == Phase.ASKING && stage instanceof Stage.Deploy deploy) {
            return Optional.of("environment '" + deploy.delivery().environment().name() + "' to be free");
        }
        if (slot.phase() == Phase.RESTING) {
            return Optional.of("attempt " + (slot.attempt() + 1));
        }
        if (slot.phase() == Phase.HOLDING) {
            return Optional.of(
                    "the end of the hold at " + slot.rollout().orElseThrow().percent() + " percent");
        }
        return Optional.empty();
    }

    private static String needed(Approvers approvers) {
        String people = String.join(" or ", approvers.anyOf());
        return approvers.quorum() == 1 ? "a vote of " + people : approvers.quorum() + " votes of " + people;
    }

    private static String doing(RunId run, Stage stage, StageSlot slot) {
        if (stage instanceof Stage.Child) {
            return service(run, stage, slot).map(child -> "run " + child).orElse("");
        }
        if (slot.phase() == Phase.COUNTING) {
            return "counting the items of its list";
        }
        if (slot.phase() == Phase.RECALLING) {
            return "looking for a past success";
        }
        return slot.rollout()
                .flatMap(rolling -> rolling.step().map(step -> switch (step) {
                    case PREPARE -> "preparing";
                    case SHIFT -> "shifting " + rolling.percent() + " percent of the traffic";
                    case CHECK -> "checking its health";
                    case COMPLETE -> "completing";
                    case ROLL_BACK -> "rolling back";
                }))
                .orElse("");
    }

    private static StageView.Kind kind(Stage stage) {
        if (stage instanceof Stage.Build) {
            return StageView.Kind.BUILD;
        }
        if (stage instanceof Stage.Test) {
            return StageView.Kind.TEST;
        }
        if (stage instanceof Stage.Function) {
            return StageView.Kind.FUNCTION;
        }
        if (stage instanceof Stage.Child) {
            return StageView.Kind.CHILD;
        }
        if (stage instanceof Stage.Group) {
            return StageView.Kind.GROUP;
        }
        if (stage instanceof Stage.FanOut) {
            return StageView.Kind.FAN_OUT;
        }
        return stage instanceof Stage.Approval ? StageView.Kind.APPROVAL : StageView.Kind.DEPLOY;
    }
}
