// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

import com.google.common.primitives.ImmutableIntArray;
import dev.cumulane.pipeline.Artifact;
import dev.cumulane.pipeline.Input;
import dev.cumulane.pipeline.Plan;
import dev.cumulane.pipeline.Stage;
import dev.cumulane.pipeline.Value;
import dev.cumulane.run.RunId;
import dev.cumulane.run.Verdict;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The stages that a run takes over from another one, instead of running them again.
 *
 * <p>It is closed: whatever comes before a stage that is taken over is taken over, too. A stage whose input may change is never taken over, and an approval is taken over
 * only if all that its voters saw is.
 *
 * @param stages by their names
 */
public record TakenOver(SortedMap<String, Taken> stages) {
    /** Nothing. */
    static final TakenOver NOTHING = new TakenOver(Collections.emptySortedMap());

    /**
     * A stage that is taken over.
     *
     * @param from the run in which it really ran
     * @param verdict how it ended there
     */
    public record Taken(RunId from, Verdict verdict) {}

    /** Copies the map. */
    public TakenOver {
        stages = Collections.unmodifiableSortedMap(new TreeMap<>(stages));
    }

    /** The stages among them that know a parameter. */
    public List<String> knowing(Plan plan, Set<String> parameters) {
        return plan.stages().stream()
                .filter(this::holds)
                .filter(stage -> stage.env().values().stream()
                        .anyMatch(value -> value instanceof Value.Said said && parameters.contains(said.parameter())))
                .map(Stage::name)
                .toList();
    }

    private boolean holds(Stage stage) {
        return stages.containsKey(stage.name())
                || (stage instanceof Stage.FanOut whole
                        && stages.keySet().stream().anyMatch(whole::couldName));
    }

    Optional<Taken> stage(String name) {
        return Optional.ofNullable(stages.get(name));
    }

    /** Whatever went well in a run, or was left out for a good reason, and comes behind nothing else. */
    public static TakenOver successes(RunProgress run) {
        return except(run, new BitSet());
    }

    /** The same, without a stage and all that comes behind it. */
    public static TakenOver notBehind(RunProgress run, int stage) {
        BitSet again = new BitSet();
        again.set(stage);
        return except(run, again);
    }

    private static TakenOver except(RunProgress run, BitSet again) {
        RunPlan plan = run.plan();
        for (int i = 0; i < plan.size(); i++) {
            if (run.slot(i)
                    .verdict()
                    .filter(how -> how.cause().letsOthersGoOn())
                    .isEmpty()) {
                again.set(i);
            }
        }
        Deque<Integer> open = new ArrayDeque<>();
        again.stream().forEach(open::add);
        while (!open.isEmpty()) {
            int stage = open.remove();
            ImmutableIntArray behind = plan.graph().behind(stage);
            for (int i = 0; i < behind.length(); i++) {
                add(behind.get(i), again, open);
                if (reads(plan.stage(behind.get(i)), plan.stage(stage))) {
                    approvalsThatSaw(plan, stage, behind.get(i), again, open);
                }
            }
        }
        SortedMap<String, Taken> stages = new TreeMap<>();
        for (int i = again.nextClearBit(0); i < plan.size(); i = again.nextClearBit(i + 1)) {
            StageSlot slot = run.slot(i);
            stages.put(
                    run.name(i),
                    new Taken(slot.from().orElse(run.run()), slot.verdict().orElseThrow()));
        }
        return new TakenOver(stages);
    }

    private static void add(int stage, BitSet again, Deque<Integer> open) {
        if (!again.get(stage)) {
            again.set(stage);
            open.add(stage);
        }
    }

    private static boolean reads(Stage reader, Stage writer) {
        for (Input input : reader.needs().reads()) {
            if (input instanceof Artifact artifact && artifact.stage().equals(writer.name())) {
                return true;
            }
        }
        return false;
    }

    /** An approval is about what the stages right behind it read, unless that is written after the approval. */
    private static void approvalsThatSaw(RunPlan plan, int writer, int reader, BitSet again, Deque<Integer> open) {
        ImmutableIntArray before = plan.graph().before(reader);
        for (int i = 0; i < before.length(); i++) {
            int approval = before.get(i);
            if (!again.get(approval)
                    && plan.stage(approval) instanceof Stage.Approval
                    && !plan.graph().isBehind(writer, approval)) {
                add(approval, again, open);
            }
        }
    }
}
