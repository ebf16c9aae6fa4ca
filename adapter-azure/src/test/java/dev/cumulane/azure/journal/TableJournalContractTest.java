// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.journal;

import dev.cumulane.azure.emulator.Azurite;
import dev.cumulane.azure.emulator.DisturbedStorage;
import dev.cumulane.azure.emulator.Emulators;
import dev.cumulane.cloud.Journal;
import dev.cumulane.cloud.contract.JournalContract;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The contract on Azurite, behind a network that disturbs every tenth request. */
final class TableJournalContractTest extends JournalContract {
    @RegisterExtension
    static final DisturbedStorage STORAGE = new DisturbedStorage(Azurite.Service.TABLE);

    private final Journal journal = another();

    @Override
    protected Journal journal() {
        return journal;
    }

    @Override
    protected Journal another() {
        return new TableJournal(
                () -> STORAGE.clients().tables(), Emulators.NAMES, Duration.ofDays(400), InstantSource.system());
    }
}
