// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.prices;

import dev.cumulane.cloud.PriceList;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.Optional;

/**
 * List prices of the services that the Azure cloud uses: East US, pay as you go, locally redundant storage, without free grants, in US dollars. None of them was read from
 * a published page yet: they are what is generally known, and {@code docs/unverified.md} says how to look. Any thread.
 */
public final class AzurePriceList implements PriceList {
    /** The day of the prices. */
    public static final LocalDate AS_OF = LocalDate.of(2026, 11, 23);

    /** A month of one more parallel job that Microsoft hosts; jobs are not paid by the minute. */
    public static final BigDecimal PARALLEL_JOB_MONTH = new BigDecimal("40");

    /** A call of Table storage. */
    public static final BigDecimal JOURNAL_CALL = perTenThousand("0.00036");

    /** A call of Queue storage. */
    public static final BigDecimal QUEUE_CALL = perTenThousand("0.0004");

    /** A write to Blob storage, hot tier. */
    public static final BigDecimal STORE_WRITE = perTenThousand("0.05");

    /** A read from it. */
    public static final BigDecimal STORE_READ = perTenThousand("0.004");

    /** A call of a function on the consumption plan. */
    public static final BigDecimal FUNCTION_CALL = perMillion("0.20");

    /** A gigabyte of a function's memory for a second. */
    public static final BigDecimal FUNCTION_GIGABYTE_SECOND = new BigDecimal("0.000016");

    /** An operation of Event Grid: an event published, or a try to deliver it. */
    public static final BigDecimal EVENT = perMillion("0.60");

    /** A call of Key Vault. */
    public static final BigDecimal SECRET_CALL = perTenThousand("0.03");

    private static final BigDecimal MINUTES_OF_A_MONTH = new BigDecimal(30 * 24 * 60);

    /** The price list. */
    public AzurePriceList() {}

    /** The least that a minute can cost: a job that never rests. One that is used for an hour a day costs 24 times as much. */
    @Override
    public Optional<Price> buildMinute() {
        BigDecimal minute = PARALLEL_JOB_MONTH.divide(MINUTES_OF_A_MONTH, 6, RoundingMode.HALF_UP);
        return Optional.of(new Price(minute, "minute of a parallel job that never rests", AS_OF));
    }

    private static BigDecimal perMillion(String dollars) {
        return new BigDecimal(dollars).divide(new BigDecimal("1000000"), 12, RoundingMode.UNNECESSARY);
    }

    private static BigDecimal perTenThousand(String dollars) {
        return new BigDecimal(dollars).divide(new BigDecimal("10000"), 12, RoundingMode.UNNECESSARY);
    }
}
