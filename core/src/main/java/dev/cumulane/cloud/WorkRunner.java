// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

import dev.cumulane.run.AttemptId;
import java.time.Duration;
import java.util.Optional;

/**
 * Starts, stops and finds work: one for container builds, one for functions.
 *
 * <p>Called by the engine after an append, from any thread, once per attempt and again by the sweep. A start may be repeated after a crash, and two of them may
 * run: the claim inside the order lets only one take effect. A runner searches before it starts again where its service can search; that only saves money.
 *
 * <p>When the service says that work is over, the adapter sends {@link SignalEnvelope#workOver}. That may be lost; the sweep asks {@link #look}.
 */
public interface WorkRunner {
    /** What the service knows of an attempt. */
    enum Phase {
        /** Accepted; it waits or runs. */
        LIVING,
        /** Ended, in whatever way; no result can come any more. */
        OVER,
        /** The service cannot say. For functions this is the ordinary answer. */
        UNKNOWN
    }

    /**
     * Why a build cannot run here, for the plan check; calls nothing. Of container builds only.
     *
     * @param image the image that the stage names
     * @param within its time limit
     * @return what to tell people, to follow the stage's name; empty if it can
     */
    default Optional<String> refusal(String image, Duration within) {
        return Optional.empty();
    }

    /**
     * Starts the work of an attempt and returns as soon as the service has accepted it.
     *
     * @param order the work
     * @return the service's own id for it, at most 500 characters, by which it can be looked at and stopped
     * @throws CloudException retryable, if it may go through later: the engine starts again, as the same attempt; permanent, if the service refuses this work:
     *     the attempt ends as an ERROR that says so
     */
    String start(WorkOrder order);

    /**
     * Asks the service to stop the work, without waiting for it. Work that is over or unknown is ignored. Repeated by the sweep until the work is over.
     *
     * @param attempt the attempt
     * @param serviceId what {@link #start} returned
     */
    void stop(AttemptId attempt, String serviceId);

    /**
     * What became of started work. Called by the sweep, at most every few minutes per attempt, and after a restart.
     *
     * @param attempt the attempt
     * @param serviceId what {@link #start} returned
     * @return the phase
     */
    Phase look(AttemptId attempt, String serviceId);

    /**
     * Looks for work of an attempt whose start was never recorded.
     *
     * @param attempt the attempt
     * @return the service's id, if it knows of any
     */
    Optional<String> find(AttemptId attempt);
}
