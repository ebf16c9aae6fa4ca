// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.shell;

import java.time.Duration;

/** Lets readers sleep until something is recorded in this process, or a moment has passed in which another process may have recorded something. */
public final class Changes {
    private long count;

    synchronized void tell() {
        count++;
        notifyAll();
    }

    /** How often something was recorded here. */
    public synchronized long count() {
        return count;
    }

    /**
     * Waits until the count is another than the one seen, or the time is up.
     *
     * @param seen the count as it was before the reader looked
     * @param most how long to wait
     * @throws InterruptedException if the thread is interrupted
     */
    public synchronized void await(long seen, Duration most) throws InterruptedException {
        long end = System.nanoTime() + most.toNanos();
        while (count == seen) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return;
            }
            wait(left);
        }
    }
}
