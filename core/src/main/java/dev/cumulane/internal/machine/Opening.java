// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

import com.google.common.primitives.ImmutableIntArray;
import dev.cumulane.pipeline.Artifact;
import dev.cumulane.pipeline.Guard;
import dev.cumulane.pipeline.Input;
import dev.cumulane.pipeline.Stage;
import dev.cumulane.pipeline.Value;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.Produced;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.TrustLevel;
import dev.cumulane.run.Verdict;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The rules by which a stage begins, or never does. */
final class Opening {
    private static final int MOST_NAMED = 100;

    private Opening() {}

    static void open(Step step, int stage, Optional<Signal.ToStage> signal) {
        Optional<TakenOver.Taken> taken = step.run().plan().taken(step.name(stage));
        if (taken.isPresent() && !step.run().endsWithTheRun(stage)) {
            if (step.run().stage(stage) instanceof Stage.FanOut whole
                    && taken.get().verdict().outcome() == Outcome.SUCCESS) {
                // What there is to take over is its cells', which it needs for that.
                Cells.open(step, stage, whole);
                return;
            }
            step.emit(
                    stage,
                    new RunEvent.StageReused(
                            step.name(stage), taken.get().from(), taken.get().replaced()));
            step.finish(stage, taken.get().verdict());
            return;
        }
        if (step.run().stage(stage) instanceof Stage.Group) {
            gather(step, stage, signal);
            return;
        }
        if (step.run().mustEnd(stage)) {
            Step.endCancelled(step, stage, signal);
            return;
        }
        Optional<Verdict> leftOut = unwanted(step).or(() -> leftOut(step, stage));
        if (leftOut.isPresent()) {
            step.finish(stage, leftOut.get());
            return;
        }
        Optional<StageSlot.Skip> skip = step.run().slot(stage).skip();
        if (skip.isPresent()) {
            step.finish(stage, skip.get().verdict());
            return;
        }
        List<String> secrets = isUntrusted(step) ? secrets(step.run().stage(stage)) : List.of();
        if (!secrets.isEmpty()) {
            // Not left out: what tests nothing must not look like a success.
            step.finish(
                    stage,
                    Verdict.of(
                            Cause.REFUSED,
                            "untrusted work gets no secret, and asks for " + String.join(", ", secrets)));
            return;
        }
        Stage what = step.run().stage(stage);
        if (what instanceof Stage.Approval approval) {
            Optional<Verdict> hopeless = Ballots.hopeless(step.run(), approval);
            if (hopeless.isPresent()) {
                step.finish(stage, hopeless.get());
                return;
            }
            List<Produced> artifacts = decidedOn(step, stage);
            // The digest is of all of them, however many are named.
            List<Produced> named = artifacts.subList(0, Math.min(artifacts.size(), MOST_NAMED));
            step.emit(
                    stage,
                    new RunEvent.ApprovalRequested(
                            what.name(),
                            step.at().plus(approval.expiresAfter()),
                            step.run().subject(artifacts),
                            named));
        } else if (what instanceof Stage.FanOut whole) {
            Cells.open(step, stage, whole);
        } else if (what instanceof Stage.Deploy deploy) {
            Rollouts.ask(step, stage, deploy);
        } else {
            step.emit(
                    stage,
                    Reuse.key(step.run(), stage)
                            .<RunEvent>map(key -> new RunEvent.ReuseSought(what.name(), key))
                            .orElseGet(() -> new RunEvent.StageScheduled(what.name(), 1)));
        }
    }

    /** Ends a group, or a stage that has fanned out. */
    static void gather(Step step, int stage, Optional<Signal.ToStage> signal) {
        if (step.run().mustEnd(stage)) {
            Step.endCancelled(step, stage, signal);
        } else {
            step.finish(stage, step.run().gathering(stage).verdict());
        }
    }

