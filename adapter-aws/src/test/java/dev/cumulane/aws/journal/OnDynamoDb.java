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
import org.junit.jupiter.api.BeforeEach;

/** The contract on a table of DynamoDBLocal, a new one for each test. */
abstract class OnDynamoDb extends JournalContract {
    private String table = "";
    private Journal journal = another();

    /** How the journal reaches it. */
    abstract AwsClients clients();

    @BeforeEach
    void create() {
        try (AwsClients undisturbed = Emulators.clients(Map.of("dynamodb", LocalDynamoDb.endpoint()))) {
            table = LocalDynamoDb.table(undisturbed.dynamoDb());
        }
        journal = another();
    }

    @Override
    protected Journal journal() {
        return journal;
    }

    @Override
    protected Journal another() {
        return new DynamoDbJournal(
                () -> clients().dynamoDb(), table, Emulators.REGION.id(), Duration.ofDays(400), InstantSource.system());
    }
}
