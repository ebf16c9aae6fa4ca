// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

import dev.cumulane.run.RunId;

/** A recorded fact of an environment's lock. */
public sealed interface LockEvent {
    /** A stage asked for it and waits. */
    record Asked(RunId run, String stage) implements LockEvent {}

    /** A stage has it; fences grow by one. */
    record Granted(RunId run, String stage, long fence) implements LockEvent {}

    /** A stage has it no longer, or asks for it no longer. */
    record Released(RunId run, String stage) implements LockEvent {}
}
