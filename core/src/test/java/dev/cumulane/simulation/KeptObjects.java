// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.simulation;

import dev.cumulane.internal.codec.Codec;
import dev.cumulane.internal.codec.Coding;
import dev.cumulane.internal.codec.NewerFormException;
import dev.cumulane.internal.machine.LockEvent;
import dev.cumulane.internal.machine.LockProgress;
import dev.cumulane.internal.machine.RunPlan;
import dev.cumulane.internal.machine.RunProgress;
import dev.cumulane.internal.machine.Signal;
import dev.cumulane.internal.order.BuildOrder;
import dev.cumulane.internal.order.OrderVariables;
import dev.cumulane.internal.order.RefusedInputException;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.pipeline.Plan;
import dev.cumulane.run.RunEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps objects and gives their number for their bytes. Equal signals and orders have equal bytes, as in JSON; records are told apart by their writer. What a service of the
 * simulated cloud sends is JSON and is read as such.
 */
final class KeptObjects implements Coding {
    /** The form that an older version does not read. */
    private static final int NEWER = 2;

    private final List<RunPlan> plans;
    private final List<Object> kept;
    private final Map<Object, byte[]> once;
    private final boolean older;
    private final Runnable refused;
    private final boolean writesNewer;

    KeptObjects(List<RunPlan> plans) {
        this(plans, new ArrayList<>(), new HashMap<>(), false, false, () -> {});
    }

    private KeptObjects(
            List<RunPlan> plans,
            List<Object> kept,
            Map<Object, byte[]> once,
            boolean older,
            boolean writesNewer,
            Runnable refused) {
        this.plans = plans;
        this.kept = kept;
        this.once = once;
        this.older = older;
        this.writesNewer = writesNewer;
        this.refused = refused;
    }

    /** The same objects, for an older version that cannot read what {@link #newer} wrote. */
    KeptObjects older(Runnable whenRefused) {
        return new KeptObjects(plans, kept, once, true, false, whenRefused);
    }

    /** The same objects, for a newer version. */
    KeptObjects newer() {
        return new KeptObjects(plans, kept, once, false, true, () -> {});
    }

    private byte[] keep(Object object) {
        int n = kept.size();
        kept.add(object);
        return new byte[] {0, (byte) (n >>> 24), (byte) (n >>> 16), (byte) (n >>> 8), (byte) n};
    }

    private Object kept(byte[] bytes) {
        return kept.get(bytes[1] << 24 | (bytes[2] & 0xFF) << 16 | (bytes[3] & 0xFF) << 8 | (bytes[4] & 0xFF));
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // The plans of one simulation are few objects.
    public RunPlan plan(Plan plan) {
        return plans.stream()
                .filter(known -> known.plan() == plan)
                .findFirst()
                .orElseGet(() -> Coding.super.plan(plan));
    }

    @Override
    public RunPlan plan(Digest fingerprint, byte[] bytes) {
        return plans.stream()
                .filter(plan -> plan.fingerprint().equals(fingerprint))
                .findFirst()
                .orElseGet(() -> Coding.super.plan(fingerprint, bytes));
    }

    @Override
    public byte[] bytes(Signal signal) {
        return once.computeIfAbsent(signal, this::keep);
    }

    @Override
    public byte[] bytes(BuildOrder order) {
        return once.computeIfAbsent(order, this::keep);
    }

    /** The variables of an order, which is a build's that is kept here, or a function's. */
    OrderVariables variables(byte[] order) throws RefusedInputException {
        return order[0] == '{' ? OrderVariables.of(order) : ((BuildOrder) kept(order)).variables();
    }

    @Override
    public Signal signal(byte[] bytes) {
        return bytes[0] == '{' ? Codec.signal(bytes) : (Signal) kept(bytes);
    }

    @Override
    public byte[] record(String writer, Instant at, List<RunEvent> events) {
        return keep(new Codec.RunRecord(writesNewer ? NEWER : 1, writer, at, events));
    }

    @Override
    public Codec.RunRecord runRecord(byte[] bytes) {
        Codec.RunRecord record = (Codec.RunRecord) kept(bytes);
        if (older && record.format() == NEWER) {
            refused.run();
            throw new NewerFormException("the record has form 2; this version reads form 1");
        }
        return record;
    }

    @Override
    public byte[] lockRecord(String writer, Instant at, List<LockEvent> events) {
        return keep(new Codec.LockRecord(1, writer, at, events));
    }

    @Override
    public Codec.LockRecord lockRecord(byte[] bytes) {
        return (Codec.LockRecord) kept(bytes);
    }

    @Override
    public byte[] bytes(RunProgress.Memo memo) {
        return keep(memo);
    }

    @Override
    public RunProgress.Memo runMemo(byte[] bytes) {
        return (RunProgress.Memo) kept(bytes);
    }

    @Override
    public byte[] bytes(LockProgress.Memo memo) {
        return keep(memo);
    }

    @Override
    public LockProgress.Memo lockMemo(byte[] bytes) {
        return (LockProgress.Memo) kept(bytes);
    }
}
