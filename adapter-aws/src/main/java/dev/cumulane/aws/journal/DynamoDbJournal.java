// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.journal;

import dev.cumulane.aws.client.AwsService;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Journal;
import dev.cumulane.cloud.Lifetimes;
import dev.cumulane.cloud.Packed;
import dev.cumulane.cloud.StreamId;
import dev.cumulane.run.RunId;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * The journal of the AWS cloud: one DynamoDB table, whose keys and indexes {@link JournalTable} describes.
 *
 * <p>An append is one conditional put. The SDK repeats a call whose answer was lost, and {@code HttpURLConnection} does so by itself; the repetition then fails
 * because of our own write, so each append carries a mark by which its own record is known again. Records and inboxes are read consistently; the index of runs and
 * snapshots may be some moments old, which the sweep and the engine bear.
 *
 * <p>A run's records are kept for a time that its first record fixes; then the run is absent, and its id stays taken as long again. Any thread.
 */
public final class DynamoDbJournal implements Journal {
    private static final String ABSENT = "attribute_not_exists(" + Items.PARTITION + ")";

    private final Supplier<DynamoDbClient> client;
    private final String table;
    private final AwsService service;
    private final Lifetimes lifetimes;
    private final long writer = new SecureRandom().nextLong();
    private final AtomicLong writes = new AtomicLong();

    /**
     * The journal in a table. Does no I/O.
     *
     * @param client makes the client on first use
     * @param table the table's name
     * @param region the region's id, for messages
     * @param kept how long the records of a run are kept from its start; longer than any run lasts
     * @param clock by which they become old
     */
    public DynamoDbJournal(
            Supplier<DynamoDbClient> client, String table, String region, Duration kept, InstantSource clock) {
        this.client = client;
        this.table = table;
        this.service = new AwsService("DynamoDB", "table " + table + " in " + region);
        this.lifetimes = new Lifetimes(kept, clock);
    }

    @Override
    public Append append(StreamId stream, long sequence, byte[] record) {
        Journal.checkRecord(stream, sequence, record);
        AttributeValue mark = mark();
        Map<String, AttributeValue> item = Items.recordKey(stream, sequence);
        item.put(Items.BYTES, Items.bytes(record));
        item.put(Items.WRITER, mark);
        if (Lifetimes.isFor(stream)) {
            long ends = sequence == 1 ? lifetimes.fresh() : ends(stream);
            item.put(Items.ENDS, Items.number(ends));
            item.put(Items.DELETE_AFTER, Items.number(sequence == 1 ? lifetimes.tombstone(ends) : ends));
        }
        Optional<Map<String, AttributeValue>> there = putIfAbsent("append record " + sequence + " of " + stream, item);
        if (there.isEmpty() || mark.equals(there.get().get(Items.WRITER))) {
            learn(stream, item);
            return Append.APPENDED;
        }
        learn(stream, there.get());
        lifetimes.requireLiving(stream, service.name());
        return Append.EXISTS;
    }

    @Override
    public List<Entry> read(StreamId stream, long from, int limit) {
        Journal.checkSequence(from);
        Journal.checkLimit(limit);
        List<Map<String, AttributeValue>> items = query(
                "read " + stream,
                QueryRequest.builder()
                        .consistentRead(true)
                        .keyConditionExpression("pk = :stream AND sk BETWEEN :from AND :to")
                        .expressionAttributeValues(Map.of(
                                ":stream", Items.text(stream.value()),
                                ":from", Items.text(Items.recordSort(from)),
                                ":to", Items.text(Items.recordSort(Long.MAX_VALUE)))),
                limit);
        List<Entry> entries = new ArrayList<>(items.size());
        for (Map<String, AttributeValue> item : items) {
            if (learn(stream, item)) {
                return List.of();
            }
            Entry entry = Items.entry(item);
            if (entry.sequence() != from + entries.size()) {
                throw CloudException.permanent(
                        service.name(),
                        "the journal is damaged: record " + (from + entries.size()) + " of " + stream
                                + " is missing in " + service.resource());
            }
            entries.add(entry);
        }
        return entries;
    }

    @Override
    public void putInbox(StreamId stream, String id, byte[] signal) {
        Journal.checkSignal(id, signal);
        Map<String, AttributeValue> item = Items.signalKey(stream, id);
        item.put(Items.BYTES, Items.bytes(signal));
        item.put(Items.INBOX, Items.text(stream.value()));
        var unused = putIfAbsent("put signal " + id + " into the inbox of " + stream, item);
    }

