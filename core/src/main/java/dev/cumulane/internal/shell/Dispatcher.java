// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.shell;

import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.DeploymentStep;
import dev.cumulane.cloud.Logs;
import dev.cumulane.cloud.SignalEnvelope;
import dev.cumulane.cloud.StepReport;
import dev.cumulane.cloud.StepState;
import dev.cumulane.cloud.StreamId;
import dev.cumulane.cloud.WorkRunner;
import dev.cumulane.internal.codec.Coding;
import dev.cumulane.internal.machine.Attempts;
import dev.cumulane.internal.machine.Cells;
import dev.cumulane.internal.machine.Claimant;
import dev.cumulane.internal.machine.Command;
import dev.cumulane.internal.machine.Phase;
import dev.cumulane.internal.machine.Rollouts;
import dev.cumulane.internal.machine.RunProgress;
import dev.cumulane.internal.machine.Signal;
import dev.cumulane.internal.machine.StageSlot;
import dev.cumulane.internal.machine.TakenOver;
import dev.cumulane.internal.machine.Terms;
import dev.cumulane.pipeline.Limits;
import dev.cumulane.pipeline.Stage;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.Cause;
import dev.cumulane.run.StageValue;
import dev.cumulane.run.Verdict;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Does what the machine commands, by calling ports. What a port answers at once becomes a signal. */
final class Dispatcher {
    /** How long after its time limit work that nobody can ask for may still leave a result. */
    private static final Duration GRACE = Duration.ofMinutes(2);

    private static final int SHORT_LOG = 8 * 1024;
    private static final int LONGEST_IN_TOKEN = 150;

    private final Cloud cloud;
    private final Coding coding;
    private final Orders orders;
    private final Results results;
    private final Values values;
    private final Locks locks;
    private final PastSuccesses past;
    private final Children children;
    private final Watches watches;

    Dispatcher(Cloud cloud, Coding coding, Locks locks, Children children) {
        this.cloud = cloud;
        this.coding = coding;
        this.locks = locks;
        this.values = new Values(cloud.artifacts());
        this.orders = new Orders(cloud, values, coding);
        this.children = children;
        this.watches = new Watches(cloud, coding);
        this.past = new PastSuccesses(cloud.artifacts());
        this.results = new Results(cloud.artifacts(), cloud.secrets());
    }

    /**
     * Does one command.
     *
     * @param run the run's state, in which the command was found
     * @param command what to do
     * @param again whether it may have been done already
     * @return what is known at once
     * @throws CloudException retryable, if it is to be tried again later
     */
    Optional<Signal.ToRun> dispatch(RunProgress run, Command command, boolean again) {
        if (command instanceof Command.CountItems count) {
            return Optional.of(count(run, count.stage()));
        }
        if (command instanceof Command.Recall recall) {
            return Optional.of(recall(run, recall));
        }
        if (command instanceof Command.Remember remember) {
            past.keep(
                    remember.key(),
                    new TakenOver.Taken(
                            run.run(),
                            run.slot(remember.stage())
                                    .flatMap(StageSlot::verdict)
                                    .orElseThrow()));
            return Optional.empty();
        }
        if (command instanceof Command.StartWork start) {
            return start(run, start, again);
        }
        if (command instanceof Command.StopWork stop) {
            return stop(run, stop);
        }
        if (command instanceof Command.BeginStep begin) {
            return begin(run, begin, again);
        }
        if (command instanceof Command.LookAtStep look) {
            return Optional.of(ascertain(run, look.step()));
        }
        if (command instanceof Command.WatchAlarm watch) {
            if (again) {
                return watches.look(watch);
            }
            watches.plan(run, watch);
            return Optional.empty();
        }
        if (command instanceof Command.AskEnvironment ask) {
            send(
                    StreamId.environment(ask.environment()),
                    "ask/" + run.run() + "/" + ask.stage(),
                    new Signal.Ask(
                            new Claimant(run.run(), ask.stage()),
                            Terms.alone(run.head().startedAt().orElseThrow())));
        } else if (command instanceof Command.ReleaseEnvironment release) {
            send(
                    StreamId.environment(release.environment()),
                    "release/" + run.run() + "/" + release.stage(),
                    new Signal.Release(
                            new Claimant(run.run(), release.stage()),
                            Rollouts.deployed(run, run.number(release.stage()))));
        } else if (command instanceof Command.AskTurn ask) {
            Claimant who = Claimant.of(run.run());
            send(StreamId.group(ask.group()), "ask/" + run.run(), new Signal.Ask(who, ask.terms()));
        } else if (command instanceof Command.WakeAt wake) {
            StreamId stream = StreamId.of(run.run());
            cloud.signals()
                    .send(
                            new SignalEnvelope(
                                    "wake/" + wake.at().toEpochMilli(), stream, coding.bytes(new Signal.Woken())),
                            wake.at());
        } else if (command instanceof Command.Conclude conclude) {
            children.tellParent(run);
            // Not by a signal, which could get lost: a run that is open no more is looked at no more.
            conclude.group()
                    .ifPresent(
                            group -> locks.signal(StreamId.group(group), new Signal.Release(Claimant.of(run.run()))));
        }
        return Optional.empty();
    }

