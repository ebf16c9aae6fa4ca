// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.testing;

import dev.cumulane.cloud.DeploymentStep;
import dev.cumulane.cloud.StreamId;
import dev.cumulane.cloud.WorkOrder;
import dev.cumulane.run.AttemptId;
import java.util.Optional;

/** Sees what happens in a simulated world, as it happens and not as the engine is told of it. Called on the thread that moves the world. */
interface Witness {
    /** A fault happened. */
    default void befell(String fault) {}

    /** A record is stored. */
    default void appended(StreamId stream, long sequence, byte[] record) {}

    /** A record is not stored, since there is one of its number. */
    default void conflicted(StreamId stream) {}

    /** The engine asks a service to start work. */
    default void started(WorkOrder order) {}

    /** A worker has the attempt's claim and begins to work. */
    default void worked(AttemptId attempt, String service) {}

    /** A worker is gone, with or without a result. */
    default void left(AttemptId attempt, String service, boolean died) {}

    /** The engine asks for a deployment's step. */
    default void began(DeploymentStep step) {}

    /** An environment carries out a step, unless it refuses. */
    default void stepped(DeploymentStep step, Optional<String> refusal) {}
}