    @Override
    public List<Pending> inbox(StreamId stream, int limit) {
        Journal.checkLimit(limit);
        return query(
                        "read the inbox of " + stream,
                        QueryRequest.builder()
                                .consistentRead(true)
                                .keyConditionExpression("pk = :stream AND begins_with(sk, :signals)")
                                .expressionAttributeValues(Map.of(
                                        ":stream", Items.text(stream.value()),
                                        ":signals", Items.text(Items.signalSort()))),
                        limit)
                .stream()
                .map(Items::pending)
                .toList();
    }

    @Override
    public void deleteInbox(StreamId stream, List<String> ids) {
        List<Map<String, AttributeValue>> keys = new LinkedHashSet<>(ids)
                .stream().map(id -> Items.signalKey(stream, id)).toList();
        new Deletion(client.get(), service, table).delete(keys, "delete signals from the inbox of " + stream);
    }

    /** The index of inboxes holds what lies in them now; reading all of it costs what reading them would. */
    @Override
    public List<StreamId> inboxes(int limit) {
        Journal.checkPositive(limit);
        Set<StreamId> streams = new LinkedHashSet<>();
        ScanRequest request = ScanRequest.builder()
                .tableName(table)
                .indexName(JournalTable.INBOXES)
                .build();
        service.call("list the inboxes", () -> {
            for (Map<String, AttributeValue> item :
                    client.get().scanPaginator(request).items()) {
                streams.add(new StreamId(Items.text(item, Items.INBOX)));
                if (streams.size() == limit) {
                    break;
                }
            }
            return streams;
        });
        return List.copyOf(streams);
    }

    @Override
    public void putSnapshot(StreamId stream, Snapshot snapshot) {
        Journal.checkSnapshot(stream, snapshot);
        Map<String, AttributeValue> item = Items.snapshotKey(stream);
        item.put(Items.SEQUENCE, Items.number(snapshot.sequence()));
        item.put(Items.BYTES, Items.bytes(Packed.pack(snapshot.bytes())));
        if (Lifetimes.isFor(stream)) {
            item.put(Items.DELETE_AFTER, Items.number(lifetimes.of(stream).orElseGet(lifetimes::fresh)));
        }
        service.call(
                "keep a snapshot of " + stream,
                () -> client.get()
                        .putItem(PutItemRequest.builder()
                                .tableName(table)
                                .item(item)
                                .build()));
    }

    /** An old snapshot, or a damaged one, is as good as a lost one: the records are still there. So the cheaper read is enough. */
    @Override
    public Optional<Snapshot> snapshot(StreamId stream) {
        Map<String, AttributeValue> item = service.call(
                        "read the snapshot of " + stream,
                        () -> client.get()
                                .getItem(GetItemRequest.builder()
                                        .tableName(table)
                                        .key(Items.snapshotKey(stream))
                                        .build()))
                .item();
        return Items.number(item, Items.SEQUENCE)
                .flatMap(sequence ->
                        Packed.unpack(Items.bytes(item), LARGEST_SNAPSHOT).map(bytes -> new Snapshot(sequence, bytes)));
    }

    @Override
    public void list(Listed listed) {
        Map<String, AttributeValue> item = Items.listedKey(listed.run());
        item.put(Items.GROUP, Items.text(Items.OPEN));
        item.put(Items.TIME, millis(listed.lookAgainAt()));
        item.put(Items.STARTED, millis(listed.startedAt()));
        item.put(Items.LOOK, millis(listed.lookAgainAt()));
        var unused = unlessRefused(
                "list run " + listed.run(),
                () -> client.get()
                        .putItem(PutItemRequest.builder()
                                .tableName(table)
                                .item(item)
                                .conditionExpression(ABSENT + " OR g <> :open")
                                .expressionAttributeValues(Map.of(":open", Items.text(Items.OPEN)))
                                .build()));
    }

    @Override
    public void lookAgain(RunId run, Instant at) {
        Map<String, AttributeValue> values = new HashMap<>();
        values.put(":at", millis(at));
        updateOpen("write when to look at run " + run + " again", run, "SET l = :at, t = :at", values);
    }

    /** The entry stays among the recent runs for as long as the run's records do, or some days more. */
    @Override
    public void unlist(RunId run) {
        Map<String, AttributeValue> values = new HashMap<>();
        values.put(":done", Items.text(Items.DONE));
        values.put(":ttl", Items.number(lifetimes.fresh()));
        updateOpen("take run " + run + " off the open ones", run, "SET g = :done, t = s, #ttl = :ttl", values);
    }

    @Override
    public List<Listed> open(Instant due, int limit) {
        Journal.checkPositive(limit);
        return runs(
                "list the open runs",
                QueryRequest.builder()
                        .keyConditionExpression("g = :group AND t <= :due")
                        .expressionAttributeValues(Map.of(":group", Items.text(Items.OPEN), ":due", millis(due))),
                limit);
    }

