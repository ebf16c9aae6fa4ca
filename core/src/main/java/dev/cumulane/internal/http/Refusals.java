// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.http;

import dev.cumulane.internal.follow.UntoldException;
import java.time.Duration;
import java.time.Instant;

/** What an answer means to somebody who is to be told. */
public final class Refusals {
    private static final int TOO_MANY = 429;

    private Refusals() {}

    /**
     * The failure that an answer is, in words for people and without any of its own.
     *
     * @param who whom it is about, such as {@code GitHub}
     */
    public static UntoldException of(String who, Answer answer, Instant now) {
        Duration quiet = quiet(answer, now);
        String what = who + " answered " + answer.status()
                + switch (answer.status()) {
                    case 301, 302, 303, 307, 308 -> ": it has moved, and redirects are not followed";
                    case 401 -> ": the credential is wrong or expired";
                    case 403 -> quiet.isZero() ? ": the credential may not do this" : ": too many requests";
                    case 404 -> ": no such thing, or the credential may not see it";
                    case TOO_MANY -> ": too many requests";
                    default -> "";
                };
        return UntoldException.because(what, quiet);
    }

    /** GitHub and Gitea say when the next request is allowed where others say how long to wait. */
    private static Duration quiet(Answer answer, Instant now) {
        Duration asked = answer.retryAfter(now);
        String reset = answer.header("x-ratelimit-reset").orElse("");
        boolean isSpent = answer.header("x-ratelimit-remaining").orElse("").equals("0");
        if (!asked.isZero() || !isSpent || !reset.matches("[0-9]{1,12}")) {
            return asked;
        }
        Instant at = Instant.ofEpochSecond(Long.parseLong(reset));
        return at.isAfter(now) ? Duration.between(now, at) : Duration.ZERO;
    }
}
