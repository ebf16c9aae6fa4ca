// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.testing;

import dev.cumulane.cloud.Signals;
import dev.cumulane.cloud.contract.SignalsContract;
import java.time.Duration;
import java.time.Instant;

class SimulatedSignalsTest extends SignalsContract {
    private final SimulatedCloud cloud = SimulatedCloud.of();

    @Override
    protected Signals signals() {
        return cloud.signals();
    }

    @Override
    protected void restart() {
        cloud.restart();
    }

    @Override
    protected Instant now() {
        return cloud.clock().instant();
    }

    @Override
    protected void advance(Duration by) {
        cloud.advance(by);
    }
}
