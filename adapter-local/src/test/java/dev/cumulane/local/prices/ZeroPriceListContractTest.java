// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.prices;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.cloud.PriceList;
import dev.cumulane.cloud.contract.PriceListContract;
import org.junit.jupiter.api.Test;

final class ZeroPriceListContractTest extends PriceListContract {
    @Override
    protected PriceList prices() {
        return new ZeroPriceList();
    }

    @Test
    void a_minute_on_ones_own_machine_costs_nothing() {
        assertThat(prices().buildMinute().orElseThrow().amount()).isZero();
    }
}
