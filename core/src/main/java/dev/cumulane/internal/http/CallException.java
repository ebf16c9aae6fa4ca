// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.http;

import org.jspecify.annotations.Nullable;

/** A call without an answer. The message names the host and nothing else of the address. */
public final class CallException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Whether the call was never made. */
    private final boolean refused;

    private CallException(String message, boolean refused, @Nullable Throwable cause) {
        super(message, cause);
        this.refused = refused;
    }

    static CallException refused(String message) {
        return new CallException(message, true, null);
    }

    static CallException unanswered(String message, Throwable cause) {
        return new CallException(message, false, cause);
    }

    /** Whether the call was never made, because our own rules forbid it. */
    public boolean refused() {
        return refused;
    }
}