    /** Looks at the alarm of a deployment that holds since this step. */
    Optional<Signal.ToRun> watch(RunProgress run, Signal.Watch due) {
        return Optional.of(run.number(due.stage()))
                .filter(stage -> stage >= 0)
                .flatMap(stage -> Rollouts.watch(run, stage))
                .filter(one -> one.index() == due.index())
                .flatMap(watches::look);
    }

    /**
     * Asks the services what no event told of a stage. Work that lives is left alone, even if its result is there: the service watches over it from now on, ends
     * what it leaves behind, and tells its end.
     */
    Optional<Signal.ToRun> ask(RunProgress run, int stage) {
        StageSlot slot = run.slot(stage);
        if (slot.phase() != Phase.WORKING) {
            return Optional.empty();
        }
        String name = run.plan().graph().key(stage);
        if (run.stage(stage) instanceof Stage.Child child) {
            return children.resolve(run, child, slot.attempt());
        }
        AttemptId attempt = new AttemptId(run.run(), name, slot.attempt());
        Optional<WorkRunner.Phase> phase = slot.work()
                .flatMap(StageSlot.Work::service)
                .map(service -> runner(run, name).look(attempt, service));
        return phase.equals(Optional.of(WorkRunner.Phase.LIVING))
                ? Optional.empty()
                : resolve(run, name, slot.attempt());
    }

    /** What became of an attempt of which a service says, or may say, that it is over. */
    Optional<Signal.ToRun> resolve(RunProgress run, String stage, int attempt) {
        Optional<StageSlot> slot = run.slot(stage);
        boolean current = slot.isPresent()
                && slot.get().attempt() == attempt
                && (slot.get().phase() == Phase.SCHEDULED
                        || slot.get().phase() == Phase.WORKING
                        || slot.get().phase() == Phase.STOPPING);
        if (!current) {
            return Optional.empty();
        }
        if (stage(run, stage) instanceof Stage.Child child) {
            return children.resolve(run, child, attempt);
        }
        AttemptId id = new AttemptId(run.run(), stage, attempt);
        Optional<Verdict> verdict = results.read(id, stage(run, stage));
        if (verdict.isEmpty() && isGone(run, id, slot.get())) {
            verdict = Optional.of(results.settle(
                    id, stage(run, stage), lost(id, slot.get().work().flatMap(StageSlot.Work::service))));
        }
        return verdict.map(how -> new Signal.WorkFinished(stage, attempt, how));
    }

    /** Whether no result can come any more: the service says so or, where nobody can be asked, the time limit and some more is over. */
    private boolean isGone(RunProgress run, AttemptId id, StageSlot slot) {
        Optional<String> service = slot.work().flatMap(StageSlot.Work::service);
        WorkRunner.Phase phase =
                service.map(known -> runner(run, id.stage()).look(id, known)).orElse(WorkRunner.Phase.UNKNOWN);
        if (phase == WorkRunner.Phase.OVER) {
            // A start whose answer was lost may have been made twice, and the one that is over may be the one that
            // found
            // the attempt claimed: what counts is whether the claimant is over. Nobody can claim it after us.
            phase = results.takeClaim(id) ? phase : claimantPhase(run, id, service.orElseThrow());
        }
        if (phase != WorkRunner.Phase.UNKNOWN || slot.phase() != Phase.STOPPING) {
            return phase == WorkRunner.Phase.OVER;
        }
        StageSlot.Stop stop = slot.work().flatMap(StageSlot.Work::stopping).orElseThrow();
        // The wish to stop it is not older than its start, so this never comes too early.
        boolean late = stop.why() == Cause.TIMED_OUT;
        Instant end =
                stop.since().plus(late ? Duration.ZERO : limits(run, id.stage()).within());
        return cloud.clock().instant().isAfter(end.plus(GRACE));
    }

