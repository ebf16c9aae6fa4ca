// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.machine;

import dev.cumulane.run.Deployment;
import dev.cumulane.run.RunId;

/** A recorded fact of a lock. */
public sealed interface LockEvent {
    /** Whom it is about. */
    Claimant who();

    /** Somebody asked for it and waits. */
    record Asked(Claimant who, Terms terms) implements LockEvent {}

    /** Somebody has it; fences grow by one. */
    record Granted(Claimant who, long fence) implements LockEvent {}

    /** Too many have it or wait for it: somebody who asked gets nothing. */
    record Refused(Claimant who) implements LockEvent {}

    /** A newer run takes somebody's place. Who has it keeps it until it has really stopped; who waits waits no longer. */
    record Superseded(Claimant who, RunId by) implements LockEvent {}

    /** A deployment of who has it has ended, or gave the last good release back. */
    record Deployed(Claimant who, Deployment deployment) implements LockEvent {}

    /** Somebody has it no longer, or asks for it no longer. */
    record Released(Claimant who) implements LockEvent {}
}
