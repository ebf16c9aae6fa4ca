// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.endtoend;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Semaphore;

/** The sandboxes of one function: one more is started when all are busy, up to a number; then invocations wait. They stay warm. Any thread. */
final class Sandboxes implements AutoCloseable {
    private final String function;
    private final Maker maker;
    private final Semaphore free;
    private final Deque<Sandbox> warm = new ArrayDeque<>();
    private final Set<Sandbox> all = new HashSet<>();
    private int invocations;
    private long busyNanos;

    /** A place in which one invocation at a time is handled. */
    interface Sandbox extends AutoCloseable {
        /**
         * Handles an invocation.
         *
         * @throws FunctionFailedException if the handler throws
         */
        byte[] invoke(String arn, String id, byte[] payload) throws FunctionFailedException, InterruptedException;

        /** Whether it can be invoked again. */
        default boolean isAlive() {
            return true;
        }

        @Override
        void close();
    }

    /** Starts a sandbox. */
    @FunctionalInterface
    interface Maker {
        Sandbox start(int number) throws IOException;
    }

    Sandboxes(String function, int most, Maker maker) {
        this.function = function;
        this.maker = maker;
        this.free = new Semaphore(most);
    }

    byte[] invoke(byte[] payload) throws FunctionFailedException {
        return invoke(
                "arn:aws:lambda:eu-west-1:123456789012:function:" + function,
                UUID.randomUUID().toString(),
                payload);
    }

    byte[] invoke(String arn, String id, byte[] payload) throws FunctionFailedException {
        free.acquireUninterruptibly();
        Sandbox sandbox = null;
        try {
            sandbox = take();
            long begun = System.nanoTime();
            byte[] answer = sandbox.invoke(arn, id, payload);
            give(sandbox, System.nanoTime() - begun);
            return answer;
        } catch (IOException e) {
            throw new FunctionFailedException("the sandbox does not start: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FunctionFailedException("interrupted");
        } catch (FunctionFailedException e) {
            if (sandbox != null) {
                give(sandbox, 0);
            }
            throw e;
        } finally {
            free.release();
        }
    }

    private Sandbox take() throws IOException {
        int number;
        synchronized (this) {
            Sandbox idle = warm.poll();
            if (idle != null) {
                return idle;
            }
            number = all.size() + 1;
        }
        Sandbox started = maker.start(number);
        synchronized (this) {
            all.add(started);
        }
        return started;
    }

    private synchronized void give(Sandbox sandbox, long nanos) {
        if (all.contains(sandbox) && sandbox.isAlive()) {
            warm.push(sandbox);
        }
        invocations++;
        busyNanos += nanos;
    }

    /** How often it was invoked. */
    synchronized int invocations() {
        return invocations;
    }

    /** For how long its handlers ran, in all. */
    synchronized double busySeconds() {
        return busyNanos / 1e9;
    }

    /** Ends all sandboxes, as when new code is deployed; the next invocation starts one. */
    synchronized void recycle() {
        all.forEach(Sandbox::close);
        all.clear();
        warm.clear();
    }

    @Override
    public void close() {
        recycle();
    }
}
