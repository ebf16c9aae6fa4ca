// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

import java.time.Instant;

/**
 * Delivers signals at least once: in any order, now or at an instant, perhaps twice, perhaps late.
 *
 * <p>Called by the engine, by ingress and by workers, from any thread; once or twice per transition. When {@code send} returns, the signal survives the loss of
 * power. A {@link CloudException} means that it may not be stored: a caller that owes somebody an answer says so. The sweep repeats what was lost.
 */
public interface Signals {
    /** Takes what is delivered. */
    @FunctionalInterface
    interface Handler {
        /**
         * Handles one signal. Called on any thread, perhaps on several at once. After it returns, the signal is done with; after an exception, it is delivered
         * again, each time later, never dropped.
         *
         * @param signal the signal
         */
        void handle(SignalEnvelope signal);
    }

    /**
     * Sends a signal for delivery now.
     *
     * @param signal the signal
     */
    void send(SignalEnvelope signal);

    /**
     * Sends a signal for delivery at an instant, never before it; a past one is now. Precision is the service's: a second on one machine, a minute with EventBridge Scheduler.
     *
     * @param signal the signal
     * @param at the instant
     */
    void send(SignalEnvelope signal, Instant at);

    /**
     * Sends again what was put aside, since it could not be handled as often as the service allows: as if it had never failed. Called by the command line, when whatever
     * was wrong has been put right.
     *
     * @param most how many at most
     * @return how many were sent again; 0 where nothing is ever put aside
     */
    default int redrive(int most) {
        return 0;
    }

    /**
     * Starts delivering to this process, on the adapter's threads, until the cloud is closed. In the clouds the services call functions instead, and this does
     * nothing.
     *
     * @param handler takes what is delivered
     * @return whether this process delivers
     */
    default boolean deliverTo(Handler handler) {
        return false;
    }
}
