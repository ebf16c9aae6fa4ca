// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.codec;

/** A record or a plan was written by a later version than this one, which therefore has to leave its run alone. */
public final class NewerFormException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** One line that names what has which form. */
    public NewerFormException(String message) {
        super(message);
    }
}
