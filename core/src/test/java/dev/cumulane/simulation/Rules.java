// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.simulation;

import dev.cumulane.internal.machine.RunPlan;
import dev.cumulane.internal.machine.RunProgress;
import dev.cumulane.internal.machine.StageSlot;
import dev.cumulane.pipeline.Stage;
import dev.cumulane.run.Cause;
import dev.cumulane.run.Outcome;
import dev.cumulane.run.Verdict;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What the documentation says of a run's stages and groups, told anew from how others ended: whether one is left out, and what a group comes to. */
final class Rules {
    private final RunPlan plan;
    private final RunProgress progress;
    private final RandomPipeline pipeline;

    Rules(RunPlan plan, RunProgress progress, RandomPipeline pipeline) {
        this.plan = plan;
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
        return switch (stage.needs().when()) {
            case ALWAYS -> Optional.empty();
            case FAILURE -> unborne ? Optional.empty() : Optional.of(Cause.NOT_NEEDED);
            case SUCCESS -> {
                Optional<Cause> skipped = reads(stage)
                        .map(this::cause)
                        .filter(one -> one.outcome() == Outcome.SKIP)
                        .findFirst();
                boolean unmet = failed
                        && (pipeline.asksFor(stage.name()).isEmpty()
                                || before.stream()
                                        .anyMatch(need -> !letsGoOn(need)
                                                && (!pipeline.asksFor(stage.name())
                                                                .contains(need)
                                                        || reads(stage).anyMatch(need::equals))));
                yield unmet
                        ? Optional.of(Cause.NEEDS_UNMET)
                        : skipped.or(() -> pipeline.isUnmet(stage.name(), this::cause)
                                ? Optional.of(Cause.CONDITION_UNMET)
                                : Optional.empty());
            }
        };
    }

    private static Stream<String> reads(Stage stage) {
        return stage.needs().reads().stream().flatMap(input -> input.from().stream());
    }

    /** What a group makes of its members, by the rules of the documentation; empty while it has to wait. */
    Optional<Cause> gathered(Stage.Group group) {
        List<Verdict> ends = group.members().stream()
                .flatMap(member -> progress.slot(member.stage()).flatMap(StageSlot::verdict).stream())
                .toList();
        long good = ends.stream()
                .filter(end -> group.policy().atLeast().isPresent()
                        ? end.outcome() == Outcome.SUCCESS
                        : end.cause().letsOthersGoOn())
                .count();
        int needed = group.policy().atLeast().orElse(group.members().size());
        if (good >= needed) {
            return Optional.of(Cause.COMPLETED);
        }
        return ends.size() == group.members().size() ? Optional.of(Cause.TOO_FEW_SUCCEEDED) : Optional.empty();
    }

    /** Whether a stage's group needs it no more. */
    boolean isSurplus(String stage) {
        return groupOf(stage)
                .filter(group -> group.policy().stopsTheRest())
                .filter(group -> {
                    long over = group.members().stream()
                            .filter(member -> progress.slot(member.stage())
                                    .flatMap(StageSlot::verdict)
                                    .isPresent())
                            .count();
                    long bad = group.members().stream()
                            .filter(member -> progress.slot(member.stage())
                                    .flatMap(StageSlot::verdict)
                                    .filter(end -> group.policy().atLeast().isPresent()
                                            ? end.outcome() != Outcome.SUCCESS
                                            : !end.cause().letsOthersGoOn())
                                    .isPresent())
                            .count();
                    int needed = group.policy().atLeast().orElse(group.members().size());
                    return over - bad >= needed || group.members().size() - bad < needed;
                })
                .isPresent();
    }

    private Optional<Stage.Group> groupOf(String stage) {
        return plan.plan().stages().stream()
                .filter(Stage.Group.class::isInstance)
                .map(Stage.Group.class::cast)
                .filter(group -> group.members().stream()
                        .anyMatch(member -> member.stage().equals(stage)))
                .findFirst();
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
}
