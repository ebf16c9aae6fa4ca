// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.shell;

import java.lang.reflect.Method;

/**
 * What a thread has used up.
 *
 * @param nanos processor time
 * @param bytes memory allocated, whether it is still in use or not
 */
record Spent(long nanos, long bytes) {
    // By reflection: core's module does not read the one that counts, and tests are compiled into it.
    private static final Object THREADS = threads();
    private static final Method NANOS = counter("getCurrentThreadCpuTime");
    private static final Method BYTES = counter("getCurrentThreadAllocatedBytes");

    /** What this thread uses up for some work. */
    static Spent by(Runnable work) {
        Spent before = now();
        work.run();
        Spent after = now();
        return new Spent(after.nanos - before.nanos, after.bytes - before.bytes);
    }

    Spent plus(Spent other) {
        return new Spent(nanos + other.nanos, bytes + other.bytes);
    }

    private static Spent now() {
        return new Spent(count(NANOS), count(BYTES));
    }

    private static long count(Method counter) {
        try {
            return (long) counter.invoke(THREADS);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("this JVM does not count what threads use up", e);
        }
    }

    private static Object threads() {
        try {
            return Class.forName("java.lang.management.ManagementFactory")
                    .getMethod("getThreadMXBean")
                    .invoke(null);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("this JVM does not count what threads use up", e);
        }
    }

    private static Method counter(String name) {
        try {
            return Class.forName("com.sun.management.ThreadMXBean").getMethod(name);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("this JVM does not count what threads use up", e);
        }
    }
}
