// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.signals;

import dev.cumulane.cloud.Signals.Handler;
import dev.cumulane.local.signals.SqliteSignals.Due;
import dev.cumulane.local.sqlite.SqliteFile;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes due signals from the file to the handler. One thread looks for them, when told by a sender of this process and else every 40 milliseconds by SQLite's
 * change counter, which costs microseconds; a small pool handles them.
 *
 * <p>A row that is due is <em>taken</em> from then until its deletion is on the disk, so that no look finds it twice. The rows of one stream stand in a line, and
 * its first one is at work. A row whose handler failed leaves the line and rests; that, and how often it failed, is known in memory alone, so that a failure
 * writes nothing and a new process tries at once.
 */
final class Delivery {
    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);
    private static final Duration LOOK_EVERY = Duration.ofMillis(40);
    private static final Duration FIRST_REST = Duration.ofMillis(100);
    private static final Duration LONGEST_REST = Duration.ofMinutes(1);
    private static final int THREADS = 4;
    private static final int LOOK_AHEAD = 500;
    private static final long STOP_SECONDS = 60;

    private record Resting(Due due, Instant until) {}

    private final SqliteSignals signals;
    private final Handler handler;
    private final InstantSource clock;
    private final SqliteFile.Watch watch;
    private final Thread looker;
    private final ExecutorService pool;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition woken = lock.newCondition();
    /** Every row that is in a line, at work, resting or being deleted, with the times it failed. */
    private final Map<Long, Integer> taken = new HashMap<>();

    private final Map<String, Deque<Due>> lines = new HashMap<>();
    private final Deque<Resting> resting = new ArrayDeque<>();
    private boolean look = true;
    private boolean stopped;
    private Instant nextDue = Instant.MAX;

    Delivery(SqliteSignals signals, Handler handler, InstantSource clock, SqliteFile.Watch watch) {
        this.signals = signals;
        this.handler = handler;
        this.clock = clock;
        this.watch = watch;
        this.looker = new Thread(this::lookUntilStopped, "cumulane-signals");
        looker.setDaemon(true);
        AtomicInteger number = new AtomicInteger();
        this.pool = Executors.newFixedThreadPool(THREADS, work -> {
            Thread thread = new Thread(work, "cumulane-signal-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    void start() {
        looker.start();
    }

    /** Looks now rather than at the next tick. */
    void wake() {
        lock.lock();
        try {
            look = true;
            woken.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the looking and waits for the handlers at work, a minute at most. */
    void stop() {
        lock.lock();
        try {
            stopped = true;
            woken.signal();
        } finally {
            lock.unlock();
        }
        pool.shutdown();
        boolean interrupted = false;
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(STOP_SECONDS);
        while (true) {
            try {
                looker.join(TimeUnit.SECONDS.toMillis(STOP_SECONDS));
                if (!pool.awaitTermination(until - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                    LOG.warn(
                            "a signal's handler is still at work after {} seconds; its signal will be delivered again",
                            STOP_SECONDS);
                }
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void lookUntilStopped() {
        try (watch) {
            boolean looking = true;
            while (looking) {
                try {
                    looking = awaitReason();
                    if (looking) {
                        take();
                    }
                } catch (RuntimeException e) {
                    LOG.error("could not look for signals; trying again", e);
                    wake();
                    LockSupport.parkNanos(LOOK_EVERY.toNanos());
                }
            }
        }
    }

    /** Waits until there may be something to take. */
    private boolean awaitReason() {
        lock.lock();
        try {
            while (!stopped) {
                if (look || watch.changed() || !nextDue.isAfter(clock.instant()) || somebodyIsRested()) {
                    look = false;
                    return true;
                }
                boolean told = woken.await(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
                look |= told;
            }
            return false;
        } catch (InterruptedException e) {
            // Nobody but this class knows the thread; it ends when it is stopped.
            LOG.debug("interrupted", e);
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void take() {
        int limit;
        lock.lock();
        try {
            limit = taken.size() + LOOK_AHEAD;
        } finally {
            lock.unlock();
        }
        Instant now = clock.instant();
        var due = signals.due(now, limit);
        Instant next = signals.next(now).orElse(Instant.MAX);
        lock.lock();
        try {
            nextDue = next;
            look |= due.size() == limit;
            for (Due one : due) {
                if (taken.putIfAbsent(one.number(), 0) == null) {
                    join(one);
                }
            }
            endRests(now);
        } finally {
            lock.unlock();
        }
    }

    private void endRests(Instant now) {
        for (Iterator<Resting> all = resting.iterator(); all.hasNext(); ) {
            Resting one = all.next();
            if (!one.until.isAfter(now)) {
                all.remove();
                join(one.due);
            }
        }
    }

    private boolean somebodyIsRested() {
        Instant now = clock.instant();
        return resting.stream().anyMatch(one -> !one.until.isAfter(now));
    }

    /** Stands a row in its stream's line; the first of a line is set to work. */
    private void join(Due due) {
        Deque<Due> line = lines.computeIfAbsent(due.stream(), stream -> new ArrayDeque<>());
        line.add(due);
        if (line.size() == 1) {
            work(due);
        }
    }

    private void work(Due due) {
        if (!stopped) {
            pool.execute(() -> handle(due));
        }
    }

    private void handle(Due due) {
        if (isStopped()) {
            return;
        }
        boolean done = false;
        try {
            signals.load(due.number()).ifPresent(handler::handle);
            delete(due);
            done = true;
        } catch (RuntimeException | Error e) {
            LOG.warn(
                    "signal {} of {} was not handled and is delivered again later: {}",
                    due.number(),
                    due.stream(),
                    e.toString());
            LOG.debug("the cause", e);
        }
        lock.lock();
        try {
            if (!done) {
                rest(due);
            }
            leave(due);
        } finally {
            lock.unlock();
        }
    }

    private boolean isStopped() {
        lock.lock();
        try {
            return stopped;
        } finally {
            lock.unlock();
        }
    }

    private void delete(Due due) {
        var unused = signals.deleteLater(due.number()).whenComplete((deleted, failure) -> {
            lock.lock();
            try {
                if (failure == null) {
                    taken.remove(due.number());
                } else {
                    LOG.warn(
                            "signal {} of {} was handled but could not be deleted; it is delivered again: {}",
                            due.number(),
                            due.stream(),
                            failure.toString());
                    rest(due);
                }
            } finally {
                lock.unlock();
            }
        });
    }

    private void rest(Due due) {
        int failures = taken.merge(due.number(), 1, Integer::sum);
        Duration delay = FIRST_REST.multipliedBy(1L << Math.min(failures - 1, 20));
        resting.add(new Resting(due, clock.instant().plus(delay.compareTo(LONGEST_REST) < 0 ? delay : LONGEST_REST)));
    }

    /** The row at work leaves its line, and the next one is set to work. */
    private void leave(Due due) {
        Deque<Due> line = lines.getOrDefault(due.stream(), new ArrayDeque<>());
        line.poll();
        Due next = line.peek();
        if (next == null) {
            lines.remove(due.stream());
        } else {
            work(next);
        }
    }
}
