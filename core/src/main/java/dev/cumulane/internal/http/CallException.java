// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.http;

import org.jspecify.annotations.Nullable;

/** A call without an answer. The message names the host and nothing else of the address. */
public final class CallException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Kind kind;

    private enum Kind {
        REFUSED,
        UNANSWERED,
        TOO_LARGE
    }

    private CallException(String message, Kind kind, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    static CallException refused(String message) {
        return new CallException(message, Kind.REFUSED, null);
    }

    static CallException unanswered(String message, Throwable cause) {
        return new CallException(message, Kind.UNANSWERED, cause);
    }

    /** An answer that is larger than any that is read. */
    public static CallException tooLarge(String message, Throwable cause) {
        return new CallException(message, Kind.TOO_LARGE, cause);
    }

    /** Whether the call was never made, because our own rules forbid it. */
    public boolean refused() {
        return kind == Kind.REFUSED;
    }

    /** Whether there was an answer, and it was too large to be read. */
    public boolean isTooLarge() {
        return kind == Kind.TOO_LARGE;
    }
}
