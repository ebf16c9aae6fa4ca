// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.order;

import java.io.IOException;

/** Bytes from outside are not what they should be; the message says in one line, safe to show, what is wrong. Checked, so that no caller forgets who wrote them. */
public final class RefusedInputException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String message;

    RefusedInputException(String message) {
        super(message);
        this.message = message;
    }

    /** Bytes that are refused for another exception's reason. */
    public RefusedInputException(String message, Throwable cause) {
        super(message, cause);
        this.message = message;
    }

    /** What is wrong; always there. */
    @Override
    public String getMessage() {
        return message;
    }
}
