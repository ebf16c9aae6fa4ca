// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.run;

import java.time.Instant;
import java.util.List;

/**
 * One record of a run's history: what one transition added.
 *
 * @param sequence its number, from 1
 * @param at when it was decided
 * @param events what happened, in order
 */
public record HistoryRecord(long sequence, Instant at, List<RunEvent> events) {
    /** Copies the list. */
    public HistoryRecord {
        events = List.copyOf(events);
    }
}
