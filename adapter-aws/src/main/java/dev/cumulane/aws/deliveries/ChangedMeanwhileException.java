// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.deliveries;

/** An alias has another revision than the one that was read: read again, and decide again. */
final class ChangedMeanwhileException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ChangedMeanwhileException(String alias) {
        super("alias " + alias + " was changed meanwhile");
    }
}
