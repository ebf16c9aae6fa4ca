// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

import dev.cumulane.pipeline.Artifact;
import dev.cumulane.pipeline.Environment;
import dev.cumulane.pipeline.Stage;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Deployment;
import dev.cumulane.run.Produced;
import dev.cumulane.run.Release;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.TrustLevel;
import dev.cumulane.run.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The rules of deployments. */
public final class Rollouts {
    /** Where beginning again ends: a provider that forgets whatever it is told must not keep a run for ever. */
    private static final int MOST_STEPS = 100;

    /** How long a deployment waits for its environment. */
    private static final Duration LONGEST_ASKING = Duration.ofDays(1);

    /** How often an alarm is looked at during a hold, at most: each look without a record is a hop of the few that an engine may make. */
    private static final int MOST_LOOKS = 60;

    private static final Duration SHORTEST_WATCH = Duration.ofMinutes(1);

    private Rollouts() {}

    /** What an event of a deployment changes; empty for other events. */
    static Optional<Change> fold(RunProgress run, RunEvent event, Instant at) {
        if (event instanceof RunEvent.EnvironmentAsked asked) {
            int stage = run.known(asked.stage());
            StageSlot next = run.slot(stage).begun(at).with(StageSlot.Rolling.asked(asked.release()));
            return Change.of(stage, next.in(Phase.ASKING, at.plus(LONGEST_ASKING)));
        }
        if (event instanceof RunEvent.EnvironmentGranted granted) {
            int stage = run.known(granted.stage());
            return Change.of(stage, run.slot(stage).with(rolling(run, stage).granted(granted.fence())));
        }
        if (event instanceof RunEvent.StepStarted started) {
            int stage = run.known(started.stage());
            StageSlot next = run.slot(stage).with(rolling(run, stage).begins(started, backOf(run, stage, started)));
            Duration within = ((Stage.Deploy) run.stage(stage)).limits().within();
            return Change.of(stage, next.in(Phase.STEPPING, at.plus(within)));
        }
        if (event instanceof RunEvent.StepOverdue overdue) {
            int stage = run.known(overdue.stage());
            return Change.of(stage, run.slot(stage).in(Phase.OVERDUE));
        }
        if (event instanceof RunEvent.StepFinished finished) {
            int stage = run.known(finished.stage());
            return Change.of(stage, run.slot(stage).with(rolling(run, stage).ends(finished)));
        }
        if (event instanceof RunEvent.AlarmRang rang) {
            int stage = run.known(rang.stage());
            Verdict why = Verdict.of(Cause.UNHEALTHY, "alarm '" + rang.alarm() + "' rings");
            return Change.of(stage, run.slot(stage).with(rolling(run, stage).failing(why)));
        }
        if (event instanceof RunEvent.HoldStarted hold) {
            int stage = run.known(hold.stage());
            return Change.of(stage, run.slot(stage).in(Phase.HOLDING, hold.until()));
        }
        return Optional.empty();
    }

    private static StageSlot.Rolling rolling(RunProgress run, int stage) {
        return run.slot(stage).rollout().orElseThrow();
    }

    /** A rollback of a deployment in which nothing failed can only be a cancelled one. */
    private static Optional<Verdict> backOf(RunProgress run, int stage, RunEvent.StepStarted started) {
        Optional<Verdict> failed = rolling(run, stage).failed();
        return started.step() == RunEvent.Step.ROLL_BACK && failed.isEmpty()
                ? Optional.of(Verdict.of(run.ending(stage), "rolled back, since " + run.whyEnding(stage)))
                : failed;
    }

