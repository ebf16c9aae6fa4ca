// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.sqlite;

import java.time.Instant;

/** Instants as the milliseconds in a column. Those past the ends of the scale are as good as its ends. */
public final class Millis {
    private Millis() {}

    /**
     * The last millisecond that is not after an instant.
     *
     * @param instant the instant
     * @return milliseconds since 1970
     */
    public static long notAfter(Instant instant) {
        try {
            return instant.toEpochMilli();
        } catch (ArithmeticException e) {
            return instant.getEpochSecond() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }

    /**
     * The first millisecond that is not before an instant; a deadline rounded so has passed when it is met.
     *
     * @param instant the instant
     * @return milliseconds since 1970
     */
    public static long notBefore(Instant instant) {
        long before = notAfter(instant);
        boolean exact =
                before == Long.MAX_VALUE || !Instant.ofEpochMilli(before).isBefore(instant);
        return exact ? before : before + 1;
    }
}
