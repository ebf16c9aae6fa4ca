// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.journal;

import dev.cumulane.aws.client.AwsClients;
import dev.cumulane.aws.emulator.Emulators;
import dev.cumulane.aws.emulator.LocalDynamoDb;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;

/** The contract on DynamoDBLocal, over HTTP. */
final class DynamoDbJournalContractTest extends OnDynamoDb {
    private final AwsClients clients = Emulators.clients(Map.of("dynamodb", LocalDynamoDb.endpoint()));

    @Override
    AwsClients clients() {
        return clients;
    }

    @AfterEach
    void close() {
        clients.close();
    }
}
