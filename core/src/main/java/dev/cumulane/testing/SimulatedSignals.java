// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.testing;

import dev.cumulane.cloud.SignalEnvelope;
import dev.cumulane.cloud.Signals;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A queue in the simulated world: it delivers when the world is moved, to the process that asked for it last. */
final class SimulatedSignals implements Signals {
    private static final Duration LONGEST_DELAY = Duration.ofMinutes(1);
    private static final Duration LONGEST_LATENESS = Duration.ofDays(3);
    private static final Duration FIRST_REPETITION = Duration.ofMillis(100);
    private static final Duration LONGEST_REPETITION = Duration.ofMinutes(1);

    private final World world;
    private final Deque<SignalEnvelope> undelivered = new ArrayDeque<>();
    private @Nullable Handler handler;
    private @Nullable RuntimeException lastFailure;
    private @Nullable SignalEnvelope hopeless;

    SimulatedSignals(World world) {
        this.world = world;
    }

    @Override
    public void send(SignalEnvelope signal) {
        send(signal, world.instant());
    }

    @Override
    public void send(SignalEnvelope signal, Instant at) {
        SignalEnvelope copy =
                new SignalEnvelope(signal.id(), signal.stream(), signal.bytes().clone());
        world.run("send of", signal.id(), () -> sendFromService(copy, at));
    }

    /** What a service of the cloud sends: the process that may die is not its sender, but the way is the same. */
    void sendFromService(SignalEnvelope signal, Instant at) {
        Faults.OfSignals faults = world.faults().signals();
        if (world.befalls(Fault.LOST_SIGNAL, faults.lost())) {
            return;
        }
        Instant then = at;
        if (world.befalls(Fault.DELAYED_SIGNAL, faults.delayed())) {
            then = at.plus(world.delay(LONGEST_DELAY));
        } else if (world.befalls(Fault.BELATED_SIGNAL, faults.belated())) {
            then = at.plus(world.delay(LONGEST_LATENESS));
        }
        plan(signal, then);
        if (world.befalls(Fault.REPEATED_SIGNAL, faults.repeated())) {
            plan(signal, then.plus(world.delay(LONGEST_DELAY)));
        }
    }

    private void plan(SignalEnvelope signal, Instant at) {
        Instant now = world.instant();
        boolean timer = at.isAfter(now.plus(LONGEST_DELAY));
        world.plan(
                at.isBefore(now) ? now : at,
                timer ? World.Sort.TIMER : World.Sort.UNDER_WAY,
                () -> deliver(signal, FIRST_REPETITION));
    }

    @Override
    public boolean deliverTo(Handler takes) {
        synchronized (this) {
            handler = takes;
            while (!undelivered.isEmpty()) {
                plan(undelivered.remove(), world.instant());
            }
        }
        return true;
    }

    /** Ends the deliveries; what comes is kept for the next handler. */
    synchronized void stop() {
        handler = null;
    }

    /** Why a handler failed last. */
    synchronized Optional<RuntimeException> lastFailure() {
        return Optional.ofNullable(lastFailure);
    }

    /** A signal that could not be handled so often that the reason is in the engine and not in the world. */
    synchronized Optional<SignalEnvelope> hopeless() {
        return Optional.ofNullable(hopeless);
    }

    private void deliver(SignalEnvelope signal, Duration ifItFails) {
        Handler takes;
        synchronized (this) {
            if (handler == null) {
                undelivered.add(signal);
                return;
            }
            takes = handler;
        }
        try {
            takes.handle(signal);
        } catch (SimulatedCrash e) {
            synchronized (this) {
                handler = null;
                undelivered.add(signal);
            }
        } catch (RuntimeException e) {
            Duration doubled = ifItFails.multipliedBy(2);
            boolean again = doubled.compareTo(LONGEST_REPETITION) < 0;
            synchronized (this) {
                lastFailure = e;
                hopeless = again ? hopeless : signal;
            }
            world.planIn(ifItFails, () -> deliver(signal, again ? doubled : LONGEST_REPETITION));
        }
    }
}
