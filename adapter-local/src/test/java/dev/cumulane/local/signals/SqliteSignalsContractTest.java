// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.signals;

import dev.cumulane.cloud.Signals;
import dev.cumulane.cloud.contract.MovedClock;
import dev.cumulane.cloud.contract.SignalsContract;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The contract on a file, under a clock that the test moves. */
final class SqliteSignalsContractTest extends SignalsContract {
    private final MovedClock clock = new MovedClock();

    @TempDir
    private Path directory;

    private SqliteSignals signals;

    @BeforeEach
    void open() {
        signals = SqliteSignals.open(directory, clock, () -> {});
    }

    @AfterEach
    void close() {
        signals.close();
    }

    @Override
    protected Signals signals() {
        return signals;
    }

    @Override
    protected void restart() {
        close();
        open();
    }

    @Override
    protected Instant now() {
        return clock.instant();
    }

    @Override
    protected void advance(Duration by) {
        clock.move(by);
    }
}
