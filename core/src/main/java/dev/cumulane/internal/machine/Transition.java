// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

import dev.cumulane.run.RunEvent;
import java.time.Instant;
import java.util.List;

/**
 * What follows from a signal.
 *
 * @param at the time of the record
 * @param events to be recorded; empty if the signal says nothing new
 * @param commands to be done once the events are recorded
 * @param more whether {@link Signal.Continue} would open more stages
 */
public record Transition(Instant at, List<RunEvent> events, List<Command> commands, boolean more) {}