    private WorkRunner.Phase claimantPhase(RunProgress run, AttemptId id, String over) {
        Optional<String> claimant = results.claimant(id).filter(one -> !one.equals(asInToken(over)));
        return claimant.map(one -> runner(run, id.stage()).look(id, one)).orElse(WorkRunner.Phase.OVER);
    }

    /** A service's id as the launcher and the function worker write it into a claim's token. */
    private static String asInToken(String service) {
        String known = service.replaceAll("[^A-Za-z0-9:._-]", "");
        return known.substring(0, Math.min(known.length(), LONGEST_IN_TOKEN));
    }

    private static Limits limits(RunProgress run, String name) {
        return Attempts.limitsOf(stage(run, name)).orElseThrow();
    }

    /** What to tell people of a worker that is gone. One that could not even begin says why in the last line of a short log. */
    private String lost(AttemptId attempt, Optional<String> service) {
        String lost = "the worker ended and left no result";
        if (service.isEmpty()) {
            return lost;
        }
        try {
            Logs.Piece log = cloud.logs().read(attempt, service.get(), 0, SHORT_LOG);
            List<String> lines =
                    log.text().lines().filter(line -> !line.isBlank()).toList();
            return log.ended() && !lines.isEmpty()
                    ? lost + "; its log ends: " + lines.get(lines.size() - 1).strip()
                    : lost;
        } catch (CloudException e) {
            return lost;
        }
    }

    private Signal.ToRun count(RunProgress run, String stage) {
        try {
            StageValue list = Cells.list(run, (Stage.FanOut) stage(run, stage));
            return new Signal.Counted(stage, Optional.of(values.items(list).size()), "");
        } catch (CloudException e) {
            if (e.retryable()) {
                throw e;
            }
            return new Signal.Counted(stage, Optional.empty(), "its list cannot be read: " + e.getMessage());
        }
    }

    private Signal.ToRun recall(RunProgress run, Command.Recall recall) {
        try {
            return new Signal.Recalled(
                    recall.stage(), recall.key(), past.find(recall.key(), stage(run, recall.stage())));
        } catch (CloudException e) {
            if (e.retryable()) {
                throw e;
            }
            return new Signal.Recalled(recall.stage(), recall.key(), Optional.empty());
        }
    }

    private Optional<Signal.ToRun> start(RunProgress run, Command.StartWork start, boolean again) {
        StageSlot slot = run.slot(start.stage()).orElseThrow();
        if (slot.phase() != Phase.SCHEDULED || slot.attempt() != start.attempt()) {
            // The run was read again since the command was given. What is older knows no inputs; what is newer needs no
            // start.
            throw CloudException.retryable(
                    "journal", "the run is another one than when " + start + " was given", new IOException("stale"));
        }
        if (stage(run, start.stage()) instanceof Stage.Child child) {
            return Optional.of(children.start(run, child, start.attempt()));
        }
        AttemptId attempt = new AttemptId(run.run(), start.stage(), start.attempt());
        WorkRunner runner = runner(run, start.stage());
        try {
            Optional<String> found = again ? runner.find(attempt) : Optional.empty();
            String service =
                    found.isPresent() ? found.get() : runner.start(orders.order(run, start.stage(), start.attempt()));
            return Optional.of(new Signal.WorkAccepted(start.stage(), start.attempt(), service));
        } catch (IllegalArgumentException e) {
            return Optional.of(new Signal.WorkRefused(start.stage(), start.attempt(), String.valueOf(e.getMessage())));
        } catch (CloudException e) {
            if (e.retryable()) {
                throw e;
            }
            return Optional.of(new Signal.WorkRefused(start.stage(), start.attempt(), String.valueOf(e.getMessage())));
        }
    }

