// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

import dev.cumulane.run.RunId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The state of an environment's lock. It has one owner, who alone may call {@link #fold}. */
public final class LockProgress {
    /** A stage that has the lock or waits for it. */
    public record Claimant(RunId run, String stage) {}

    /**
     * What a lock remembers, as a snapshot keeps it.
     *
     * @param holder who has it
     * @param fence the last grant's number
     * @param waiting who waits, the first first
     */
    public record Memo(Optional<Claimant> holder, long fence, List<Claimant> waiting) {}

    private Optional<Claimant> holder;
    private long fence;
    private final List<Claimant> waiting;

    private LockProgress(Memo memo) {
        this.holder = memo.holder();
        this.fence = memo.fence();
        this.waiting = new ArrayList<>(memo.waiting());
    }

    /** A lock that nobody ever asked for. */
    public static LockProgress unused() {
        return new LockProgress(new Memo(Optional.empty(), 0, List.of()));
    }

    /** The lock that a snapshot kept. */
    public static LockProgress of(Memo memo) {
        return new LockProgress(memo);
    }

    /** What a snapshot keeps. */
    public Memo memo() {
        return new Memo(holder, fence, List.copyOf(waiting));
    }

    /** Who has it. */
    public Optional<Claimant> holder() {
        return holder;
    }

    /** The last grant's number. */
    public long fence() {
        return fence;
    }

    /** Who waits, the first first. */
    public List<Claimant> waiting() {
        return List.copyOf(waiting);
    }

    /** Takes an event into account. */
    public LockProgress fold(LockEvent event) {
        if (event instanceof LockEvent.Asked asked) {
            waiting.add(new Claimant(asked.run(), asked.stage()));
        } else if (event instanceof LockEvent.Granted granted) {
            Claimant next = new Claimant(granted.run(), granted.stage());
            if (holder.isPresent() || granted.fence() <= fence || !waiting.remove(next)) {
                throw new IllegalStateException("a grant that cannot be: " + granted + " after " + memo());
            }
            holder = Optional.of(next);
            fence = granted.fence();
        } else if (event instanceof LockEvent.Released released) {
            Claimant past = new Claimant(released.run(), released.stage());
            if (holder.equals(Optional.of(past))) {
                holder = Optional.empty();
            } else {
                waiting.remove(past);
            }
        }
        return this;
    }

    /**
     * Decides what follows from a signal, and folds it.
     *
     * @param signal what a run says
     * @return what is to be recorded; empty if the signal says nothing new
     */
    public List<LockEvent> step(Signal.ToLock signal) {
        List<LockEvent> events = new ArrayList<>();
        if (signal instanceof Signal.Ask ask) {
            Claimant who = new Claimant(ask.run(), ask.stage());
            if (!holder.equals(Optional.of(who)) && !waiting.contains(who)) {
                add(events, new LockEvent.Asked(ask.run(), ask.stage()));
            }
        } else if (signal instanceof Signal.Release release) {
            Claimant who = new Claimant(release.run(), release.stage());
            if (holder.equals(Optional.of(who)) || waiting.contains(who)) {
                add(events, new LockEvent.Released(release.run(), release.stage()));
            }
        }
        if (holder.isEmpty() && !waiting.isEmpty()) {
            Claimant next = waiting.get(0);
            add(events, new LockEvent.Granted(next.run(), next.stage(), fence + 1));
        }
        return events;
    }

    private void add(List<LockEvent> events, LockEvent event) {
        fold(event);
        events.add(event);
    }
}
