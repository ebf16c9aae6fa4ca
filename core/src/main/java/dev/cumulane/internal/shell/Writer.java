// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.shell;

import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/** Gives each record of this engine a mark of its own, by which an append whose answer was lost is recognised. */
final class Writer {
    private final String engine = UUID.randomUUID().toString().substring(0, 13);
    private final AtomicLong count = new AtomicLong();

    /** What the marks of this engine begin with. */
    String engine() {
        return engine + ".";
    }

    String next() {
        return engine + "." + count.incrementAndGet();
    }
}
