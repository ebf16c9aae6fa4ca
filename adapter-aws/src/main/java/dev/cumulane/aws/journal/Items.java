// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.journal;

import dev.cumulane.cloud.Journal.Entry;
import dev.cumulane.cloud.Journal.Listed;
import dev.cumulane.cloud.Journal.Pending;
import dev.cumulane.cloud.StreamId;
import dev.cumulane.run.RunId;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * How the journal's items are written. Names are short, since DynamoDB bills them with every item.
 *
 * <pre>
 * pk            sk               holds
 * STREAM        r000000000001    b bytes, w writer, x when the stream ends (runs only), ttl
 * STREAM        iID              b bytes, q STREAM                       in the index inboxes
 * STREAM        s                b bytes, n sequence                     the snapshot
 * run/RUN       l                g open or done, t sort key, s started, l look again, ttl   in the index runs
 * </pre>
 */
final class Items {
    static final String PARTITION = "pk";
    static final String SORT = "sk";
    static final String BYTES = "b";
    static final String WRITER = "w";
    /** When the stream reads as absent, in seconds since 1970. */
    static final String ENDS = "x";
    /** When DynamoDB may delete the item, in seconds since 1970. */
    static final String DELETE_AFTER = "ttl";

    static final String SEQUENCE = "n";
    static final String INBOX = "q";
    static final String GROUP = "g";
    static final String TIME = "t";
    static final String STARTED = "s";
    static final String LOOK = "l";

    static final String OPEN = "open";
    static final String DONE = "done";

    private static final String RECORD_SORT = "r";
    private static final String SIGNAL_SORT = "i";
    private static final String SNAPSHOT_SORT = "s";
    private static final String LISTED_SORT = "l";

    /** Twelve digits after the first make the order of texts the order of numbers; no stream has that many records. */
    private static final long DIGITS = 1_000_000_000_000L;

    private Items() {}

    static Map<String, AttributeValue> recordKey(StreamId stream, long sequence) {
        return key(stream, recordSort(sequence));
    }

    static Map<String, AttributeValue> signalKey(StreamId stream, String id) {
        return key(stream, SIGNAL_SORT + id);
    }

    static Map<String, AttributeValue> snapshotKey(StreamId stream) {
        return key(stream, SNAPSHOT_SORT);
    }

    static Map<String, AttributeValue> listedKey(RunId run) {
        return key(StreamId.of(run), LISTED_SORT);
    }

    static String recordSort(long sequence) {
        return RECORD_SORT
                + Long.toString(DIGITS + Math.min(sequence, DIGITS - 1)).substring(1);
    }

    static String signalSort() {
        return SIGNAL_SORT;
    }

    static Entry entry(Map<String, AttributeValue> item) {
        return new Entry(Long.parseLong(text(item, SORT).substring(RECORD_SORT.length())), bytes(item));
    }

    static Pending pending(Map<String, AttributeValue> item) {
        return new Pending(text(item, SORT).substring(SIGNAL_SORT.length()), bytes(item));
    }

    static Listed listed(Map<String, AttributeValue> item) {
        return new Listed(
                new RunId(new StreamId(text(item, PARTITION)).name()),
                Instant.ofEpochMilli(number(item, STARTED).orElse(0L)),
                Instant.ofEpochMilli(number(item, LOOK).orElse(0L)));
    }

    static Optional<Long> number(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        return value == null || value.n() == null ? Optional.empty() : Optional.of(Long.parseLong(value.n()));
    }

    static byte[] bytes(Map<String, AttributeValue> item) {
        AttributeValue value = item.get(BYTES);
        return value == null || value.b() == null ? new byte[0] : value.b().asByteArray();
    }

    static String text(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        return value == null || value.s() == null ? "" : value.s();
    }

    static AttributeValue text(String value) {
        return AttributeValue.fromS(value);
    }

    static AttributeValue number(long value) {
        return AttributeValue.fromN(Long.toString(value));
    }

    /** Takes the array over: it is not changed afterwards, by the port's own word. */
    static AttributeValue bytes(byte[] value) {
        return AttributeValue.fromB(SdkBytes.fromByteArrayUnsafe(value));
    }

    private static Map<String, AttributeValue> key(StreamId stream, String sort) {
        Map<String, AttributeValue> key = new HashMap<>();
        key.put(PARTITION, text(stream.value()));
        key.put(SORT, text(sort));
        return key;
    }
}
