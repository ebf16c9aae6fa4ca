// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.aws.client.AwsClients;
import dev.cumulane.aws.emulator.Emulators;
import dev.cumulane.aws.emulator.FaultProxy;
import dev.cumulane.aws.emulator.LocalDynamoDb;
import dev.cumulane.cloud.Journal;
import dev.cumulane.cloud.contract.JournalContract;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/** The contract behind a network that disturbs every tenth request. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DynamoDbJournalFaultsTest extends JournalContract {
    private static final long SEED = 20261123;

    private FaultProxy proxy;
    private AwsClients clients;
    private String table = "";
    private Journal journal;

    @BeforeAll
    void open() {
        proxy = FaultProxy.before(LocalDynamoDb.endpoint(), 0.1, SEED);
        clients = Emulators.clients(Map.of("dynamodb", proxy.endpoint()));
    }

    @BeforeEach
    void create() {
        try (AwsClients undisturbed = Emulators.clients(Map.of("dynamodb", LocalDynamoDb.endpoint()))) {
            table = LocalDynamoDb.table(undisturbed.dynamoDb());
        }
        journal = another();
    }

    @AfterAll
    void closeAndCount() {
        clients.close();
        proxy.close();
        System.out.println("faults before DynamoDB: " + proxy.counts());
        assertThat(proxy.counts()).as("faults of seed %s", SEED).containsOnlyKeys(FaultProxy.Fault.values());
    }

    @Override
    protected Journal journal() {
        return journal;
    }

    @Override
    protected Journal another() {
        return new DynamoDbJournal(
                clients::dynamoDb, table, Emulators.REGION.id(), Duration.ofDays(400), InstantSource.system());
    }
}
