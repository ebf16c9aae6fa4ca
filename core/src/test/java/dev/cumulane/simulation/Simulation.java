// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.simulation;

import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.SignalEnvelope;
import dev.cumulane.internal.shell.EngineCore;
import dev.cumulane.run.Commit;
import dev.cumulane.run.RunId;
import dev.cumulane.run.RunState;
import dev.cumulane.run.RunView;
import dev.cumulane.run.SourceEvent;
import dev.cumulane.run.StageView;
import dev.cumulane.run.TrustLevel;
import dev.cumulane.run.Vote;
import dev.cumulane.testing.Faults;
import dev.cumulane.testing.SimulatedCloud;
import dev.cumulane.testing.SimulatedCrash;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;

/**
 * One life, drawn from a seed: two runs of a random pipeline, two engines that take turns on the signals, people who vote and cancel, ports that fail, processes that
 * die. First with faults; after some hours without, when everything has to come to its end.
 */
final class Simulation {
    private static final Duration WITH_FAULTS = Duration.ofHours(3);
    private static final Duration LONGEST = Duration.ofDays(3);

    private static final long NEVER = Long.MAX_VALUE / 2;

    private final Random random;
    private final RandomPipeline pipeline;
    private final SimulatedCloud cloud;
    private final Faults faults;
    private final boolean crashes;
    private final Instant calm;
    private final Set<RunId> runs = new LinkedHashSet<>();
    private final Set<RunId> toCancel = new LinkedHashSet<>();
    private List<EngineCore> engines = List.of();

    Simulation(long seed) {
        this.random = new Random(seed);
        this.pipeline = RandomPipeline.of(random);
        this.cloud = pipeline.world();
        this.faults = Faults.from(random.nextLong())
                .losingSignals(random.nextInt(10))
                .repeatingSignals(random.nextInt(20))
                .delayingSignals(random.nextInt(50))
                .refusingCalls(random.nextInt(4))
                .losingAnswers(random.nextInt(4));
        this.crashes = random.nextBoolean();
        this.calm = cloud.clock().instant().plus(WITH_FAULTS);
        open();
    }

    RandomPipeline pipeline() {
        return pipeline;
    }

    SimulatedCloud cloud() {
        return cloud;
    }

    Set<RunId> runs() {
        return runs;
    }

    boolean wasCancelled(RunId run) {
        return toCancel.contains(run);
    }

    /** An engine, for a look at what it has in memory. */
    List<EngineCore> engines() {
        return engines;
    }

    private void open() {
        List<EngineCore> opened = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            EngineCore engine = new EngineCore(cloud);
            without(() -> {
                engine.register(List.of(pipeline.pipeline()));
                return true;
            });
            opened.add(engine);
        }
        engines = opened;
        cloud.signals().deliverTo(this::deliver);
        trying(() -> {
            engines.get(0).resume();
            return true;
        });
        cloud.sweepWith(() -> trying(() -> {
            engines.get(random.nextInt(2)).sweep();
            return true;
        }));
    }

    private void deliver(SignalEnvelope signal) {
        engines.get(random.nextInt(2)).handle(signal);
    }

    /** Lives on until all runs have ended, looking at the invariants now and then. */
    void live(Invariants invariants) {
        Instant end = cloud.clock().instant().plus(LONGEST);
        setFaults();
        while (!ended()) {
            if (cloud.clock().instant().isAfter(end)) {
                throw new AssertionError("after " + LONGEST + " a run has not ended: " + views());
            }
            if (cloud.crashed()) {
                cloud.restart();
                open();
            }
            if (crashes && isWild() && random.nextInt(4) == 0) {
                cloud.crashAt(random.nextInt(200));
            }
            act();
            cloud.advance(Duration.ofSeconds(random.nextInt(3) == 0 ? random.nextInt(1200) : random.nextInt(20)));
            if (random.nextInt(4) == 0) {
                without(() -> {
                    invariants.during(this);
                    return true;
                });
            }
        }
        without(() -> {
            // What is still on its way must change nothing any more.
            invariants.after(this);
            cloud.advance(Duration.ofHours(1));
            invariants.after(this);
            return true;
        });
    }

    private boolean isWild() {
        return cloud.clock().instant().isBefore(calm);
    }

    private void setFaults() {
        Faults next = isWild() ? new Faults(random.nextLong(), faults.signals(), faults.calls()) : Faults.none();
        cloud.setFaults(next);
    }

    /** Something, in a moment in which nothing goes wrong; a dead process is replaced first. */
    private <T> T without(Supplier<T> something) {
        if (cloud.crashed()) {
            cloud.restart();
            open();
        }
        cloud.crashAt(NEVER);
        cloud.setFaults(Faults.none());
        try {
            return something.get();
        } finally {
            setFaults();
        }
    }

    /** What people do; what does not go through is done again. */
    private void act() {
        if (runs.size() < 2) {
            int number = runs.size();
            trying(() -> runs.add(engines.get(random.nextInt(2)).start("any", push(number))));
            return;
        }
        for (RunId run : runs) {
            if (random.nextInt(150) == 0) {
                toCancel.add(run);
            }
            trying(() -> {
                engines.get(0).find(run).ifPresent(this::act);
                return true;
            });
        }
    }

    private static SourceEvent push(int number) {
        Commit head = Commit.commit(
                "https://example.com/any.git", Integer.toString(number).repeat(40));
        return new SourceEvent.Pushed(head.at("refs/heads/main"), "ada", TrustLevel.TRUSTED);
    }

    private void act(RunView run) {
        if (run.outcome().isPresent()) {
            return;
        }
        if (toCancel.contains(run.id()) && run.status().cancelledBy().isEmpty()) {
            engines.get(1).cancel(run.id(), "grace", "");
        }
        for (StageView stage : run.stages()) {
            boolean asked =
                    stage.kind() == StageView.Kind.APPROVAL && stage.progress().state() == RunState.WAITING;
            if (asked && random.nextInt(3) == 0) {
                vote(run, stage);
            }
        }
    }

    private void vote(RunView run, StageView stage) {
        String by = random.nextBoolean() ? "ada" : "grace";
        RandomPipeline.Fate fate = pipeline.fate(stage.name());
        if (fate == RandomPipeline.Fate.SUCCEEDS) {
            engines.get(0).vote(run.id(), stage.name(), by, Vote.Decision.APPROVE, "");
        } else if (fate == RandomPipeline.Fate.FAILS) {
            engines.get(0).vote(run.id(), stage.name(), by, Vote.Decision.REJECT, "no");
        }
    }

    /** Tries; empty if a port failed or the process died meanwhile. */
    private <T> Optional<T> trying(Supplier<T> something) {
        try {
            return Optional.of(something.get());
        } catch (CloudException e) {
            if (!e.retryable()) {
                throw new AssertionError("a failure for good in a world of passing ones", e);
            }
            return Optional.empty();
        } catch (IllegalStateException e) {
            // The run went on between a look at it and the deed.
            return Optional.empty();
        } catch (SimulatedCrash e) {
            return Optional.empty();
        }
    }

    private List<Optional<RunView>> views() {
        return without(() -> runs.stream().map(engines.get(0)::find).toList());
    }

    private boolean ended() {
        return runs.size() == 2
                && without(() -> runs.stream()
                        .allMatch(run -> engines.get(0)
                                .find(run)
                                .flatMap(RunView::outcome)
                                .isPresent()));
    }
}