    /** Open runs are sorted by when to look at them, so all of them are read; they are few beside those that have ended. */
    @Override
    public List<Listed> recent(int limit) {
        Journal.checkLimit(limit);
        // The finished first: a run that ends in between is then seen twice rather than not at all.
        List<Listed> all =
                new ArrayList<>(runs("list the recent runs", group(Items.DONE).scanIndexForward(false), limit));
        all.addAll(runs("list the recent runs", group(Items.OPEN), Integer.MAX_VALUE));
        all.sort(Comparator.comparing(Listed::startedAt).reversed());
        Map<RunId, Listed> recent = new LinkedHashMap<>();
        all.forEach(listed -> recent.putIfAbsent(listed.run(), listed));
        return recent.values().stream().limit(limit).toList();
    }

    private static QueryRequest.Builder group(String group) {
        return QueryRequest.builder()
                .keyConditionExpression("g = :group")
                .expressionAttributeValues(Map.of(":group", Items.text(group)));
    }

    private List<Listed> runs(String attempt, QueryRequest.Builder request, int limit) {
        return query(attempt, request.indexName(JournalTable.RUNS), limit).stream()
                .map(Items::listed)
                .toList();
    }

    private void updateOpen(String attempt, RunId run, String update, Map<String, AttributeValue> values) {
        values.put(":open", Items.text(Items.OPEN));
        UpdateItemRequest.Builder request = UpdateItemRequest.builder()
                .tableName(table)
                .key(Items.listedKey(run))
                .updateExpression(update)
                .conditionExpression("g = :open")
                .expressionAttributeValues(values);
        if (update.contains("#ttl")) {
            request.expressionAttributeNames(Map.of("#ttl", Items.DELETE_AFTER));
        }
        var unused = unlessRefused(attempt, () -> client.get().updateItem(request.build()));
    }

    private List<Map<String, AttributeValue>> query(String attempt, QueryRequest.Builder query, int limit) {
        QueryRequest.Builder next = query.tableName(table);
        List<Map<String, AttributeValue>> items = new ArrayList<>();
        boolean more = true;
        while (more && items.size() < limit) {
            QueryRequest request = next.limit(limit - items.size()).build();
            var page = service.call(attempt, () -> client.get().query(request));
            items.addAll(page.items());
            more = page.hasLastEvaluatedKey() && !page.lastEvaluatedKey().isEmpty();
            next = next.exclusiveStartKey(page.lastEvaluatedKey());
        }
        return items;
    }

    /** What is there already, or empty if this was put. */
    private Optional<Map<String, AttributeValue>> putIfAbsent(String attempt, Map<String, AttributeValue> item) {
        PutItemRequest request = PutItemRequest.builder()
                .tableName(table)
                .item(item)
                .conditionExpression(ABSENT)
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
                .build();
        return unlessRefused(attempt, () -> client.get().putItem(request));
    }

    private Optional<Map<String, AttributeValue>> unlessRefused(String attempt, Runnable write) {
        return service.call(attempt, () -> {
            try {
                write.run();
                return Optional.empty();
            } catch (ConditionalCheckFailedException e) {
                return Optional.of(e.hasItem() ? e.item() : Map.of());
            }
        });
    }

    /** When a stream ends whose first record was written already, perhaps by another process. */
    private long ends(StreamId stream) {
        if (lifetimes.of(stream).isEmpty()) {
            var unused = learn(
                    stream,
                    service.call(
                                    "read record 1 of " + stream,
                                    () -> client.get()
                                            .getItem(GetItemRequest.builder()
                                                    .tableName(table)
                                                    .key(Items.recordKey(stream, 1))
                                                    .projectionExpression(Items.ENDS)
                                                    .consistentRead(true)
                                                    .build()))
                            .item());
        }
        lifetimes.requireLiving(stream, service.name());
        return lifetimes
                .of(stream)
                .orElseThrow(() -> CloudException.permanent(
                        service.name(), "stream " + stream + " has no record 1 in " + service.resource()));
    }

    /** Whether the stream that this record belongs to has ended. */
    private boolean learn(StreamId stream, Map<String, AttributeValue> record) {
        Optional<Long> ends = Items.number(record, Items.ENDS);
        ends.ifPresent(at -> lifetimes.learn(stream, at));
        return ends.isPresent() && lifetimes.isOver(ends.get());
    }

    private AttributeValue mark() {
        return Items.bytes(ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(writer)
                .putLong(writes.incrementAndGet())
                .array());
    }

    private static AttributeValue millis(Instant instant) {
        return Items.number(Math.max(0, instant.toEpochMilli()));
    }
}
