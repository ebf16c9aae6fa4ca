// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

/** A function stage hands on a value that is none of its kind: an output that is refused, rather than a failure of what the stage looked at. */
final class MalformedValueException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    MalformedValueException(String message, Throwable cause) {
        super(message, cause);
    }
}
