// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.testing;

import dev.cumulane.cloud.Journal;
import dev.cumulane.cloud.contract.JournalContract;

class SimulatedJournalTest extends JournalContract {
    private final SimulatedCloud cloud = SimulatedCloud.of();

    @Override
    protected Journal journal() {
        return cloud.journal();
    }

    @Override
    protected Journal another() {
        return cloud.journal();
    }
}