    /** How a stage's deployment ended, for its environment; empty if it never had the environment. */
    public static Optional<Signal.Deployed> deployed(RunProgress run, int stage) {
        StageSlot slot = run.slot(stage);
        Optional<StageSlot.Rolling> rolling = slot.rollout().filter(one -> one.fence() > 0);
        if (slot.phase() != Phase.FINISHED || rolling.isEmpty()) {
            return Optional.empty();
        }
        Verdict verdict = slot.verdict().orElseThrow();
        boolean rolledBack = rolling.get().isRollingBack() && verdict.cause() != Cause.DEPLOYMENT_FAILED;
        Deployment deployment = new Deployment(
                run.run(),
                run.name(stage),
                Deployment.Kind.RELEASE,
                rolling.get().release(),
                verdict.cause(),
                verdict.detail(),
                run.source().by(),
                slot.ended().orElseThrow());
        return Optional.of(new Signal.Deployed(deployment, rolledBack));
    }

    /** Asks for the environment, if all of the release was written: by the digests that were recorded then. */
    static void ask(Step step, int stage, Stage.Deploy deploy) {
        Optional<String> distrusted = distrust(step.run().source().trust(), deploy);
        if (distrusted.isPresent()) {
            step.finish(stage, Verdict.of(Cause.CONDITION_UNMET, distrusted.get()));
            return;
        }
        List<Produced> artifacts = new ArrayList<>();
        for (Artifact artifact : deploy.delivery().artifacts()) {
            Optional<Produced> produced = step.run().produced(artifact);
            if (produced.isEmpty()) {
                String missing =
                        "artifact '" + artifact.name() + "' of stage '" + artifact.stage() + "' was not written";
                step.finish(stage, Verdict.of(Cause.NEEDS_UNMET, missing));
                return;
            }
            artifacts.add(produced.get());
        }
        step.emit(
                stage,
                new RunEvent.EnvironmentAsked(
                        deploy.name(),
                        deploy.delivery().environment().name(),
                        new Release(deploy.delivery().release(), artifacts)));
    }

    /** Why a run is not trusted enough for a deployment, if so. */
    private static Optional<String> distrust(TrustLevel trust, Stage.Deploy deploy) {
        boolean isItself = deploy.delivery().environment().equals(Environment.ITSELF);
        return isItself && trust != TrustLevel.TRUSTED
                ? Optional.of("runs only for a protected branch")
                : Optional.empty();
    }

    static void enter(Step step, int stage, Optional<Signal.ToStage> signal) {
        Signal.Granted granted = (Signal.Granted) signal.orElseThrow();
        Stage.Deploy deploy = (Stage.Deploy) step.run().stage(stage);
        step.emit(
                stage,
                new RunEvent.EnvironmentGranted(
                        deploy.name(), deploy.delivery().environment().name(), granted.fence()));
        startStep(step, stage, script(step, stage).get(0));
    }

    static void giveUpAsking(Step step, int stage, Optional<Signal.ToStage> signal) {
        step.finish(stage, Verdict.of(Cause.TIMED_OUT, "the environment did not become free within " + LONGEST_ASKING));
    }

    static void finishStep(Step step, int stage, Optional<Signal.ToStage> signal) {
        Signal.StepOver over = (Signal.StepOver) signal.orElseThrow();
        if (over.index() == rolling(step, stage).index()) {
            endStep(
                    step,
                    stage,
                    new RunEvent.StepFinished(
                            step.name(stage),
                            over.index(),
                            over.succeeded(),
                            over.detail(),
                            over.version(),
                            over.address()));
        }
    }

    /** Its limit has passed, but only the provider knows what became of it. */
    static void doubt(Step step, int stage, Optional<Signal.ToStage> signal) {
        step.emit(
                stage,
                new RunEvent.StepOverdue(step.name(stage), rolling(step, stage).index()));
    }

    static void loseStep(Step step, int stage, Optional<Signal.ToStage> signal) {
        Signal.StepLost lost = (Signal.StepLost) signal.orElseThrow();
        StageSlot.Rolling is = rolling(step, stage);
        if (lost.index() != is.index()) {
            return;
        }
        if (!lost.begun() && is.index() < MOST_STEPS) {
            // The command never arrived: nothing happened that could have used up the step's time.
            step.emit(
                    stage,
                    new RunEvent.StepStarted(
                            step.name(stage), is.index() + 1, is.step().orElseThrow(), is.percent()));
            return;
        }
        Stage.Deploy deploy = (Stage.Deploy) step.run().stage(stage);
        String detail = "step " + is.step().orElseThrow() + " did not end within "
                + deploy.limits().within();
        endStep(
                step,
                stage,
                new RunEvent.StepFinished(
                        step.name(stage), is.index(), false, detail, Optional.empty(), Optional.empty()));
    }

