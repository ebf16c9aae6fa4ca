// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

/** The command line asks for something that cannot be; the message names the value and the valid choices, on one line. */
public final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * A mistake of the person who typed.
     *
     * @param message one line for people
     */
    public UsageException(String message) {
        super(message);
    }
}
