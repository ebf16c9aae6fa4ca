// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cumulane.cloud.PriceList;
import dev.cumulane.cloud.PriceList.Price;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every {@link PriceList} does. */
public abstract class PriceListContract {
    /**
     * The port under test.
     *
     * @return a price list
     */
    protected abstract PriceList prices();

    @Test
    void a_price_is_not_negative_and_says_what_it_buys_and_when_it_was_read() {
        List<Price> prices = prices().buildMinute().stream().toList();

        assertThat(prices).allSatisfy(p -> {
            assertThat(p.amount()).isNotNegative();
            assertThat(p.unit()).isNotBlank();
            assertThat(p.asOf())
                    .isAfterOrEqualTo(LocalDate.of(2026, 1, 1))
                    .isBeforeOrEqualTo(LocalDate.now(ZoneOffset.UTC).plusDays(1));
        });
    }

    @Test
    void a_price_is_the_same_each_time() {
        assertThat(prices().buildMinute()).isEqualTo(prices().buildMinute());
    }
}
