// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.journal;

import dev.cumulane.cloud.StreamId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * When streams end. The first record of a run says it and every later one repeats it, so that the whole stream reads as absent from one instant on, in whatever order
 * DynamoDB deletes its items in the days after. Streams of locks and repositories do not end. Any thread.
 */
final class Lifetimes {
    private static final int MOST_KNOWN = 10_000;

    private final Duration kept;
    private final InstantSource clock;
    /** What was read or written lately. */
    private final Map<StreamId, Long> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<StreamId, Long> eldest) {
            return size() > MOST_KNOWN;
        }
    };

    Lifetimes(Duration kept, InstantSource clock) {
        this.kept = kept;
        this.clock = clock;
    }

    /** Whether streams of this kind end at all. */
    static boolean isFor(StreamId stream) {
        return stream.isRun() || stream.value().startsWith("follow/");
    }

    /** When a stream ends that begins now, in seconds since 1970. */
    long fresh() {
        return seconds(clock.instant().plus(kept));
    }

    /** After its end a stream's first record stays as long again: whoever tells of the same commit then starts no second run. */
    long tombstone(long ends) {
        return ends + kept.toSeconds();
    }

    boolean isOver(long ends) {
        return ends <= seconds(clock.instant());
    }

    Optional<Long> of(StreamId stream) {
        synchronized (known) {
            return Optional.ofNullable(known.get(stream));
        }
    }

    void learn(StreamId stream, long ends) {
        synchronized (known) {
            known.put(stream, ends);
        }
    }

    private static long seconds(Instant instant) {
        return instant.getEpochSecond();
    }
}
