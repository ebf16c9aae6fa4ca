// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.codec;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cumulane.internal.follow.FollowEvent;
import dev.cumulane.internal.json.MalformedJsonException;
import dev.cumulane.internal.json.RecordJson;
import dev.cumulane.internal.machine.LockEvent;
import dev.cumulane.internal.machine.LockProgress;
import dev.cumulane.internal.machine.RunProgress;
import dev.cumulane.internal.machine.Signal;
import dev.cumulane.internal.machine.TakenOver;
import dev.cumulane.run.RunEvent;
import java.time.Instant;
import java.util.List;

/**
 * Bytes of signals, records and snapshots.
 *
 * <p>What is written here is read by later versions for ever: a component of an event may be added if it is optional, a list, a map or a flag; nothing may be renamed or
 * removed. The golden histories among the test resources see to it.
 */
public final class Codec {
    /** The most bytes that the snapshot of a run's state may have; a larger one is of no use. */
    public static final int LARGEST_STATE = 32 * 1024 * 1024;

    /** The most bytes that a signal or a record may have; the journal's limit. */
    private static final int MOST = 60 * 1024;

    private static final int MOST_LOCK = 380 * 1024;

    /** The most bytes of what a run takes over: ten thousand stages with some artifacts each. */
    public static final int MOST_TAKEN_OVER = 16 * 1024 * 1024;

    private static final int FORMAT = 1;

    private Codec() {}

    /**
     * One record of a run's stream.
     *
     * @param format the version of this form
     * @param writer who wrote it, and which of the writer's records it is; so that a writer recognises its own
     * @param at when it was decided
     * @param events what happened
     */
    public record RunRecord(int format, String writer, Instant at, List<RunEvent> events) {}

    /**
     * One record of an environment's stream.
     *
     * @param format the version of this form
     * @param writer as in a {@link RunRecord}
     * @param at when it was decided
     * @param events what happened
     */
    public record LockRecord(int format, String writer, Instant at, List<LockEvent> events) {}

    /**
     * One record of what was told of a run.
     *
     * @param format the version of this form
     * @param writer as in a {@link RunRecord}; also the mark of a telling that begins
     * @param at when it was recorded
     * @param event what happened
     */
    public record FollowRecord(int format, String writer, Instant at, FollowEvent event) {}

    /** What every later form has, too. */
    private record Form(int format) {}

    /** A signal's bytes. */
    public static byte[] bytes(Signal signal) {
        return RecordJson.write(Signal.class, signal);
    }

    /** The signal that these bytes are. */
    public static Signal signal(byte[] bytes) {
        return RecordJson.read(Signal.class, bytes, MOST);
    }

    /** A run's record. */
    public static byte[] record(String writer, Instant at, List<RunEvent> events) {
        return RecordJson.write(RunRecord.class, new RunRecord(FORMAT, writer, at, events));
    }

    /**
     * The run's record that these bytes are.
     *
     * @throws NewerFormException if a later version wrote it
     * @throws MalformedJsonException if they are none
     */
    public static RunRecord runRecord(byte[] bytes) {
        return RecordJson.read(RunRecord.class, ofThisForm(bytes));
    }

    /** A lock's record. */
    public static byte[] lockRecord(String writer, Instant at, List<LockEvent> events) {
        return RecordJson.write(LockRecord.class, new LockRecord(FORMAT, writer, at, events));
    }

    /**
     * The lock's record that these bytes are.
     *
     * @throws NewerFormException if a later version wrote it
     * @throws MalformedJsonException if they are none
     */
    public static LockRecord lockRecord(byte[] bytes) {
        return RecordJson.read(LockRecord.class, ofThisForm(bytes));
    }

    /** A record of what was told. */
    public static byte[] followRecord(String writer, Instant at, FollowEvent event) {
        return RecordJson.write(FollowRecord.class, new FollowRecord(FORMAT, writer, at, event));
    }

    /**
     * The record of what was told that these bytes are.
     *
     * @throws NewerFormException if a later version wrote it
     * @throws MalformedJsonException if they are none
     */
    public static FollowRecord followRecord(byte[] bytes) {
        return RecordJson.read(FollowRecord.class, ofThisForm(bytes));
    }

    /** A run's snapshot. */
    public static byte[] bytes(RunProgress.Memo memo) {
        return RecordJson.write(RunProgress.Memo.class, memo);
    }

    /** The run's snapshot that these bytes are. */
    public static RunProgress.Memo runMemo(byte[] bytes) {
        return RecordJson.read(RunProgress.Memo.class, bytes, LARGEST_STATE);
    }

    /** A lock's snapshot. */
    public static byte[] bytes(LockProgress.Memo memo) {
        return RecordJson.write(LockProgress.Memo.class, memo);
    }

    /** The lock's snapshot that these bytes are. */
    public static LockProgress.Memo lockMemo(byte[] bytes) {
        return RecordJson.read(LockProgress.Memo.class, bytes, MOST_LOCK);
    }

    /** A success that later runs may take over. */
    public static byte[] bytes(TakenOver.Taken success) {
        return RecordJson.write(TakenOver.Taken.class, success);
    }

    /** The success that these bytes are. */
    public static TakenOver.Taken taken(byte[] bytes) {
        return RecordJson.read(TakenOver.Taken.class, bytes, MOST);
    }

    /** What a run takes over from another one. */
    public static byte[] bytes(TakenOver taken) {
        return RecordJson.write(TakenOver.class, taken);
    }

    /** What these bytes say is taken over. */
    public static TakenOver takenOver(byte[] bytes) {
        return RecordJson.read(TakenOver.class, bytes, MOST_TAKEN_OVER);
    }

    /** Before anything else: a later form may hold types that this version does not know. */
    private static JsonNode ofThisForm(byte[] bytes) {
        JsonNode tree = RecordJson.tree(bytes, MOST);
        int format = RecordJson.read(Form.class, tree).format();
        if (format != FORMAT) {
            throw new NewerFormException("the record has form " + format + "; this version reads form " + FORMAT);
        }
        return tree;
    }
}
