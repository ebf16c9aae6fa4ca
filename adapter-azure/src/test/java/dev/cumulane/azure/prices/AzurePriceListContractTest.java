// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.prices;

import dev.cumulane.cloud.PriceList;
import dev.cumulane.cloud.contract.PriceListContract;

final class AzurePriceListContractTest extends PriceListContract {
    @Override
    protected PriceList prices() {
        return new AzurePriceList();
    }
}