    /** Why no stage of the run runs, not even those that always do, if so. */
    private static Optional<Verdict> unwanted(Step step) {
        return step.run()
                .head()
                .started()
                .flatMap(RunEvent.RunStarted::unwanted)
                .map(why -> Verdict.of(Cause.CONDITION_UNMET, why));
    }

    /** Why a stage whose turn has come does not run, if it does not. */
    private static Optional<Verdict> leftOut(Step step, int stage) {
        Stage.Needs needs = step.run().stage(stage).needs();
        Optional<Verdict> unmet = switch (needs.when()) {
            case SUCCESS -> unmet(step, stage, needs);
            case ALWAYS -> Optional.empty();
            case FAILURE -> unneeded(step, stage);
        };
        return unmet.or(() -> Guards.refusal(needs.only(), step.run())
                .or(() -> mayNotDeploy(step, stage))
                .map(why -> Verdict.of(Cause.CONDITION_UNMET, why)));
    }

    private static Optional<String> mayNotDeploy(Step step, int stage) {
        return isUntrusted(step) && step.run().stage(stage) instanceof Stage.Deploy
                ? Optional.of("untrusted work deploys nothing")
                : Optional.empty();
    }

    private static boolean isUntrusted(Step step) {
        return step.run().source().trust() == TrustLevel.UNTRUSTED;
    }

    private static List<String> secrets(Stage stage) {
        return stage.env().values().stream()
                .filter(Value.Secret.class::isInstance)
                .map(secret -> "'" + ((Value.Secret) secret).reference() + "'")
                .distinct()
                .toList();
    }

    private static Optional<Verdict> unmet(Step step, int stage, Stage.Needs needs) {
        Set<String> anyhow = needs.only().map(Guard::stages).orElseGet(Collections::emptySortedSet);
        Set<String> read = new LinkedHashSet<>();
        for (Input input : needs.reads()) {
            input.from().ifPresent(read::add);
        }
        ImmutableIntArray before = step.run().plan().graph().before(stage);
        for (int i = 0; i < before.length(); i++) {
            String name = step.name(before.get(i));
            Verdict verdict = step.run().slot(before.get(i)).verdict().orElseThrow();
            boolean isRead = read.contains(name);
            if (!verdict.cause().letsOthersGoOn() && (isRead || !anyhow.contains(name))) {
                return Optional.of(Verdict.of(Cause.NEEDS_UNMET, "'" + name + "' ended in " + verdict.outcome()));
            }
        }
        // A failure weighs more than a skip: what only comes after this stage must not go on because of it.
        for (String name : read) {
            Verdict verdict = step.run().slot(name).flatMap(StageSlot::verdict).orElseThrow();
            if (verdict.outcome() == Outcome.SKIP) {
                return Optional.of(Verdict.of(verdict.cause(), "reads from '" + name + "', which was skipped"));
            }
        }
        return Optional.empty();
    }

    private static Optional<Verdict> unneeded(Step step, int stage) {
        ImmutableIntArray before = step.run().plan().graph().before(stage);
        for (int i = 0; i < before.length(); i++) {
            boolean failed = !step.run()
                    .slot(before.get(i))
                    .verdict()
                    .orElseThrow()
                    .cause()
                    .letsOthersGoOn();
            if (failed && !step.run().isBorne(before.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(Verdict.of(Cause.NOT_NEEDED, "nothing failed before it"));
    }

    /** The artifacts that stages right behind an approval read: what goes on when it is given. */
    private static List<Produced> decidedOn(Step step, int stage) {
        Set<Produced> artifacts = new LinkedHashSet<>();
        ImmutableIntArray behind = step.run().plan().graph().behind(stage);
        for (int i = 0; i < behind.length(); i++) {
            for (Input input : step.run().stage(behind.get(i)).needs().reads()) {
                if (input instanceof Artifact artifact) {
                    step.run().produced(artifact).ifPresent(artifacts::add);
                }
            }
        }
        return List.copyOf(artifacts);
    }
}
