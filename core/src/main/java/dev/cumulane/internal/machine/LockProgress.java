// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

import dev.cumulane.run.Cause;
import dev.cumulane.run.Deployment;
import dev.cumulane.run.EnvironmentView;
import dev.cumulane.run.RunId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The state of a lock: of an environment, which one deployment has at a time, or of a group of runs, which one or several have. It has one owner, who alone may call
 * {@link #fold}.
 */
public final class LockProgress {
    /** How many that went are remembered: a question of theirs that comes late must not bring them back. */
    private static final int MOST_PAST = 50;

    private static final Comparator<Newest> AGE =
            Comparator.comparing(Newest::since).thenComparing(Newest::run);

    /**
     * Somebody's place.
     *
     * @param who who
     * @param terms on which it asked
     * @param fence its grant's number; 0 while it has none
     * @param by the newer run that takes its place, if one does
     */
    public record Place(Claimant who, Terms terms, long fence, Optional<RunId> by) {
        Place granted(long number) {
            return new Place(who, terms, number, by);
        }

        Place supersededBy(RunId newer) {
            return new Place(who, terms, fence, Optional.of(newer));
        }

        private Newest age() {
            return new Newest(terms.since(), who.run());
        }
    }

    /**
     * The newest that ever asked.
     *
     * @param since when it began
     * @param run which
     */
    public record Newest(Instant since, RunId run) {}

    /**
     * What a lock remembers, as a snapshot keeps it.
     *
     * @param holders who has it, the first first
     * @param fence the last grant's number
     * @param waiting who waits, the first first
     * @param dismissed who asked in vain and has not gone yet
     * @param past who went last, the last last
     * @param newest the newest that ever asked
     * @param live the last good deployment, for an environment
     * @param history the finished deployments, the last last, for an environment
     */
    public record Memo(
            List<Place> holders,
            long fence,
            List<Place> waiting,
            List<Place> dismissed,
            List<Claimant> past,
            Optional<Newest> newest,
            Optional<Deployment> live,
            List<Deployment> history) {}

    private final List<Place> holders;
    private final List<Place> waiting;
    private final List<Place> dismissed;
    private final List<Claimant> past;
    private long fence;
    private Optional<Newest> newest;
    private Optional<Deployment> live;
    private final List<Deployment> history;

    private LockProgress(Memo memo) {
        this.holders = new ArrayList<>(memo.holders());
        this.fence = memo.fence();
        this.waiting = new ArrayList<>(memo.waiting());
        this.dismissed = new ArrayList<>(memo.dismissed());
        this.past = new ArrayList<>(memo.past());
        this.newest = memo.newest();
        this.live = memo.live();
        this.history = new ArrayList<>(memo.history());
    }

    /** A lock that nobody ever asked for. */
    public static LockProgress unused() {
        return new LockProgress(
                new Memo(List.of(), 0, List.of(), List.of(), List.of(), Optional.empty(), Optional.empty(), List.of()));
    }

    /** The lock that a snapshot kept. */
    public static LockProgress of(Memo memo) {
        return new LockProgress(memo);
    }

    /** What a snapshot keeps. */
    public Memo memo() {
        return new Memo(
                List.copyOf(holders),
                fence,
                List.copyOf(waiting),
                List.copyOf(dismissed),
                List.copyOf(past),
                newest,
                live,
                List.copyOf(history));
    }

    /** Who has it, the first first. */
    public List<Place> holders() {
        return List.copyOf(holders);
    }

    /** The place of somebody who has it. */
    public Optional<Place> holder(Claimant who) {
        return find(holders, who);
    }

    /** The last grant's number. */
    public long fence() {
        return fence;
    }

    /** Who waits, the first first. */
    public List<Place> waiting() {
        return List.copyOf(waiting);
    }

    /** The last good deployment, of an environment. */
    public Optional<Deployment> live() {
        return live;
    }

    /** The finished deployments of an environment, the last last. */
    public List<Deployment> history() {
        return List.copyOf(history);
    }

    /** Who asked in vain and has not gone yet. */
    public List<Place> dismissed() {
        return List.copyOf(dismissed);
    }

    /** Whether somebody asked in vain and has not gone yet. */
    public boolean isDismissed(Claimant who) {
        return find(dismissed, who).isPresent();
    }

    /** The place of somebody who has it, waits for it, or asked in vain. */
    public Optional<Place> place(Claimant who) {
        return find(holders, who).or(() -> find(waiting, who)).or(() -> find(dismissed, who));
    }

    private static Optional<Place> find(List<Place> places, Claimant who) {
        return places.stream().filter(place -> place.who().equals(who)).findFirst();
    }

    /** Takes an event into account. */
    public void fold(LockEvent event) {
        Claimant who = event.who();
        if (event instanceof LockEvent.Asked asked) {
            Place place = new Place(who, asked.terms(), 0, Optional.empty());
            waiting.add(place);
            newest = newest.filter(one -> AGE.compare(one, place.age()) > 0).or(() -> Optional.of(place.age()));
        } else if (event instanceof LockEvent.Granted granted) {
            Place place = taken(waiting, who).orElseThrow(() -> impossible(event));
            if (granted.fence() <= fence || holders.size() >= place.terms().capacity()) {
                throw impossible(event);
            }
            fence = granted.fence();
            holders.add(place.granted(fence));
        } else if (event instanceof LockEvent.Refused) {
            dismissed.add(taken(waiting, who).orElseThrow(() -> impossible(event)));
        } else if (event instanceof LockEvent.Superseded superseded) {
            Optional<Place> waited = taken(waiting, who);
            if (waited.isPresent()) {
                dismissed.add(waited.get().supersededBy(superseded.by()));
            } else {
                Place held = find(holders, who).orElseThrow(() -> impossible(event));
                holders.set(holders.indexOf(held), held.supersededBy(superseded.by()));
            }
        } else if (event instanceof LockEvent.Deployed deployed) {
            Deployment deployment = deployed.deployment();
            live = deployment.cause() == Cause.COMPLETED ? Optional.of(deployment) : live;
            history.add(deployment);
            if (history.size() > EnvironmentView.MOST) {
                history.remove(0);
            }
        } else if (event instanceof LockEvent.Released) {
            taken(holders, who);
            taken(waiting, who);
            taken(dismissed, who);
            past.add(who);
            if (past.size() > MOST_PAST) {
                past.remove(0);
            }
        }
    }

    private static Optional<Place> taken(List<Place> places, Claimant who) {
        Optional<Place> found = find(places, who);
        found.ifPresent(places::remove);
        return found;
    }

    private IllegalStateException impossible(LockEvent event) {
        return new IllegalStateException("an event that cannot be: " + event + " after " + memo());
    }

    /**
     * Decides what follows from a signal, and folds it.
     *
     * @param signal what somebody says
     * @return what is to be recorded; empty if the signal says nothing new
     */
    public List<LockEvent> step(Signal.ToLock signal) {
        List<LockEvent> events = new ArrayList<>();
        if (signal instanceof Signal.Ask ask) {
            // Everybody asks once: who went and seems to ask again is heard late.
            if (place(ask.who()).isEmpty() && !past.contains(ask.who())) {
                add(events, new LockEvent.Asked(ask.who(), ask.terms()));
                if (ask.terms().supersedes()) {
                    supersede(events, newest.orElseThrow());
                }
            }
        } else if (signal instanceof Signal.Release release) {
            Claimant who = release.who();
            // Who goes before their question has arrived must not be let in by it later.
            boolean unheard = !past.contains(who);
            holder(who).flatMap(place -> release.deployed()).ifPresent(deployed -> note(events, who, deployed));
            if (place(who).isPresent() || unheard) {
                add(events, new LockEvent.Released(who));
            }
        }
        while (!waiting.isEmpty() && holders.size() < waiting.get(0).terms().capacity()) {
            add(events, new LockEvent.Granted(waiting.get(0).who(), fence + 1));
        }
        if (signal instanceof Signal.Ask ask && find(waiting, ask.who()).isPresent()) {
            if (waiting.size() > ask.terms().waiting()) {
                add(events, new LockEvent.Refused(ask.who()));
            }
        }
        return events;
    }

    /** A rollback is a deployment as well: of the last good release. */
    private void note(List<LockEvent> events, Claimant who, Signal.Deployed deployed) {
        Optional<Deployment> good = live.filter(one -> deployed.rolledBack());
        add(events, new LockEvent.Deployed(who, deployed.deployment()));
        good.ifPresent(one -> add(events, new LockEvent.Deployed(who, one.givenBackBy(deployed.deployment()))));
    }

    /** All but the newest go, whenever their questions arrive. */
    private void supersede(List<LockEvent> events, Newest by) {
        Predicate<Place> goes = place -> place.by().isEmpty() && AGE.compare(place.age(), by) < 0;
        waiting().stream().filter(goes).forEach(place -> add(events, new LockEvent.Superseded(place.who(), by.run())));
        holders().stream().filter(goes).forEach(place -> add(events, new LockEvent.Superseded(place.who(), by.run())));
    }

    private void add(List<LockEvent> events, LockEvent event) {
        fold(event);
        events.add(event);
    }
}
