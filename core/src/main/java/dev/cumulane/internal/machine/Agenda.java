// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

import com.google.common.primitives.ImmutableIntArray;
import dev.cumulane.pipeline.Stage;
import java.time.Instant;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What is remembered of the stages of a run, and what follows from that: which stages can be opened or are to be stopped, and the deadlines in their order, so that a
 * signal costs only what it touches.
 */
final class Agenda {
    private record Deadline(Instant at, int stage) {}

    private final RunPlan plan;
    private final StageSlot[] slots;
    private final int[] missing;
    private final BitSet ready = new BitSet();
    private final BitSet stoppable = new BitSet();
    private final BitSet stoppableCleanUps = new BitSet();
    private final BitSet surplus = new BitSet();
    private final Gatherings gatherings;
    private final TreeSet<Deadline> deadlines =
            new TreeSet<>(Comparator.comparing(Deadline::at).thenComparingInt(Deadline::stage));
    private int unfinished;
    private int ordinary;

    /** Of as many stages as the plan has. */
    Agenda(RunPlan plan, List<StageSlot> stages) {
        this.plan = plan;
        this.slots = stages.toArray(StageSlot[]::new);
        this.missing = new int[slots.length];
        this.gatherings = new Gatherings(plan);
        for (int i = 0; i < slots.length; i++) {
            int stage = i;
            slots[i].verdict().ifPresent(verdict -> gatherings.add(stage, verdict));
        }
        for (int i = 0; i < slots.length; i++) {
            derive(i);
        }
    }

    private void derive(int stage) {
        StageSlot slot = slots[stage];
        slot.deadline().ifPresent(at -> deadlines.add(new Deadline(at, stage)));
        if (slot.phase() != Phase.FINISHED) {
            unfinished++;
            ordinary += isCleanUp(stage) ? 0 : 1;
        }
        noteStoppable(stage);
        ImmutableIntArray before = plan.graph().before(stage);
        for (int i = 0; i < before.length(); i++) {
            if (slots[before.get(i)].phase() != Phase.FINISHED) {
                missing[stage]++;
            }
        }
        ready.set(stage, isTurnOf(stage));
    }

    List<StageSlot> slots() {
        return List.of(slots);
    }

    StageSlot slot(int stage) {
        return slots[stage];
    }

    /** How many stages have not ended. */
    int unfinished() {
        return unfinished;
    }

    /** Whether stages have not ended that do not clean up. */
    boolean hasOrdinary() {
        return ordinary > 0;
    }

    /** The first stage of which all before it has ended; -1 if there is none. */
    int nextReady() {
        return ready.nextSetBit(0);
    }

    /** The first stage that goes on and that its group needs no more; -1 if there is none. */
    int nextSurplus() {
        return surplus.nextSetBit(0);
    }

    /** The first stage that goes on and can be stopped; -1 if there is none. */
    int nextStoppable(boolean cleanUps) {
        return (cleanUps ? stoppableCleanUps : stoppable).nextSetBit(0);
    }

    /** When time itself changes something in a stage. */
    Optional<Instant> nextDeadline() {
        return deadlines.isEmpty()
                ? Optional.empty()
                : Optional.of(deadlines.first().at());
    }

    /** The stage whose deadline has passed the longest, or -1. */
    int nextDue(Instant now) {
        return deadlines.isEmpty() || deadlines.first().at().isAfter(now)
                ? -1
                : deadlines.first().stage();
    }

    /** How a group stands. */
    Gathering gathering(int group) {
        return gatherings.of(group);
    }

    /** Whether a stage's group needs it no more. */
    boolean isSurplus(int stage) {
        return gatherings.isSurplus(stage);
    }

    /** Remembers something of a stage. */
    void put(int stage, StageSlot next) {
        boolean ends = next.phase() == Phase.FINISHED && slots[stage].phase() != Phase.FINISHED;
        slots[stage].deadline().ifPresent(at -> deadlines.remove(new Deadline(at, stage)));
        next.deadline().ifPresent(at -> deadlines.add(new Deadline(at, stage)));
        slots[stage] = next;
        noteStoppable(stage);
        ready.set(stage, isTurnOf(stage));
        if (ends) {
            end(stage, next);
        }
    }

    private void end(int stage, StageSlot slot) {
        unfinished--;
        ordinary -= isCleanUp(stage) ? 0 : 1;
        if (gatherings.add(stage, slot.verdict().orElseThrow())) {
            ImmutableIntArray members = plan.graph().before(plan.groupOf(stage));
            for (int i = 0; i < members.length(); i++) {
                noteStoppable(members.get(i));
            }
        }
        ImmutableIntArray behind = plan.graph().behind(stage);
        for (int i = 0; i < behind.length(); i++) {
            missing[behind.get(i)]--;
            // A group may have ended before its last member.
            ready.set(behind.get(i), isTurnOf(behind.get(i)));
        }
    }

    private boolean isTurnOf(int stage) {
        return switch (slots[stage].phase()) {
            case PENDING ->
                plan.stage(stage) instanceof Stage.Group ? gathering(stage).canEnd() : missing[stage] == 0;
            case FANNED_OUT -> gathering(stage).canEnd();
            default -> false;
        };
    }

    private void noteStoppable(int stage) {
        boolean isStoppable = isStoppable(slots[stage].phase());
        (isCleanUp(stage) ? stoppableCleanUps : stoppable).set(stage, isStoppable);
        surplus.set(stage, isStoppable && isSurplus(stage));
    }

    private boolean isCleanUp(int stage) {
        return plan.stage(stage).needs().isCleanUp();
    }

    private static boolean isStoppable(Phase phase) {
        return switch (phase) {
            case RECALLING, COUNTING, SCHEDULED, WORKING, RESTING, VOTING, ASKING, HOLDING -> true;
            // A stage that waits ends when its turn comes, after all that it comes after: so nothing that cleans up can
            // overtake work that has not stopped yet.
            case PENDING, FANNED_OUT, STOPPING, STEPPING, OVERDUE, FINISHED -> false;
        };
    }
}
