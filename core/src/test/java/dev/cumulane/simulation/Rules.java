// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.simulation;

import dev.cumulane.internal.machine.RunPlan;
import dev.cumulane.internal.machine.RunProgress;
import dev.cumulane.internal.machine.StageSlot;
import dev.cumulane.pipeline.Policy;
import dev.cumulane.pipeline.Stage;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.TrustLevel;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the documentation says of a run's stages and groups, told anew from how others ended: whether one is left out, and what a group comes to. */
final class Rules {
    private final RunProgress progress;
    private final RandomPipeline pipeline;

    Rules(RunProgress progress, RandomPipeline pipeline) {
        this.progress = progress;
        this.pipeline = pipeline;
    }

    /** What keeps a stage from running, by the rules of the documentation; all that it comes after has ended, or the run is to end. */
    Optional<Cause> leftOut(Stage stage) {
        if (stage instanceof Stage.Group) {
            return Optional.empty();
        }
        List<String> before = RunPlan.before(stage);
        if (before.stream()
                .anyMatch(need -> progress.slot(need).orElseThrow().verdict().isEmpty())) {
            return Optional.empty();
        }
        boolean failed = before.stream().anyMatch(need -> !letsGoOn(need));
        boolean unborne = before.stream().anyMatch(need -> !letsGoOn(need) && !isBorne(need));
        Optional<Cause> leftOut = switch (stage.needs().when()) {
            case ALWAYS -> Optional.empty();
            case FAILURE -> unborne ? Optional.empty() : Optional.of(Cause.NOT_NEEDED);
            case SUCCESS -> {
                Optional<Cause> skipped = reads(stage)
                        .map(this::cause)
                        .filter(one -> one.outcome() == Outcome.SKIP)
                        .findFirst();
                boolean unmet = failed
                        && (pipeline.asksFor(inPlan(stage.name())).isEmpty()
                                || before.stream()
                                        .anyMatch(need -> !letsGoOn(need)
                                                && (!pipeline.asksFor(inPlan(stage.name()))
                                                                .contains(need)
                                                        || reads(stage).anyMatch(need::equals))));
                yield unmet
                        ? Optional.of(Cause.NEEDS_UNMET)
                        : skipped.or(() -> pipeline.isUnmet(inPlan(stage.name()), this::cause)
                                ? Optional.of(Cause.CONDITION_UNMET)
                                : Optional.empty());
            }
        };
        return leftOut.or(() ->
                stage instanceof Stage.Deploy && isUntrusted() ? Optional.of(Cause.CONDITION_UNMET) : Optional.empty());
    }

    private boolean isUntrusted() {
        return progress.source().trust() == TrustLevel.UNTRUSTED;
    }

    private static Stream<String> reads(Stage stage) {
        return stage.needs().reads().stream().flatMap(input -> input.from().stream());
    }

    /** What a group, or a stage that has fanned out, makes of its members, by the rules of the documentation; empty while it has to wait. */
    Optional<Cause> gathered(Stage whole) {
        Policy policy = policy(whole);
        List<String> members = progress.plan().members(whole.name());
        int needed = policy.atLeast().orElse(members.size());
        if (members.stream().filter(one -> counts(one, policy)).count() >= needed) {
            return Optional.of(Cause.COMPLETED);
        }
        return members.stream().allMatch(this::isOver) ? Optional.of(Cause.TOO_FEW_SUCCEEDED) : Optional.empty();
    }

    private static Policy policy(Stage whole) {
        return whole instanceof Stage.Group group ? group.policy() : ((Stage.FanOut) whole).policy();
    }

    boolean isOver(String stage) {
        return progress.slot(stage).flatMap(StageSlot::verdict).isPresent();
    }

    private boolean counts(String member, Policy policy) {
        return isOver(member)
                && (policy.atLeast().isPresent() ? cause(member).outcome() == Outcome.SUCCESS : letsGoOn(member));
    }

    /** Whether a stage's group needs it no more. */
    boolean isSurplus(String stage) {
        Optional<Stage> whole = groupOf(stage).filter(group -> policy(group).stopsTheRest());
        if (whole.isEmpty()) {
            return false;
        }
        Policy policy = policy(whole.get());
        List<String> members = progress.plan().members(whole.get().name());
        long over = members.stream().filter(this::isOver).count();
        long good = members.stream().filter(one -> counts(one, policy)).count();
        int needed = policy.atLeast().orElse(members.size());
        return good >= needed || good + members.size() - over < needed;
    }

    private Optional<Stage> groupOf(String stage) {
        return progress.plan().plan().stages().stream()
                .filter(group -> group instanceof Stage.Group || group instanceof Stage.FanOut)
                .filter(group -> progress.plan().members(group.name()).contains(stage))
                .findFirst();
    }

    /** The stage as the plan has it: a cell's template is the whole. */
    private String inPlan(String stage) {
        return groupOf(stage)
                .filter(Stage.FanOut.class::isInstance)
                .map(Stage::name)
                .orElse(stage);
    }

    private boolean isBorne(String stage) {
        return groupOf(stage)
                .flatMap(group -> progress.slot(group.name()).flatMap(StageSlot::verdict))
                .filter(verdict -> verdict.outcome() == Outcome.SUCCESS)
                .isPresent();
    }

    private boolean letsGoOn(String stage) {
        return cause(stage).letsOthersGoOn();
    }

    private Cause cause(String stage) {
        return progress.slot(stage).flatMap(StageSlot::verdict).orElseThrow().cause();
    }

    /** Why the run is to end before its time, if it is. */
    @Nullable
    Cause ending() {
        if (progress.head().late().isPresent()) {
            return Cause.TIMED_OUT;
        }
        if (progress.head().turn().filter(turn -> turn.refused()).isPresent()) {
            return Cause.GROUP_FULL;
        }
        if (progress.head().turn().flatMap(turn -> turn.by()).isPresent()) {
            return Cause.SUPERSEDED;
        }
        return progress.head().cancelled().isPresent() ? Cause.CANCELLED : null;
    }
}
