// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.cumulane.aws.client.AwsClients;
import dev.cumulane.aws.client.AwsNames;
import dev.cumulane.aws.emulator.CountedCalls;
import dev.cumulane.aws.emulator.Emulators;
import dev.cumulane.aws.emulator.FaultProxy;
import dev.cumulane.aws.emulator.LocalDynamoDb;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Journal.Listed;
import dev.cumulane.cloud.Journal.Snapshot;
import dev.cumulane.cloud.StreamId;
import dev.cumulane.cloud.contract.DisturbedJournalContract;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;

/** What is DynamoDB's own: lost answers, the price of a transition, the end of a stream, and what is said when something is missing. */
final class DynamoDbJournalTest extends DisturbedJournalContract {
    private final CountedCalls calls = new CountedCalls();
    private final FaultProxy proxy = FaultProxy.before(LocalDynamoDb.endpoint(), 0, 1);
    private final AwsClients clients = Emulators.clients(Map.of("dynamodb", proxy.endpoint()), calls);
    private String table = "";
    private DynamoDbJournal journal = another();

    @BeforeEach
    void create() {
        table = LocalDynamoDb.table(clients.dynamoDb());
        journal = another();
        calls.reset();
    }

    @AfterEach
    void close() {
        clients.close();
        proxy.close();
    }

    @Test
    void a_table_that_is_missing_is_named_with_the_command_that_installs_it() {
        DynamoDbJournal lost =
                new DynamoDbJournal(clients::dynamoDb, "nobody-journal", Emulators.REGION.id(), KEPT, clock);

        assertThatExceptionOfType(CloudException.class)
                .isThrownBy(() -> append(lost, 1, "x"))
                .withMessageContaining("table nobody-journal in eu-west-1 is missing")
                .withMessageContaining(AwsNames.INSTALL)
                .satisfies(e -> assertThat(e.retryable()).isFalse());
    }

    @Test
    void a_usual_record_is_one_unit_of_what_is_billed() {
        append(journal, 1, "x".repeat(600));

        System.out.println("a record of 600 bytes: 1 call, " + calls.bytes() + " bytes of request, item of "
                + largestRecord() + " bytes");
        // DynamoDB bills a write by whole units of 1,024 bytes, names of attributes included.
        assertThat(largestRecord()).isLessThanOrEqualTo(1024);
    }

    @Test
    void a_run_costs_two_writes_to_the_index() {
        Instant now = clock.instant();

        journal.list(new Listed(RUN_ID, now, now.plusSeconds(900)));
        append(journal, 1, "started");
        append(journal, 2, "finished");
        journal.unlist(RUN_ID);

        assertThat(calls.calls()).isEqualTo(Map.of("DynamoDb.PutItem", 3, "DynamoDb.UpdateItem", 1));
    }

    @Test
    void all_records_of_a_run_end_when_the_first_one_said_and_its_name_stays_taken() {
        append(journal, 1, "one");
        clock.move(Duration.ofDays(30));
        append(journal, 2, "two");
        append(another(), 3, "three");

        long end = Instant.parse("2026-11-23T08:00:00Z").plus(KEPT).getEpochSecond();
        List<Map<String, AttributeValue>> records = items();
        assertThat(records)
                .hasSize(3)
                .allSatisfy(
                        record -> assertThat(Items.number(record, Items.ENDS)).hasValue(end));
        assertThat(records)
                .extracting(record -> Items.number(record, Items.DELETE_AFTER).orElseThrow() - end)
                .containsExactly(KEPT.toSeconds(), 0L, 0L);
    }

    @Test
    void nothing_of_a_lock_is_to_be_deleted() {
        journal.append(StreamId.environment("production"), 1, "asked".getBytes(UTF_8));

        assertThat(items()).allSatisfy(item -> assertThat(item).doesNotContainKey(Items.DELETE_AFTER));
    }

    @Test
    void a_snapshot_is_kept_packed_and_a_damaged_one_is_as_good_as_none() {
        journal.putSnapshot(RUN, new Snapshot(64, "stage ".repeat(10_000).getBytes(UTF_8)));

        assertThat(Items.bytes(items().get(0))).hasSizeLessThan(1000);
        assertThat(journal.snapshot(RUN).orElseThrow().bytes()).hasSize(60_000);

        Map<String, AttributeValue> damaged = Items.snapshotKey(RUN);
        damaged.put(Items.SEQUENCE, Items.number(64));
        damaged.put(Items.BYTES, Items.bytes(new byte[] {1, 2, 3}));
        clients.dynamoDb().putItem(put -> put.tableName(table).item(damaged));
        assertThat(journal.snapshot(RUN)).isEmpty();
    }

    @Override
    protected FaultProxy disturbed() {
        return proxy;
    }

    @Override
    protected String request() {
        return "PutItem";
    }

    @Override
    protected int attempts() {
        return AwsClients.ATTEMPTS;
    }

    @Override
    protected Map<String, Integer> calls() {
        return calls.calls();
    }

    @Override
    protected void forgetCalls() {
        calls.reset();
    }

    @Override
    protected String append() {
        return "DynamoDb.PutItem";
    }

    @Override
    protected DynamoDbJournal another() {
        return new DynamoDbJournal(clients::dynamoDb, table, Emulators.REGION.id(), KEPT, clock);
    }

    private List<Map<String, AttributeValue>> items() {
        return clients.dynamoDb()
                .scan(ScanRequest.builder().tableName(table).build())
                .items();
    }

    /** As DynamoDB counts: the bytes of names and values; a number takes a byte for two digits and one more. */
    private int largestRecord() {
        return items().stream()
                .mapToInt(item -> item.entrySet().stream()
                        .mapToInt(attribute -> attribute.getKey().length() + size(attribute.getValue()))
                        .sum())
                .max()
                .orElseThrow();
    }

    private static int size(AttributeValue value) {
        return switch (value.type()) {
            case S -> value.s().getBytes(UTF_8).length;
            case N -> (value.n().length() + 1) / 2 + 1;
            case B -> value.b().asByteArrayUnsafe().length;
            default -> throw new AssertionError("the journal writes no " + value.type());
        };
    }
}
