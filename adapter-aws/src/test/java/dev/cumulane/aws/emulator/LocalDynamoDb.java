// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.emulator;

import dev.cumulane.aws.journal.JournalTable;
import dev.cumulane.cloud.contract.Emulator;
import dev.cumulane.contracts.Needed;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.dynamodb.services.local.main.ServerRunner;
import software.amazon.dynamodb.services.local.server.DynamoDBProxyServer;

/** DynamoDBLocal in this process, in memory, over HTTP; started once for all tests. */
public final class LocalDynamoDb {
    private static final AtomicInteger TABLES = new AtomicInteger();
    private static Optional<URI> endpoint = Optional.empty();

    private LocalDynamoDb() {}

    /**
     * Where it listens.
     *
     * @return its address
     */
    public static synchronized URI endpoint() {
        if (endpoint.isPresent()) {
            return endpoint.get();
        }
        try {
            int port = Emulator.freePort();
            DynamoDBProxyServer server = ServerRunner.createServerFromCommandLineArgs(
                    new String[] {"-inMemory", "-sharedDb", "-disableTelemetry", "-port", String.valueOf(port)});
            server.start();
            URI started = URI.create("http://127.0.0.1:" + port);
            endpoint = Optional.of(started);
            return started;
        } catch (Exception e) {
            throw Needed.missing("DynamoDBLocal does not start here", e);
        }
    }

    /**
     * Makes an empty table for a journal.
     *
     * @param client a client of this emulator
     * @return its name, which no other test has
     */
    public static String table(DynamoDbClient client) {
        String name = "test-" + TABLES.incrementAndGet() + "-journal";
        client.createTable(JournalTable.definition(name));
        return name;
    }
}
