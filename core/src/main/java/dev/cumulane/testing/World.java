// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.testing;

import dev.cumulane.cloud.CloudException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * The simulated world's time, what is still to happen in it, and what goes wrong at its ports.
 *
 * <p>What happens is done by the thread that moves the world, one thing after the other, in the order of (instant, when it was planned). Other threads may look
 * at the clock and plan.
 */
final class World implements InstantSource {
    /** Whether the world is at rest while something of this sort is still to come. */
    enum Sort {
        /** Under way: a signal to deliver, work to go on. */
        UNDER_WAY,
        /** Only time has to pass: a timer, a sweep. */
        TIMER
    }

    /** More than any test needs; a world that is still busy then goes round in circles. */
    private static final long MOST_AT_ONCE = 1_000_000;

    private record Happening(Instant at, long number, Sort sort, Runnable what) {}

    private final PriorityQueue<Happening> coming =
            new PriorityQueue<>(Comparator.comparing(Happening::at).thenComparingLong(Happening::number));
    private Instant now;
    private long planned;
    private int underWay;

    private Faults faults = Faults.none();
    private RandomGenerator dice = new Random(0);
    private boolean loaded;
    private Witness witness = new Witness() {};
    private Runnable meanwhile = () -> {};
    private long moments;
    private long crashAt = -1;
    private boolean dead;

    World(Instant beginning) {
        this.now = beginning;
    }

    @Override
    public synchronized Instant instant() {
        return now;
    }

    synchronized void plan(Instant at, Sort sort, Runnable what) {
        coming.add(new Happening(at, planned++, sort, what));
        underWay += sort == Sort.UNDER_WAY ? 1 : 0;
    }

    void planIn(Duration delay, Runnable what) {
        plan(instant().plus(delay), Sort.UNDER_WAY, what);
    }

    synchronized boolean busy() {
        return underWay > 0;
    }

    /** The instant of what comes next, or the end of time if nothing does. */
    synchronized Instant next() {
        Happening next = coming.peek();
        return next == null ? Instant.MAX : next.at();
    }

    /** Does what comes next, if it comes by this instant. */
    boolean step(Instant until) {
        Happening next;
        synchronized (this) {
            next = coming.peek();
            if (next == null || next.at().isAfter(until)) {
                return false;
            }
            coming.remove();
            underWay -= next.sort() == Sort.UNDER_WAY ? 1 : 0;
            passTo(next.at());
        }
        next.what().run();
        return true;
    }

    /** Does everything that comes by this instant, and lets the time pass until then. */
    void moveTo(Instant until) {
        for (long done = 0; step(until); done++) {
            checkNotCircling(done);
        }
        passTo(until);
    }

    /** Lets the time pass until only timers are left. */
    void settle() {
        for (long done = 0; busy() && step(Instant.MAX); done++) {
            checkNotCircling(done);
        }
    }

    private synchronized void passTo(Instant at) {
        now = at.isAfter(now) ? at : now;
    }

    private void checkNotCircling(long done) {
        if (done > MOST_AT_ONCE) {
            throw new IllegalStateException("the simulated world does not come to rest: " + MOST_AT_ONCE
                    + " things have happened by " + instant());
        }
    }

    // What goes wrong.

    synchronized void setFaults(Faults wanted) {
        faults = wanted;
        dice = loaded ? dice : new Random(wanted.seed());
    }

    /** Draws from these dice for good, whatever the faults' seed. */
    synchronized void setDice(RandomGenerator wanted) {
        dice = wanted;
        loaded = true;
    }

    synchronized void setWitness(Witness wanted) {
        witness = wanted;
    }

    synchronized Witness witness() {
        return witness;
    }

    /** What happens between two calls of the engine when its process is held up. */
    synchronized void setMeanwhile(Runnable wanted) {
        meanwhile = wanted;
    }

    synchronized Faults faults() {
        return faults;
    }

    /** Whether a fault that befalls so many of a hundred befalls this one. The lowest draw means that nothing goes wrong. */
    synchronized boolean befalls(Fault fault, int percent) {
        boolean does = percent > 0 && dice.nextInt(100) >= 100 - percent;
        if (does) {
            witness.befell(fault.name());
        }
        return does;
    }

    synchronized Duration delay(Duration longest) {
        return Duration.ofSeconds(dice.nextInt((int) longest.toSeconds()));
    }

    /** One of so many ways in which something goes wrong. */
    synchronized int way(int ways) {
        return dice.nextInt(ways);
    }

    /** How many of the newest records a read does not see. */
    synchronized int staleness() {
        return befalls(Fault.STALE_READ, faults.calls().stale()) ? 1 + dice.nextInt(2) : 0;
    }

    synchronized void crashAt(long moment) {
        crashAt = moments + moment;
    }

    synchronized boolean dead() {
        return dead;
    }

    synchronized void revive() {
        dead = false;
        crashAt = -1;
    }

    /** A call of a port by the engine: it may be refused, its answer may be lost, and the process may die before or after it. */
    <T> T call(String what, Object about, Supplier<T> action) {
        moment("before", what, about);
        meanwhile.run();
        checkAlive("before", what, about);
        if (befalls(Fault.REFUSED_CALL, faults().calls().refused())) {
            throw failure(what + " " + about + " was refused for the moment");
        }
        T answer = action.get();
        moment("after", what, about);
        if (befalls(Fault.LOST_ANSWER, faults().calls().unanswered())) {
            throw failure("the answer to " + what + " " + about + " was lost");
        }
        return answer;
    }

    void run(String what, Object about, Runnable action) {
        call(what, about, () -> {
            action.run();
            return what;
        });
    }

    private synchronized void moment(String when, String what, Object about) {
        if (moments++ == crashAt) {
            dead = true;
            witness.befell(Fault.CRASH.name());
        }
        checkAlive(when, what, about);
    }

    private synchronized void checkAlive(String when, String what, Object about) {
        if (dead) {
            throw new SimulatedCrash(when + " " + what + " " + about);
        }
    }

    private static CloudException failure(String what) {
        return CloudException.retryable(
                "simulated cloud", what, new IllegalStateException("a fault of the simulation"));
    }
}
