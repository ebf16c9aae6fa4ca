// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.prices;

import dev.cumulane.cloud.PriceList;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.Optional;

/**
 * List prices of the services that Google Cloud's adapter uses: Iowa ({@code us-central1}), without free tiers, in US dollars. All of them are from memory and await a look at
 * the published pages; {@code docs/gcp.md} says so too. Other regions cost up to half as much again. Any thread.
 */
public final class GcpPriceList implements PriceList {
    /** The day of the prices. */
    public static final LocalDate AS_OF = LocalDate.of(2026, 11, 23);

    /** A minute of Cloud Build's default machine: 2 processors. */
    public static final BigDecimal BUILD_MINUTE = new BigDecimal("0.006");

    /** A document written to the journal. */
    public static final BigDecimal JOURNAL_WRITE = perHundredThousand("0.09");

    /** A document read from it. */
    public static final BigDecimal JOURNAL_READ = perHundredThousand("0.03");

    /** A document deleted from it. */
    public static final BigDecimal JOURNAL_DELETE = perHundredThousand("0.01");

    /** A thousand million bytes through a topic, published or delivered; a request counts for at least 1,000. */
    public static final BigDecimal TOPIC_GIGABYTE = new BigDecimal("0.04");

    /** A task: its creation and each attempt count as one. */
    public static final BigDecimal TASK = perMillion("0.40");

    /** A call of a function. */
    public static final BigDecimal FUNCTION_CALL = perMillion("0.40");

    /** A processor of a function for a second, while it handles a request. */
    public static final BigDecimal FUNCTION_PROCESSOR_SECOND = new BigDecimal("0.000024");

    /** A gigabyte of a function's memory for a second. */
    public static final BigDecimal FUNCTION_GIGABYTE_SECOND = new BigDecimal("0.0000025");

    /** A PUT or LIST of Cloud Storage. */
    public static final BigDecimal STORE_WRITE = perTenThousand("0.05");

    /** A GET of Cloud Storage. */
    public static final BigDecimal STORE_READ = perTenThousand("0.004");

    /** A reading of a secret. */
    public static final BigDecimal SECRET_READ = perTenThousand("0.03");

    /** The price list. */
    public GcpPriceList() {}

    @Override
    public Optional<Price> buildMinute() {
        return Optional.of(new Price(BUILD_MINUTE, "minute of Cloud Build's default machine", AS_OF));
    }

    private static BigDecimal perMillion(String dollars) {
        return each(dollars, "1000000");
    }

    private static BigDecimal perHundredThousand(String dollars) {
        return each(dollars, "100000");
    }

    private static BigDecimal perTenThousand(String dollars) {
        return each(dollars, "10000");
    }

    private static BigDecimal each(String dollars, String count) {
        return new BigDecimal(dollars).divide(new BigDecimal(count), 12, RoundingMode.UNNECESSARY);
    }
}
