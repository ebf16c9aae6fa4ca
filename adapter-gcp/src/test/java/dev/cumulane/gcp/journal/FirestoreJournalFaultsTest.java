// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.journal;

import dev.cumulane.cloud.Journal;
import dev.cumulane.cloud.contract.JournalContract;
import dev.cumulane.gcp.client.GcpNames;
import dev.cumulane.gcp.emulator.Disturbed;
import dev.cumulane.gcp.emulator.Emulators;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/** The contract behind a network that disturbs every tenth request. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FirestoreJournalFaultsTest extends JournalContract {
    private final Disturbed network = Disturbed.before(Map.of("firestore", Emulators.firestore()), 0.1, 20261123);
    private GcpNames names = Emulators.names();
    private Journal journal = another();

    @BeforeEach
    void create() {
        names = Emulators.names();
        journal = another();
    }

    @AfterAll
    void closeAndCount() {
        network.closeAndCount();
    }

    @Override
    protected Journal journal() {
        return journal;
    }

    @Override
    protected Journal another() {
        return new FirestoreJournal(
                () -> network.clients().api("firestore"), names, Duration.ofDays(400), InstantSource.system());
    }
}
