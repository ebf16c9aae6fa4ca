// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.prices;

import dev.cumulane.cloud.PriceList;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.util.Optional;

/**
 * List prices of the services that the AWS cloud uses: US East (N. Virginia), on demand, without the free tier, in US dollars. Other regions cost up to twice as
 * much; {@code docs/aws.md} says which of them were read from a published page. Any thread.
 */
public final class AwsPriceList implements PriceList {
    /** The day of the prices. */
    public static final LocalDate AS_OF = LocalDate.of(2026, 11, 23);

    /** A minute of CodeBuild's general1.small on Linux: 2 processors, 4 GB. */
    public static final BigDecimal BUILD_MINUTE = new BigDecimal("0.005");

    /** A write of at most 1 KB to a table paid by request, or to one of its indexes. */
    public static final BigDecimal JOURNAL_WRITE = perMillion("0.625");

    /** A consistent read of at most 4 KB from such a table. */
    public static final BigDecimal JOURNAL_READ = perMillion("0.125");

    /** A request to a standard queue, each begun 64 KB of its body. */
    public static final BigDecimal QUEUE_REQUEST = perMillion("0.40");

    /** A schedule that fires. */
    public static final BigDecimal SCHEDULE = perMillion("1.00");

    /** A call of a function. */
    public static final BigDecimal FUNCTION_CALL = perMillion("0.20");

    /** A gigabyte of a function's memory for a second, on x86. */
    public static final BigDecimal FUNCTION_GIGABYTE_SECOND = new BigDecimal("0.0000166667");

    /** A PUT, COPY, POST or LIST of S3. */
    public static final BigDecimal STORE_WRITE = perThousand("0.005");

    /** A GET or another request of S3. */
    public static final BigDecimal STORE_READ = perThousand("0.0004");

    /** A read of a secret of Secrets Manager. */
    public static final BigDecimal SECRET_READ = new BigDecimal("0.000005");

    /** An event on a bus of one's own. */
    public static final BigDecimal EVENT = perMillion("1.00");

    /** The price list. */
    public AwsPriceList() {}

    @Override
    public Optional<Price> buildMinute() {
        return Optional.of(new Price(BUILD_MINUTE, "minute of general1.small", AS_OF));
    }

    private static BigDecimal perMillion(String dollars) {
        return new BigDecimal(dollars).divide(new BigDecimal("1000000"), 12, RoundingMode.UNNECESSARY);
    }

    private static BigDecimal perThousand(String dollars) {
        return new BigDecimal(dollars).divide(new BigDecimal("1000"), 12, RoundingMode.UNNECESSARY);
    }
}
