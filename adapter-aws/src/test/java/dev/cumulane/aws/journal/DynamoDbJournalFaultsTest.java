// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.journal;

import dev.cumulane.aws.client.AwsClients;
import dev.cumulane.aws.emulator.Disturbed;
import dev.cumulane.aws.emulator.LocalDynamoDb;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;

/** The contract behind a network that disturbs every tenth request. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DynamoDbJournalFaultsTest extends OnDynamoDb {
    private static final long SEED = 20261123;

    private final Disturbed network = Disturbed.before(LocalDynamoDb.endpoint(), "dynamodb", SEED);

    @Override
    AwsClients clients() {
        return network.clients();
    }

    @AfterAll
    void closeAndCount() {
        network.closeAndCount("DynamoDB");
    }
}
