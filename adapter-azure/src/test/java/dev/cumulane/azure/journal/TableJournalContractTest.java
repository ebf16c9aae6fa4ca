// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.journal;

import dev.cumulane.azure.client.AzureClients;
import dev.cumulane.azure.emulator.Azurite;
import dev.cumulane.azure.emulator.Emulators;
import dev.cumulane.azure.emulator.FaultCount;
import dev.cumulane.azure.emulator.Storage;
import dev.cumulane.cloud.Journal;
import dev.cumulane.cloud.contract.JournalContract;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/** The contract on Azurite, behind a network that disturbs every tenth request. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TableJournalContractTest extends JournalContract {
    private final FaultCount faults = new FaultCount("Table storage", Azurite.Service.TABLE);
    private Storage storage;
    private AzureClients clients;
    private Journal journal;

    @BeforeEach
    void create() {
        storage = faults.storage().install();
        clients = storage.clients();
        journal = another();
    }

    @AfterEach
    void close() {
        faults.closeAndCount(storage);
    }

    @AfterAll
    void allFaultsHappened() {
        faults.assertAll();
    }

    @Override
    protected Journal journal() {
        return journal;
    }

    @Override
    protected Journal another() {
        return new TableJournal(clients::tables, Emulators.NAMES, Duration.ofDays(400), InstantSource.system());
    }
}
