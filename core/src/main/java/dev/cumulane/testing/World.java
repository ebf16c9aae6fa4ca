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
    private Random dice = new Random(0);
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
        dice = new Random(wanted.seed());
    }

    synchronized Faults faults() {
        return faults;
    }

    /** Whether something that befalls so many of a hundred befalls this one. */
    synchronized boolean befalls(int percent) {
        return percent > 0 && dice.nextInt(100) < percent;
    }

    synchronized Duration delay(Duration longest) {
        return Duration.ofMillis(dice.nextLong(longest.toMillis()));
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
    <T> T call(String what, Supplier<T> action) {
        moment("before " + what);
        if (befalls(faults().calls().refused())) {
            throw failure(what + " was refused for the moment");
        }
        T answer = action.get();
        moment("after " + what);
        if (befalls(faults().calls().unanswered())) {
            throw failure("the answer to " + what + " was lost");
        }
        return answer;
    }

    void run(String what, Runnable action) {
        call(what, () -> {
            action.run();
            return what;
        });
    }

    private synchronized void moment(String what) {
        dead |= moments++ == crashAt;
        if (dead) {
            throw new SimulatedCrash(what);
        }
    }

    private static CloudException failure(String what) {
        return CloudException.retryable(
                "simulated cloud", what, new IllegalStateException("a fault of the simulation"));
    }
}
