// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.testing;

import dev.cumulane.cloud.EventSink;
import dev.cumulane.cloud.contract.EventSinkContract;
import java.util.List;

class SimulatedEventsTest extends EventSinkContract {
    private final SimulatedCloud cloud = SimulatedCloud.of();

    @Override
    protected EventSink sink() {
        return cloud.events();
    }

    @Override
    protected List<String> received() {
        return cloud.published();
    }
}
