// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.shell;

import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.SignalEnvelope;
import dev.cumulane.cloud.StreamId;
import dev.cumulane.internal.codec.Coding;
import dev.cumulane.internal.follow.Follower;
import dev.cumulane.internal.follow.FollowerProgress;
import dev.cumulane.internal.machine.Signal;
import dev.cumulane.run.HistoryRecord;
import dev.cumulane.run.RunId;
import dev.cumulane.run.RunView;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells others of runs, apart from the runs' own way: a record sends one signal, whose handler tells everybody how the run is by then.
 *
 * <p>What is told is read after the signal came, and read again when all was told. A lost signal is repaired by the sweep, since a run stays listed until all have
 * heard of its end. Any thread.
 */
final class Followers implements Audience {
    private static final Logger LOG = LoggerFactory.getLogger(Followers.class);
    private static final int MOST_ROUNDS = 20;
    private static final int MOST_DUE = 10_000;
    private static final int MOST_STREAMS = 1_000;

    /** What a run's followers need to know of runs. */
    interface Runs {
        /** A run as it is now; empty if there is none. */
        Optional<RunView> view(RunId run);

        /** Its records from one on. */
        List<HistoryRecord> history(RunId run, long from);

        /** Everybody has heard of its end. */
        void concluded(RunId run);
    }

    private final Cloud cloud;
    private final Coding coding;
    private final Writer writer;
    private final Runs runs;
    private final List<Follower> followers = new ArrayList<>();

    /** How many threads may tell at once: a slow service must leave others for the runs themselves. */
    private final Semaphore places = new Semaphore(2);

    /** Runs of which this engine tells at the moment, and whether they are to be told of once more. */
    private final Map<RunId, Boolean> telling = new ConcurrentHashMap<>();

    /** For each run the instant for which this engine sent its last signal; what is recorded before then is told by that one. */
    private final Map<RunId, Instant> due = new ConcurrentHashMap<>();

    /** What was read of the streams of open runs. Whoever uses one takes it out meanwhile; it is put back if all went well. */
    private final Map<RunId, FollowStream> streams = new ConcurrentHashMap<>();

    Followers(Cloud cloud, Coding coding, Writer writer, Runs runs) {
        this.cloud = cloud;
        this.coding = coding;
        this.writer = writer;
        this.runs = runs;
    }

    /** Adds followers; before the first signal is handled. */
    void add(List<? extends Follower> more) {
        for (Follower follower : more) {
            if (followers.stream().anyMatch(one -> one.name().equals(follower.name()))) {
                throw new IllegalArgumentException("two are told of runs under the name '" + follower.name() + "'");
            }
            followers.add(follower);
        }
    }

    @Override
    public void hear(RunId run) {
        if (!followers.isEmpty()) {
            // One signal per run and second: it comes when the second is over, and so after all that is recorded in it.
            wake(run, cloud.clock().instant().truncatedTo(ChronoUnit.SECONDS).plusSeconds(1));
        }
    }

    /** Sends a signal for that instant, unless one is on its way that comes no later. */
    private void wake(RunId run, Instant at) {
        Instant now = cloud.clock().instant();
        Instant known = due.get(run);
        if (known != null && known.isAfter(now) && !known.isAfter(at)) {
            return;
        }
        if (due.size() > MOST_DUE) {
            due.values().removeIf(now::isAfter);
        }
        due.put(run, at);
        try {
            byte[] tell = coding.bytes(new Signal.Tell());
            cloud.signals().send(new SignalEnvelope("tell/" + at.toEpochMilli(), StreamId.of(run), tell), at);
        } catch (CloudException e) {
            // The run must not wait for those who only watch it; the sweep finds that they were not told.
            due.remove(run);
            LOG.warn("Run {}: its followers are told at the next sweep: {}", run, e.getMessage());
        }
    }

    @Override
    public boolean hasHeardAll(Supplier<RunView> ended) {
        return followers.isEmpty() || due(ended.get()).isEmpty();
    }

    /** When somebody is to be told how a run is, if somebody is: at this instant, or at a later one. */
    private Optional<Instant> due(RunView run) {
        List<Follower> following = following(run);
        if (following.isEmpty()) {
            return Optional.empty();
        }
        FollowStream stream = takeOut(run.id());
        stream.refresh();
        Instant now = cloud.clock().instant();
        Optional<Instant> due = following.stream()
                .filter(follower -> isPending(follower, stream.of(follower.name()), run))
                .map(follower -> stream.of(follower.name())
                        .waitsUntil(now, writer.engine())
                        .orElse(now))
                .min(Instant::compareTo);
        if (due.isPresent() || run.outcome().isEmpty()) {
            putBack(run.id(), stream);
        }
        return due;
    }

