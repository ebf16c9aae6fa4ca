// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.prices;

import dev.cumulane.cloud.PriceList;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Optional;

/** The price list of the local cloud: one's own machine costs nothing more. Any thread. */
public final class ZeroPriceList implements PriceList {
    private static final Price NOTHING = new Price(BigDecimal.ZERO, "minute", LocalDate.of(2026, 11, 23));

    /** The price list. */
    public ZeroPriceList() {}

    @Override
    public Optional<Price> buildMinute() {
        return Optional.of(NOTHING);
    }
}
