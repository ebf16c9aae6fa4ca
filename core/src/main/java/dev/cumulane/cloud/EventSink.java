// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

/**
 * Publishes CloudEvents to the cloud's bus.
 *
 * <p>Called by the engine after an append, at least once per event, from any thread. An exception leaves the event to be published again by the sweep.
 */
public interface EventSink {
    /**
     * Publishes one event.
     *
     * @param id the CloudEvents id, the same for every repetition
     * @param json the event in CloudEvents' JSON format, structured mode
     */
    void publish(String id, byte[] json);
}