    private FollowStream takeOut(RunId run) {
        FollowStream known = streams.remove(run);
        return known == null ? new FollowStream(cloud.journal(), run) : known;
    }

    private void putBack(RunId run, FollowStream stream) {
        if (streams.size() >= MOST_STREAMS) {
            // They only save reading.
            streams.clear();
        }
        streams.put(run, stream);
    }

    private List<Follower> following(RunView run) {
        return followers.stream().filter(follower -> follower.follows(run)).toList();
    }

    static boolean isPending(Follower follower, FollowerProgress progress, RunView run) {
        if (progress.givenUp()) {
            return false;
        }
        return progress.isUncertain()
                || (follower instanceof Follower.OfState state
                        ? state.isNews(run, progress.memo())
                        : progress.upTo() < run.status().records());
    }

    /** Finds followers whom no signal told. */
    void look(RunId run) {
        if (followers.isEmpty() || telling.containsKey(run)) {
            return;
        }
        Instant now = cloud.clock().instant();
        runs.view(run).flatMap(this::due).filter(at -> !at.isAfter(now)).ifPresent(at -> wake(run, at));
    }

    /** Tells all followers how a run is. If another thread is doing so, it goes round once more, and this returns. */
    void tell(RunId run) {
        if (followers.isEmpty()) {
            return;
        }
        if (!places.tryAcquire()) {
            wake(run, cloud.clock().instant().plusSeconds(1));
            return;
        }
        try {
            tellHere(run);
        } finally {
            places.release();
        }
    }

    private void tellHere(RunId run) {
        if (Boolean.TRUE.equals(telling.compute(run, (id, busy) -> busy != null))) {
            return;
        }
        boolean done = false;
        try {
            FollowStream stream = takeOut(run);
            boolean isOpen;
            do {
                isOpen = round(run, stream);
            } while (telling.compute(run, (id, again) -> Boolean.TRUE.equals(again) ? false : null) != null);
            done = true;
            if (isOpen) {
                putBack(run, stream);
            }
        } finally {
            if (!done) {
                telling.remove(run);
            }
        }
    }

    /** Tells at once what a signal of this engine was to tell within a second: the last chance of a process that ends with its run. What fails is told by the next engine. */
    void flush() {
        Instant soon = cloud.clock().instant().plusSeconds(1);
        due.forEach((run, at) -> {
            if (!at.isAfter(soon)) {
                try {
                    tell(run);
                } catch (RuntimeException e) {
                    LOG.warn("Run {}: its followers are told by the next engine: {}", run, e.getMessage());
                }
            }
        });
    }

    /** Tells everybody until there is nothing newer to tell; false if nobody is left to be told of the run's end. */
    private boolean round(RunId run, FollowStream stream) {
        stream.refresh();
        for (int round = 0; round < MOST_ROUNDS; round++) {
            Optional<RunView> view = runs.view(run);
            if (view.isEmpty()) {
                return false;
            }
            Optional<Instant> again = tellAll(view.get(), stream);
            // Read again: what was told may be of yesterday by now.
            boolean changed = runs.view(run)
                    .filter(now -> now.status().records() > view.get().status().records())
                    .isPresent();
            if (!changed) {
                again.ifPresentOrElse(at -> wake(run, at), () -> conclude(view.get()));
                return again.isPresent() || view.get().outcome().isEmpty();
            }
        }
        wake(run, cloud.clock().instant().plusSeconds(1));
        return true;
    }

    private void conclude(RunView run) {
        if (run.outcome().isPresent()) {
            due.remove(run.id());
            runs.concluded(run.id());
        }
    }

    /** Tells everybody; the instant at which somebody is to be told again, if somebody is. */
    private Optional<Instant> tellAll(RunView run, FollowStream stream) {
        Telling telling = new Telling(cloud, writer, runs, stream);
        return following(run).stream()
                .flatMap(follower -> telling.tell(follower, run).stream())
                .min(Instant::compareTo);
    }

    /** Who could not be told of a run. */
    List<RunView.Untold> untold(RunId run) {
        if (followers.isEmpty()) {
            return List.of();
        }
        FollowStream stream = new FollowStream(cloud.journal(), run);
        stream.refresh();
        List<RunView.Untold> untold = new ArrayList<>();
        stream.all()
                .forEach((name, progress) -> progress.failingSince()
                        .ifPresent(since -> untold.add(
                                new RunView.Untold(name, progress.why(), progress.tries(), since, progress.again()))));
        return untold;
    }
}
