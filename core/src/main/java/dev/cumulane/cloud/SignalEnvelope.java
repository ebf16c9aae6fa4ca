// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

import dev.cumulane.internal.codec.Codec;
import dev.cumulane.internal.machine.Signal;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.RunId;

/**
 * A signal on its way to the engine. An adapter carries the bytes and never looks into them.
 *
 * @param id the same for the same signal, however often it is delivered; at most 200 characters
 * @param stream the stream it concerns
 * @param bytes at most {@value Journal#LARGEST_RECORD} bytes
 */
public record SignalEnvelope(String id, StreamId stream, byte[] bytes) {
    /** Refuses what an inbox could not hold. */
    public SignalEnvelope {
        if (id.isEmpty() || id.length() > 200) {
            throw new IllegalArgumentException("a signal's id has 1 to 200 characters, not " + id.length());
        }
        if (bytes.length > Journal.LARGEST_RECORD) {
            throw new IllegalArgumentException("signal " + id + " has " + bytes.length + " bytes; at most "
                    + Journal.LARGEST_RECORD + " are carried");
        }
    }

    /**
     * The service says that an attempt's work is over; the engine reads its result. For the adapter's event function, or a watcher.
     *
     * @param attempt the attempt
     * @return the envelope
     */
    public static SignalEnvelope workOver(AttemptId attempt) {
        return of(
                attempt.run(),
                "over/" + attempt.stage() + "/" + attempt.number(),
                new Signal.WorkOver(attempt.stage(), attempt.number()));
    }

    /**
     * A deployment's step has come to its end.
     *
     * @param step the step
     * @param report what became of it
     * @return the envelope
     */
    public static SignalEnvelope stepOver(DeploymentStep step, StepReport report) {
        return of(
                step.run(),
                "step/" + step.stage() + "/" + step.index(),
                new Signal.StepOver(
                        step.stage(),
                        step.index(),
                        report.succeeded(),
                        report.detail(),
                        report.version(),
                        report.address()));
    }

    private static SignalEnvelope of(RunId run, String id, Signal signal) {
        return new SignalEnvelope(id, StreamId.of(run), Codec.bytes(signal));
    }
}
