// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.prices;

import dev.cumulane.cloud.PriceList;
import dev.cumulane.cloud.contract.PriceListContract;

final class GcpPriceListContractTest extends PriceListContract {
    @Override
    protected PriceList prices() {
        return new GcpPriceList();
    }
}