    private static void endStep(Step step, int stage, RunEvent.StepFinished finished) {
        boolean wasRollback = rolling(step, stage).isRollingBack();
        step.emit(stage, finished);
        StageSlot.Rolling now = rolling(step, stage);
        if (wasRollback) {
            Verdict why = now.failed().orElseThrow();
            step.finish(
                    stage,
                    finished.succeeded()
                            ? why
                            : Verdict.of(
                                    Cause.DEPLOYMENT_FAILED,
                                    why.detail() + "; and the rollback failed: " + finished.detail()));
        } else if (!finished.succeeded()) {
            rollBack(step, stage);
        } else if (now.done() == script(step, stage).size()) {
            step.finish(stage, new Verdict(Cause.COMPLETED, "", List.of(), Optional.empty(), now.address()));
        } else if (step.run().mustEnd(stage)) {
            rollBackCancelled(step, stage, Optional.empty());
        } else {
            Script next = script(step, stage).get(now.done());
            if (next.hold().isZero()) {
                startStep(step, stage, next);
            } else {
                step.emit(
                        stage,
                        new RunEvent.HoldStarted(step.name(stage), step.at().plus(next.hold())));
            }
        }
    }

    static void nextStep(Step step, int stage, Optional<Signal.ToStage> signal) {
        startStep(step, stage, script(step, stage).get(rolling(step, stage).done()));
    }

    static void rollBackCancelled(Step step, int stage, Optional<Signal.ToStage> signal) {
        rollBack(step, stage);
    }

    static void rollBackAlarmed(Step step, int stage, Optional<Signal.ToStage> signal) {
        Signal.AlarmRang rang = (Signal.AlarmRang) signal.orElseThrow();
        if (rang.index() == rolling(step, stage).index()) {
            step.emit(stage, new RunEvent.AlarmRang(step.name(stage), rang.alarm()));
            rollBack(step, stage);
        }
    }

    /** What a deployment that holds asks for, if it watches an alarm. */
    public static Optional<Command.WatchAlarm> watch(RunProgress run, int stage) {
        StageSlot slot = run.slot(stage);
        if (slot.phase() != Phase.HOLDING || !(run.stage(stage) instanceof Stage.Deploy deploy)) {
            return Optional.empty();
        }
        StageSlot.Rolling is = slot.rollout().orElseThrow();
        Duration hold = RunPlan.script(deploy).get(is.done()).hold();
        Duration rare = hold.dividedBy(MOST_LOOKS);
        return deploy.delivery()
                .rollout()
                .alarm()
                .map(alarm -> new Command.WatchAlarm(
                        run.name(stage),
                        is.index(),
                        deploy.delivery().environment().name(),
                        alarm,
                        slot.deadline().orElseThrow(),
                        hold,
                        rare.compareTo(SHORTEST_WATCH) > 0 ? rare : SHORTEST_WATCH));
    }

    private static void rollBack(Step step, int stage) {
        step.emit(
                stage,
                new RunEvent.StepStarted(
                        step.name(stage), rolling(step, stage).index() + 1, RunEvent.Step.ROLL_BACK, 0));
    }

    private static void startStep(Step step, int stage, Script line) {
        step.emit(
                stage,
                new RunEvent.StepStarted(
                        step.name(stage), rolling(step, stage).index() + 1, line.step(), line.percent()));
    }

    private static StageSlot.Rolling rolling(Step step, int stage) {
        return step.run().slot(stage).rollout().orElseThrow();
    }

    private static List<Script> script(Step step, int stage) {
        return RunPlan.script((Stage.Deploy) step.run().stage(stage));
    }
}
