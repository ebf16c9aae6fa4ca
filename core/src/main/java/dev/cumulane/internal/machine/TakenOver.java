// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

import com.google.common.primitives.ImmutableIntArray;
import dev.cumulane.pipeline.Artifact;
import dev.cumulane.pipeline.Input;
import dev.cumulane.pipeline.Plan;
import dev.cumulane.pipeline.Stage;
import dev.cumulane.pipeline.Value;
import dev.cumulane.run.Produced;
import dev.cumulane.run.RunId;
import dev.cumulane.run.Verdict;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

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
     * @param verdict how it ended there; with other artifacts in the place of some, if a fork changes them
     * @param replaced those other artifacts
     */
    public record Taken(RunId from, Verdict verdict, List<Produced> replaced) {
        /** Copies the list. */
        public Taken {
            replaced = List.copyOf(replaced);
        }

        /** A stage that is taken over as it was. */
        public Taken(RunId from, Verdict verdict) {
            this(from, verdict, List.of());
        }

        private Taken replacing(Produced other) {
            List<Produced> artifacts = new ArrayList<>(verdict.artifacts());
            artifacts.replaceAll(one -> one.name().equals(other.name()) ? other : one);
            List<Produced> others = new ArrayList<>(replaced);
            others.removeIf(one -> one.name().equals(other.name()));
            others.add(other);
            Verdict changed = new Verdict(
                    verdict.cause(), verdict.detail(), artifacts, verdict.tests(), verdict.address(), verdict.values());
            return new Taken(from, changed, others);
        }
    }

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

    /** The stages among them that knew an artifact: they read it, or let it through to what reads it. */
    public List<String> knowing(RunPlan plan, String stage, String artifact) {
        int writer = plan.graph().number(stage);
        SortedSet<String> knowing = new TreeSet<>();
        for (int i = 0; i < plan.size(); i++) {
            if (reads(plan, plan.stage(i), stage, artifact)) {
                note(plan, i, knowing);
                ImmutableIntArray before = plan.graph().before(i);
                for (int k = 0; k < before.length(); k++) {
                    int approval = before.get(k);
                    if (plan.stage(approval) instanceof Stage.Approval
                            && !plan.graph().isBehind(writer, approval)) {
                        note(plan, approval, knowing);
                    }
                }
            }
        }
        return List.copyOf(knowing);
    }

    private void note(RunPlan plan, int stage, SortedSet<String> knowing) {
        String name = plan.graph().key(stage);
        if (stages.containsKey(name)) {
            knowing.add(name);
        }
    }

    private static boolean reads(RunPlan plan, Stage reader, String stage, String artifact) {
        for (Input input : reader.needs().reads()) {
            boolean directly = input instanceof Artifact one
                    && one.stage().equals(stage)
                    && one.name().equals(artifact);
            boolean collected = input instanceof Input.Collected group
                    && group.name().equals(artifact)
                    && plan.members(group.group()).contains(stage);
            if (directly || collected) {
                return true;
            }
        }
        return false;
    }

    /** The same with another artifact in the place of one that a stage wrote. */
    public TakenOver replacing(String stage, Produced other) {
        SortedMap<String, Taken> changed = new TreeMap<>(stages);
        changed.computeIfPresent(stage, (name, taken) -> taken.replacing(other));
        return new TakenOver(changed);
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
                    new Taken(
                            slot.from().orElse(run.run()),
                            slot.verdict().orElseThrow(),
                            plan.taken(run.name(i)).map(Taken::replaced).orElse(List.of())));
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
