// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.engine;

/** A listener at work. */
public interface Listening extends AutoCloseable {
    /** Ends the listening and waits for the call in progress. */
    @Override
    void close();
}
