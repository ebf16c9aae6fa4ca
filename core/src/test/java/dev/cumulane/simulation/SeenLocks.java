// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.simulation;

import dev.cumulane.cloud.DeploymentStep;
import dev.cumulane.internal.codec.Codec;
import dev.cumulane.internal.machine.Claimant;
import dev.cumulane.internal.machine.LockEvent;
import dev.cumulane.internal.machine.LockProgress;
import dev.cumulane.internal.machine.Phase;
import dev.cumulane.internal.machine.RunProgress;
import dev.cumulane.pipeline.Stage;
import dev.cumulane.run.Deployment;
import dev.cumulane.run.RunId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The environments' locks as their journal tells them, and the rules of locks. */
final class SeenLocks {
    private final Invariants all;
    private final SortedMap<String, LockProgress> locks = new TreeMap<>();
    private final Map<String, Long> begun = new HashMap<>();
    private final Map<String, Instant> freeSince = new HashMap<>();

    SeenLocks(Invariants all) {
        this.all = all;
    }

    private LockProgress lock(String environment) {
        return locks.computeIfAbsent(environment, any -> LockProgress.unused());
    }

    /** The last good deployment of an environment. */
    Optional<Deployment> live(String environment) {
        return lock(environment).live();
    }

    void record(String environment, Codec.LockRecord record) {
        LockProgress lock = lock(environment);
        freeSince.remove(environment);
        for (LockEvent event : record.events()) {
            all.coverage().add(event.getClass());
            if (event instanceof LockEvent.Granted granted) {
                int capacity = lock.place(granted.who())
                        .map(place -> place.terms().capacity())
                        .orElse(0);
                check(lock.holders().size() < capacity, environment, "is granted to more than it may be: " + granted);
                check(granted.fence() == lock.fence() + 1, environment, "is granted out of turn: " + granted);
            } else if (event instanceof LockEvent.Released
                    && lock.holder(event.who()).isPresent()) {
                check(!isNeeded(event.who()), environment, "is released while it is needed: " + event);
            } else if (event instanceof LockEvent.Superseded superseded) {
                check(isNewer(superseded.by(), event.who().run()), environment, "goes to an older one: " + event);
            }
            try {
                lock.fold(event);
            } catch (RuntimeException e) {
                throw all.broken("I14", environment + ": " + event + " cannot be folded: " + e.getMessage());
            }
        }
    }

    private boolean isNeeded(Claimant who) {
        Optional<RunProgress> run = all.run(who.run()).map(SeenRun::progress);
        return who.isRun()
                ? run.filter(one -> !one.hasEnded()).isPresent()
                : run.flatMap(one -> one.slot(who.stage()))
                        .filter(slot -> slot.phase() != Phase.FINISHED)
                        .isPresent();
    }

    private boolean isNewer(RunId one, RunId other) {
        Instant began = began(one);
        return began.isAfter(began(other)) || (began.equals(began(other)) && one.compareTo(other) > 0);
    }

    private Instant began(RunId run) {
        return all.run(run).orElseThrow().progress().head().startedAt().orElseThrow();
    }

    /** A run that says it has the lock has it, under this fence. */
    void mustHold(SeenRun run, String stage, String environment, long fence) {
        LockProgress lock = lock(environment);
        boolean holds = lock.holder(new Claimant(run.id(), stage))
                .filter(place -> place.fence() == fence)
                .isPresent();
        check(holds, environment, "is not " + run + "'s under fence " + fence + " but " + lock.memo());
    }

    /** No two deployments at once. */
    void mustBeAlone(SeenRun run, String stage) {
        String environment = environment(run, stage);
        for (SeenRun other : all.runs()) {
            for (int i = 0; i < other.plan().size(); i++) {
                Phase phase = other.progress().slot(i).phase();
                if ((phase == Phase.STEPPING || phase == Phase.OVERDUE || phase == Phase.HOLDING)
                        && environment(other, other.plan().graph().key(i)).equals(environment)) {
                    boolean same = other == run && other.plan().graph().key(i).equals(stage);
                    check(same, environment, "has two deployments at once, of " + run + " and " + other);
                }
            }
        }
    }

    void begun(DeploymentStep step) {
        begun.merge(step.environment(), step.fence(), Math::max);
    }

    /** An environment carries out no step of a deployment after a later one has begun. */
    void mustBeCurrent(DeploymentStep step) {
        check(
                step.fence() >= begun.getOrDefault(step.environment(), 0L),
                step.environment(),
                "carries out a step of an earlier deployment: " + step);
    }

    private static String environment(SeenRun run, String stage) {
        return ((Stage.Deploy) run.plan().stage(run.plan().graph().number(stage)))
                .delivery()
                .environment()
                .name();
    }

    /** Whether a run that waits for its turn in a group could have had it for so long: who has ended is in nobody's way. */
    boolean hasHadRoom(String group, int capacity, Duration time) {
        long needed = lock(group).holders().stream()
                .filter(place -> all.run(place.who().run())
                        .filter(run -> !run.progress().hasEnded())
                        .isPresent())
                .count();
        return hasBeen(group, needed < capacity, time);
    }

    /** Whether for so long nobody has had it who still needs it. */
    boolean hasBeenFree(String environment, Duration time) {
        boolean isFree = lock(environment).holders().stream()
                .map(LockProgress.Place::who)
                .noneMatch(who -> all.run(who.run())
                        .flatMap(run -> run.progress().slot(who.stage()))
                        .filter(slot -> slot.phase() != Phase.FINISHED)
                        .isPresent());
        return hasBeen(environment, isFree, time);
    }

    /** Since it was first seen so, and nothing was recorded. */
    private boolean hasBeen(String lock, boolean free, Duration time) {
        if (!free) {
            freeSince.remove(lock);
            return false;
        }
        return freeSince.computeIfAbsent(lock, any -> all.now()).plus(time).isBefore(all.now());
    }

    /** When all runs have ended, nobody has a lock or waits for one. */
    void atTheEnd() {
        locks.forEach((environment, lock) -> check(
                lock.holders().isEmpty()
                        && lock.waiting().isEmpty()
                        && lock.dismissed().isEmpty(),
                environment,
                "is held for ever: " + lock.memo()));
    }

    private void check(boolean holds, String environment, String what) {
        if (!holds) {
            throw all.broken("I15", environment + " " + what);
        }
    }
}
