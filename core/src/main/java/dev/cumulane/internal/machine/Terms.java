// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

import dev.cumulane.pipeline.Concurrency;
import dev.cumulane.pipeline.Concurrency.Policy;
import java.time.Instant;

/**
 * On which terms somebody asks for a lock. They come with the question, so that the lock of a group needs nobody to know what the group's pipelines say now.
 *
 * @param since when the asker began; of two, the one that began later is the newer
 * @param capacity how many may have the lock with it, itself among them
 * @param waiting how many may wait, itself among them
 * @param supersedes whether the newest takes the place of all others
 */
public record Terms(Instant since, int capacity, int waiting, boolean supersedes) {
    /** One alone, however many wait. */
    public static Terms alone(Instant since) {
        return new Terms(since, 1, Integer.MAX_VALUE, false);
    }

    static Terms of(Concurrency concurrency, Instant since) {
        Policy policy = concurrency.policy();
        if (policy instanceof Policy.Queue queue) {
            return new Terms(since, 1, queue.waiting(), false);
        }
        if (policy instanceof Policy.Parallel parallel) {
            return new Terms(since, parallel.runs(), Concurrency.MOST, false);
        }
        return policy instanceof Policy.Supersede ? new Terms(since, 1, 1, true) : new Terms(since, 1, 0, false);
    }
}
