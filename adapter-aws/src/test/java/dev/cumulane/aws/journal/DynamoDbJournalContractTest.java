// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.journal;

import dev.cumulane.aws.client.AwsClients;
import dev.cumulane.aws.emulator.Emulators;
import dev.cumulane.aws.emulator.LocalDynamoDb;
import dev.cumulane.cloud.Journal;
import dev.cumulane.cloud.contract.JournalContract;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The contract on DynamoDBLocal, over HTTP. */
final class DynamoDbJournalContractTest extends JournalContract {
    private final AwsClients clients = Emulators.clients(Map.of("dynamodb", LocalDynamoDb.endpoint()));
    private String table = "";
    private Journal journal = another();

    @BeforeEach
    void create() {
        table = LocalDynamoDb.table(clients.dynamoDb());
        journal = another();
    }

    @AfterEach
    void close() {
        clients.close();
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
