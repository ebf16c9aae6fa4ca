// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.journal;

import dev.cumulane.cloud.Journal;
import dev.cumulane.cloud.contract.JournalContract;
import dev.cumulane.gcp.client.GcpClients;
import dev.cumulane.gcp.client.GcpNames;
import dev.cumulane.gcp.emulator.Emulators;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;

/** The contract on the emulator of Firestore, over REST. */
final class FirestoreJournalContractTest extends JournalContract {
    private final GcpClients clients = Emulators.clients(Map.of("firestore", Emulators.firestore()));
    private final GcpNames names = Emulators.names();
    private final Journal journal = another();

    @Override
    protected Journal journal() {
        return journal;
    }

    @Override
    protected Journal another() {
        return new FirestoreJournal(
                () -> clients.api("firestore"), names, Duration.ofDays(400), InstantSource.system());
    }
}
