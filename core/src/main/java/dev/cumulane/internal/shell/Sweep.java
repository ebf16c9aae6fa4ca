// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.shell;

import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.Journal;
import dev.cumulane.cloud.StreamId;
import dev.cumulane.internal.machine.RunProgress;
import dev.cumulane.run.RunId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds what no signal told: open runs to look at, inboxes that nobody emptied, locks that nobody needs. */
final class Sweep {
    private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);
    private static final Duration AGAIN = Duration.ofMinutes(1);

    /**
     * Longer than anybody tells of a head: what has not begun by then never does. Sooner, a process could die between taking a run off and seeing that another one had
     * begun it at that moment, and the run would be open and not listed.
     */
    private static final Duration ABANDONED = Duration.ofDays(30);

    /** An open run is looked at within 15 minutes in any case; this is beyond. */
    private static final Duration ALL = Duration.ofDays(1);

    private static final int PAGE = 200;

    private final Cloud cloud;
    private final Runs runs;
    private final Locks locks;
    private final Queries queries;
    private final Followers followers;

    Sweep(Cloud cloud, Runs runs, Locks locks, Queries queries, Followers followers) {
        this.cloud = cloud;
        this.runs = runs;
        this.locks = locks;
        this.queries = queries;
        this.followers = followers;
    }

    /** What is due now. */
    void due() {
        Instant began = cloud.clock().instant();
        int looked = openRuns(Duration.ZERO);
        for (StreamId stream : cloud.journal().inboxes(PAGE)) {
            if (stream.isRun()) {
                runs.drain(new RunId(stream.name()));
            } else {
                locks.drain(stream);
            }
        }
        for (String environment :
                cloud.deliveries().environments().stream().sorted().toList()) {
            locks.look(StreamId.environment(environment));
        }
        new Measures(cloud).swept(looked, began);
    }

    /** Every open run, due or not, and then what is due. */
    void all() {
        openRuns(ALL);
        due();
    }

    private int openRuns(Duration ahead) {
        Instant now = cloud.clock().instant();
        List<Journal.Listed> open = cloud.journal().open(now.plus(ahead), PAGE);
        open.forEach(listed -> guarded(listed, now));
        return open.size();
    }

    /** One run that cannot be read must not keep the others from being looked at. */
    private void guarded(Journal.Listed listed, Instant now) {
        try {
            look(listed, now);
        } catch (RuntimeException e) {
            LOG.error("Run {} could not be looked at and is tried again: {}", listed.run(), e.getMessage());
            cloud.journal().lookAgain(listed.run(), now.plus(AGAIN));
        }
    }

    private void look(Journal.Listed listed, Instant now) {
        runs.look(listed.run(), 0);
        followers.look(listed.run());
        // Of the groups only those matter that an open run waits for: one that nobody waits for is in nobody's way.
        runs.read(
                        listed.run(),
                        cell -> cell.progress()
                                .filter(RunProgress::waitsForTurn)
                                .flatMap(progress -> progress.head().turn()))
                .ifPresent(turn -> locks.look(StreamId.group(turn.group())));
        Optional<Boolean> ended =
                runs.read(listed.run(), cell -> cell.progress().map(RunProgress::hasEnded));
        boolean abandoned =
                ended.isEmpty() && listed.startedAt().plus(ABANDONED).isBefore(now);
        if (!abandoned) {
            // A run that has ended is taken off when its last command has been done, which the look above has tried:
            // not here, or what it holds would stay held if that failed.
            cloud.journal().lookAgain(listed.run(), now.plus(AGAIN));
            return;
        }
        cloud.journal().unlist(listed.run());
        if (queries.hasEnded(listed.run()).equals(Optional.of(false))) {
            // Somebody listed it, which changed nothing, and began it while this took it off.
            cloud.journal().list(new Journal.Listed(listed.run(), now, now));
        }
    }
}
