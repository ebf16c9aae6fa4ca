// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.work;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.CloudException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;

/**
 * Who starts something at a service that would start it twice: whoever first writes down that it is about to. The note stands whatever becomes of the one that
 * wrote it, so the next one is allowed after some time. That only saves money; the claim in an order lets one piece of work take effect, and the ledger of an environment one deployment.
 */
final class Intents {
    /** How long a start may take, and its work may be missing from lists. */
    static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final int MOST = 20;

    private final ArtifactStore store;
    private final InstantSource clock;

    Intents(ArtifactStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /** What an attempt to be the one who starts led to. */
    enum Turn {
        /** The caller starts, and nobody else did. */
        FIRST,
        /** The caller starts unless a search finds what an earlier one started. */
        AFTER_ANOTHER,
        /** Another one is about to start. */
        ANOTHERS
    }

    /**
     * Asks for leave to start.
     *
     * @param note where in the store the start is written down
     * @param what is started, for messages
     */
    Turn ask(String note, String what) {
        byte[] mine = (clock.instant().toEpochMilli() + " " + UUID.randomUUID()).getBytes(UTF_8);
        for (int number = 1; number <= MOST; number++) {
            String key = note + "/" + number;
            byte[] kept = store.read(key).orElseGet(() -> written(key, mine));
            if (java.util.Arrays.equals(kept, mine)) {
                return number == 1 ? Turn.FIRST : Turn.AFTER_ANOTHER;
            }
            if (clock.instant().isBefore(at(kept).plus(PATIENCE))) {
                return Turn.ANOTHERS;
            }
        }
        throw CloudException.permanent(
                "Azure DevOps", MOST + " starts of " + what + " led to nothing that could be found");
    }

    private byte[] written(String key, byte[] mine) {
        store.create(key, mine);
        return store.read(key).orElse(mine);
    }

    private static Instant at(byte[] kept) {
        String text = new String(kept, UTF_8);
        return Instant.ofEpochMilli(Long.parseLong(text.substring(0, text.indexOf(' '))));
    }
}
