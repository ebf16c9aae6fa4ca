// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.codec;

import dev.cumulane.internal.machine.LockEvent;
import dev.cumulane.internal.machine.LockProgress;
import dev.cumulane.internal.machine.RunPlan;
import dev.cumulane.internal.machine.RunProgress;
import dev.cumulane.internal.machine.Signal;
import dev.cumulane.internal.order.BuildOrder;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.pipeline.Plan;
import dev.cumulane.run.RunEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/** How an engine's signals, records, snapshots and orders become bytes: by the {@link Codec} and as scripts, unless somebody opens the engine with another one. */
public interface Coding {
    /** The JSON of the {@link Codec}. */
    Coding JSON = new Coding() {};

    /** A plan with its graph and its fingerprint. */
    default RunPlan plan(Plan plan) {
        return RunPlan.of(plan);
    }

    /** The plan of this fingerprint that these bytes are. */
    default RunPlan plan(Digest fingerprint, byte[] bytes) {
        return RunPlan.of(Plan.parse(bytes));
    }

    /** A build's work order. */
    default byte[] bytes(BuildOrder order) {
        return order.script().getBytes(StandardCharsets.UTF_8);
    }

    /** A signal's bytes. */
    default byte[] bytes(Signal signal) {
        return Codec.bytes(signal);
    }

    /** The signal that these bytes are. */
    default Signal signal(byte[] bytes) {
        return Codec.signal(bytes);
    }

    /** A run's record. */
    default byte[] record(String writer, Instant at, List<RunEvent> events) {
        return Codec.record(writer, at, events);
    }

    /** The run's record that these bytes are. */
    default Codec.RunRecord runRecord(byte[] bytes) {
        return Codec.runRecord(bytes);
    }

    /** A lock's record. */
    default byte[] lockRecord(String writer, Instant at, List<LockEvent> events) {
        return Codec.lockRecord(writer, at, events);
    }

    /** The lock's record that these bytes are. */
    default Codec.LockRecord lockRecord(byte[] bytes) {
        return Codec.lockRecord(bytes);
    }

    /** A run's snapshot. */
    default byte[] bytes(RunProgress.Memo memo) {
        return Codec.bytes(memo);
    }

    /** The run's snapshot that these bytes are. */
    default RunProgress.Memo runMemo(byte[] bytes) {
        return Codec.runMemo(bytes);
    }

    /** A lock's snapshot. */
    default byte[] bytes(LockProgress.Memo memo) {
        return Codec.bytes(memo);
    }

    /** The lock's snapshot that these bytes are. */
    default LockProgress.Memo lockMemo(byte[] bytes) {
        return Codec.lockMemo(bytes);
    }
}
