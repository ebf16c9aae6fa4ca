// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Optional;

/** Unit prices of a cloud's services. Called by {@code plan} and at a run's end, on the caller's thread. */
public interface PriceList {
    /**
     * A price.
     *
     * @param amount in US dollars, before tax
     * @param unit what it buys, such as {@code minute}
     * @param asOf the day on which it was read
     */
    record Price(BigDecimal amount, String unit, LocalDate asOf) {}

    /**
     * The price of a minute of a build on this image's default size.
     *
     * @return the price, or empty if this cloud does not say
     */
    Optional<Price> buildMinute();
}
