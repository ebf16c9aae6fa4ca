// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * When streams end, for journals of services that delete what is old by themselves. The first record of a run says it and every later one repeats it, so that the whole
 * stream reads as absent from one instant on, in whatever order the service deletes in the days after. Streams of locks and repositories do not end. Instants are
 * seconds since 1970. Any thread; what was read or written lately is remembered, of 10,000 streams at most.
 */
public final class Lifetimes {
    private static final int MOST_KNOWN = 10_000;

    private final Duration kept;
    private final InstantSource clock;

    private final Map<StreamId, Long> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<StreamId, Long> eldest) {
            return size() > MOST_KNOWN;
        }
    };

    /**
     * Lifetimes of which nothing is known yet.
     *
     * @param kept how long a run's stream is kept from its first record; longer than any run lasts
     * @param clock by which it ends
     */
    public Lifetimes(Duration kept, InstantSource clock) {
        this.kept = kept;
        this.clock = clock;
    }

    /**
     * Whether streams of this kind end at all.
     *
     * @param stream a stream
     * @return true for a run's, and for what was told to others of a run
     */
    public static boolean isFor(StreamId stream) {
        return stream.isRun() || stream.value().startsWith("follow/");
    }

    /**
     * When a stream ends that begins now.
     *
     * @return seconds since 1970
     */
    public long fresh() {
        return seconds(clock.instant().plus(kept));
    }

    /**
     * How long a stream's first record stays: as long again as the stream, so that whoever tells of the same commit then starts no second run.
     *
     * @param ends when the stream ends
     * @return when its first record may be deleted
     */
    public long tombstone(long ends) {
        return ends + kept.toSeconds();
    }

    /**
     * Whether an end has come.
     *
     * @param ends when a stream ends
     * @return true from that second on
     */
    public boolean isOver(long ends) {
        return ends <= seconds(clock.instant());
    }

    /**
     * When a stream ends, as far as that is known here.
     *
     * @param stream a stream
     * @return its end, or empty if no record of it was read or written lately
     */
    public Optional<Long> of(StreamId stream) {
        synchronized (known) {
            return Optional.ofNullable(known.get(stream));
        }
    }

    /**
     * Remembers what a record said.
     *
     * @param stream the record's stream
     * @param ends when that ends
     */
    public void learn(StreamId stream, long ends) {
        synchronized (known) {
            known.put(stream, ends);
        }
    }

    /**
     * Refuses to add to a stream that is known to have ended.
     *
     * @param stream the stream
     * @param service the service's name, for the exception
     * @throws CloudException permanent, if it has ended
     */
    public void requireLiving(StreamId stream, String service) {
        Optional<Long> ended = of(stream).filter(this::isOver);
        if (ended.isPresent()) {
            throw CloudException.permanent(
                    service,
                    stream + " was kept until " + Instant.ofEpochSecond(ended.get())
                            + "; nothing can be added to it, and its name is not given again");
        }
    }

    private static long seconds(Instant instant) {
        return instant.getEpochSecond();
    }
}