    private Optional<Signal.ToRun> stop(RunProgress run, Command.StopWork stop) {
        if (stage(run, stop.stage()) instanceof Stage.Child child) {
            return children.stop(run, child, stop.attempt(), stop.why());
        }
        AttemptId attempt = new AttemptId(run.run(), stop.stage(), stop.attempt());
        WorkRunner runner = runner(run, stop.stage());
        Optional<String> service = stop.service().or(() -> runner.find(attempt));
        if (results.takeClaim(attempt)) {
            service.ifPresent(id -> runner.stop(attempt, id));
            Verdict never = results.settle(attempt, stage(run, stop.stage()), "it was stopped before it started");
            return Optional.of(new Signal.WorkFinished(stop.stage(), stop.attempt(), never));
        }
        results.tellToStop(attempt);
        service.ifPresent(id -> runner.stop(attempt, id));
        results.claimant(attempt)
                .filter(other -> !service.map(Dispatcher::asInToken).equals(Optional.of(other)))
                .ifPresent(other -> runner.stop(attempt, other));
        if (stop.service().isEmpty() && service.isPresent()) {
            // A start whose answer was lost: once it is recorded, the service can be asked whether its work is over.
            return Optional.of(new Signal.WorkAccepted(stop.stage(), stop.attempt(), service.get()));
        }
        return resolve(run, stop.stage(), stop.attempt());
    }

    private Optional<Signal.ToRun> begin(RunProgress run, Command.BeginStep begin, boolean again) {
        DeploymentStep step = step(run, begin);
        try {
            Optional<StepReport> known = again ? cloud.deliveries().look(step).end() : Optional.empty();
            if (known.isPresent()) {
                return Optional.of(over(step, known.get()));
            }
            cloud.deliveries().begin(step);
            return Optional.empty();
        } catch (CloudException e) {
            if (e.retryable()) {
                throw e;
            }
            return Optional.of(over(step, StepReport.failure(String.valueOf(e.getMessage()))));
        }
    }

    private Signal.ToRun ascertain(RunProgress run, Command.BeginStep overdue) {
        DeploymentStep step = step(run, overdue);
        StepState state = cloud.deliveries().look(step);
        return state instanceof StepState.Ended ended
                ? over(step, ended.report())
                : new Signal.StepLost(step.stage(), step.index(), state instanceof StepState.UnderWay);
    }

    private static Signal.ToRun over(DeploymentStep step, StepReport report) {
        return new Signal.StepOver(
                step.stage(), step.index(), report.succeeded(), report.detail(), report.version(), report.address());
    }

    private static DeploymentStep step(RunProgress run, Command.BeginStep begin) {
        Stage.Deploy deploy = (Stage.Deploy) stage(run, begin.stage());
        return new DeploymentStep(
                run.run(),
                begin.stage(),
                begin.index(),
                deploy.delivery().environment().name(),
                begin.fence(),
                begin.version(),
                wanted(run, begin, deploy.delivery()));
    }

    private static DeploymentStep.Wanted wanted(RunProgress run, Command.BeginStep begin, Stage.Delivery delivery) {
        return switch (begin.step()) {
            case PREPARE ->
                new DeploymentStep.Prepared(run.slot(begin.stage())
                        .flatMap(StageSlot::rollout)
                        .orElseThrow()
                        .release());
            case SHIFT -> new DeploymentStep.Shifted(begin.percent());
            case CHECK -> new DeploymentStep.Healthy(delivery.rollout().alarm());
            case COMPLETE -> new DeploymentStep.Completed();
            case ROLL_BACK -> new DeploymentStep.RolledBack();
        };
    }

    private void send(StreamId stream, String id, Signal signal) {
        cloud.signals().send(new SignalEnvelope(id, stream, coding.bytes(signal)));
    }

    private WorkRunner runner(RunProgress run, String stage) {
        return stage(run, stage) instanceof Stage.Function ? cloud.functions() : cloud.builds();
    }

    private static Stage stage(RunProgress run, String name) {
        return run.plan().stage(run.plan().graph().number(name));
    }
}
