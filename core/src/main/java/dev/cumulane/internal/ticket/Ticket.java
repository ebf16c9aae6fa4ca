// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.ticket;

import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.internal.order.OrderKeys;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.AttemptId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What one attempt may ask of the artifact store, and until when. It names everything itself, so that whoever checks it needs no journal.
 *
 * <p>As text it stands in the order of the attempt and is shown with each question. Whoever holds it can do what the attempt's commands can do anyway, since they run beside
 * the order that holds it: end this attempt with a result of their own, read its inputs, and store objects.
 *
 * @param attempt the attempt, whose claim and result may be created and read
 * @param until when it ends
 * @param inputs objects that may be fetched; any object of at most {@value #LARGEST_OBJECT} bytes may be stored
 * @param caches below which keys caches may be found and kept
 */
public record Ticket(AttemptId attempt, Instant until, SortedSet<Digest> inputs, Caches caches) {
    /** The largest object that may be stored, in bytes: an archive of the most that a stage may write, 2 GiB, with its names and padding. */
    public static final long LARGEST_OBJECT = 5L << 29;

    private static final String FIRST = "cumulane ticket 1";
    private static final Pattern CACHE = Pattern.compile("caches(/[a-z0-9-]{1,64}){3}/");
    private static final Pattern BELOW = Pattern.compile("[0-9a-f]{64}");

    /** Copies the set. */
    public Ticket {
        inputs = Collections.unmodifiableSortedSet(new TreeSet<>(inputs));
    }

    /**
     * Caches that outlive the run.
     *
     * @param kept beginnings of keys under which they are found and kept
     * @param found beginnings of keys under which they are only found
     */
    public record Caches(List<String> kept, List<String> found) {
        /** No caches. */
        public static final Caches NONE = new Caches(List.of(), List.of());

        /** Copies the lists, and refuses what is no beginning of a cache's keys. */
        public Caches {
            kept = List.copyOf(kept);
            found = List.copyOf(found);
            kept.forEach(Caches::check);
            found.forEach(Caches::check);
        }

        private static void check(String prefix) {
            if (!CACHE.matcher(prefix).matches()) {
                throw new IllegalArgumentException("'" + prefix + "' is no beginning of a cache's keys");
            }
        }
    }

    /** Whether a key may be read. */
    boolean reads(String key) {
        return creates(key) || isBelow(caches.found(), key);
    }

    /** Whether a key may be created. */
    boolean creates(String key) {
        return key.equals(OrderKeys.claim(attempt))
                || key.equals(OrderKeys.result(attempt))
                || isBelow(caches.kept(), key);
    }

    /** The most bytes that may be created under a key. */
    long most(String key) {
        return isBelow(caches.kept(), key) ? LARGEST_OBJECT : ArtifactStore.LARGEST_KEY_VALUE;
    }

    private static boolean isBelow(List<String> prefixes, String key) {
        return prefixes.stream()
                .anyMatch(prefix -> key.startsWith(prefix)
                        && BELOW.matcher(key.substring(prefix.length())).matches());
    }

    /** The lines that are proven, without the proof; equal tickets give equal lines. */
    String text() {
        StringBuilder text = new StringBuilder(FIRST).append('\n');
        line(text, "attempt", attempt.key());
        line(text, "until", Long.toString(until.getEpochSecond()));
        inputs.forEach(digest -> line(text, "input", digest.hex()));
        caches.kept().forEach(prefix -> line(text, "keeps", prefix));
        caches.found().forEach(prefix -> line(text, "finds", prefix));
        return text.toString();
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(name).append(' ').append(value).append('\n');
    }

    /**
     * Reads lines that were proven to be ours.
     *
     * @throws IllegalArgumentException if they are not a ticket's
     */
    static Ticket parse(String text) {
        List<String> lines = text.lines().toList();
        if (lines.size() < 3 || !lines.get(0).equals(FIRST)) {
            throw new IllegalArgumentException("not a ticket of this format");
        }
        AttemptId attempt = AttemptId.parse(value(lines.get(1), "attempt"));
        Instant until = Instant.ofEpochSecond(Long.parseLong(value(lines.get(2), "until")));
        SortedSet<Digest> inputs = new TreeSet<>();
        List<String> kept = new ArrayList<>();
        List<String> found = new ArrayList<>();
        for (String line : lines.subList(3, lines.size())) {
            if (line.startsWith("input ")) {
                inputs.add(new Digest(value(line, "input")));
            } else if (line.startsWith("keeps ")) {
                kept.add(value(line, "keeps"));
            } else {
                found.add(value(line, "finds"));
            }
        }
        return new Ticket(attempt, until, inputs, new Caches(kept, found));
    }

    private static String value(String line, String name) {
        if (!line.startsWith(name + " ")) {
            throw new IllegalArgumentException("a ticket's line should begin with '" + name + "'");
        }
        return line.substring(name.length() + 1);
    }
}
