// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.shell;

import dev.cumulane.cloud.Cloud;
import dev.cumulane.internal.follow.FollowEvent;
import dev.cumulane.internal.follow.Follower;
import dev.cumulane.internal.follow.FollowerProgress;
import dev.cumulane.internal.follow.UntoldException;
import dev.cumulane.run.HistoryRecord;
import dev.cumulane.run.RunView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells one follower of one run, and records it.
 *
 * <p>The last thing that a follower of the state hears is how the run ended, although a request may arrive long after it was sent, and its sender may be dead by then:
 * a telling is recorded before it begins, and again when it is over. Whoever finds one that began and is not over waits until it can no longer get through, and then
 * tells once more; whoever finds on recording the end of its own that others wrote meanwhile tells once more, too. So no telling is the last but one that began when
 * no older one was under way.
 */
final class Telling {
    private static final Logger LOG = LoggerFactory.getLogger(Telling.class);
    private static final Duration FIRST_DELAY = Duration.ofSeconds(5);
    private static final Duration LONGEST_DELAY = Duration.ofMinutes(15);
    private static final Duration LONGEST_QUIET = Duration.ofHours(1);
    private static final int MOST_TRIES = 5;
    private static final int MOST_RECORDS = 100;
    private static final int LONGEST_REASON = 300;

    /** How long after a run's end, and after the first of the failures, a follower is given up that cannot be told. */
    static final Duration GIVE_UP = Duration.ofDays(1);

    private final Cloud cloud;
    private final Writer writer;
    private final Followers.Runs runs;
    private final FollowStream stream;

    Telling(Cloud cloud, Writer writer, Followers.Runs runs, FollowStream stream) {
        this.cloud = cloud;
        this.writer = writer;
        this.runs = runs;
        this.stream = stream;
    }

    /** Tells a follower how a run is; the instant at which it is to be told again, if it is. */
    Optional<Instant> tell(Follower follower, RunView run) {
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            FollowerProgress progress = stream.of(follower.name());
            if (!Followers.isPending(follower, progress, run)) {
                return Optional.empty();
            }
            Optional<Instant> wait = progress.waitsUntil(now(), writer.engine());
            if (wait.isPresent()) {
                return wait;
            }
            boolean recorded = follower instanceof Follower.OfState state
                    ? tellState(state, progress, run)
                    : tellRecords((Follower.OfRecords) follower, progress, run);
            if (recorded && progress.again().isPresent()) {
                return progress.again();
            }
        }
        return Optional.of(now().plus(FIRST_DELAY));
    }

    /** Whether what became of it is recorded; if not, somebody else wrote first. */
    private boolean tellState(Follower.OfState follower, FollowerProgress progress, RunView run) {
        boolean again = progress.isUncertain();
        List<String> over = progress.over(now(), writer.engine());
        if (over.stream().noneMatch(mark -> mark.startsWith(writer.engine()))) {
            if (!stream.append(writer.next(), now(), new FollowEvent.Begun(follower.name()))) {
                return false;
            }
            over = progress.over(now(), writer.engine());
        }
        FollowEvent end;
        try {
            String memo = follower.tell(new Follower.Telling(run, progress.memo(), again));
            end = new FollowEvent.Told(follower.name(), run.status().records(), memo, over);
        } catch (RuntimeException e) {
            end = failure(follower, progress, run, over, e);
        }
        return stream.append(writer.next(), now(), end);
    }

    private boolean tellRecords(Follower.OfRecords follower, FollowerProgress progress, RunView run) {
        List<HistoryRecord> records = runs.history(run.id(), progress.upTo() + 1);
        List<HistoryRecord> some = records.subList(0, Math.min(records.size(), MOST_RECORDS));
        if (some.isEmpty()) {
            return false;
        }
        FollowEvent end;
        try {
            follower.tell(run, some);
            long last = some.get(some.size() - 1).sequence();
            end = new FollowEvent.Told(follower.name(), last, progress.memo(), List.of());
        } catch (RuntimeException e) {
            end = failure(follower, progress, run, List.of(), e);
        }
        return stream.append(writer.next(), now(), end);
    }

    private FollowEvent failure(
            Follower follower, FollowerProgress progress, RunView run, List<String> over, RuntimeException e) {
        String why = reason(e);
        Instant now = now();
        LOG.warn("Run {}: {} could not be told: {}", run.id(), follower.name(), why);
        new Measures(cloud).untold();
        Instant since = progress.failingSince().orElse(now);
        Optional<Instant> ended = run.status().times().ended();
        if (ended.isPresent() && !later(since, ended.get()).plus(GIVE_UP).isAfter(now)) {
            return new FollowEvent.GivenUp(follower.name(), why);
        }
        Optional<UntoldException> untold = e instanceof UntoldException itself ? Optional.of(itself) : Optional.empty();
        Duration quiet = shorter(untold.map(UntoldException::quiet).orElse(Duration.ZERO), LONGEST_QUIET);
        Duration delay = shorter(FIRST_DELAY.multipliedBy(1L << Math.min(progress.tries(), 10)), LONGEST_DELAY);
        return new FollowEvent.Untold(
                follower.name(),
                why,
                untold.flatMap(UntoldException::memo).orElse(progress.memo()),
                later(now.plus(quiet), now.plus(delay)),
                over);
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private static String reason(RuntimeException e) {
        String line = String.valueOf(e.getMessage()).replaceAll("\\p{Cntrl}", " ");
        return line.length() > LONGEST_REASON ? line.substring(0, LONGEST_REASON - 3) + "..." : line;
    }

    private Instant now() {
        return cloud.clock().instant();
    }
}
