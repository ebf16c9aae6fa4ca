// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.testing;

import dev.cumulane.cloud.PriceList;
import dev.cumulane.cloud.contract.PriceListContract;

class SimulatedPricesTest extends PriceListContract {
    @Override
    protected PriceList prices() {
        return SimulatedCloud.of().prices();
    }
}
