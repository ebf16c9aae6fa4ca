// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

import org.jspecify.annotations.Nullable;

/** A service of the cloud, or of this machine, did not do what was asked. */
public final class CloudException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The service that was called. */
    private final String service;

    /** Whether the same call may go through later. */
    private final boolean retryable;

    private CloudException(String service, boolean retryable, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.service = service;
        this.retryable = retryable;
    }

    /**
     * The same call may go through later: a throttle, a timeout, a lost answer. The call may have taken effect.
     *
     * @param service the service that was called, such as {@code SQLite}
     * @param message one line for people, naming what was attempted
     * @param cause what the client reported
     * @return the exception
     */
    public static CloudException retryable(String service, String message, Throwable cause) {
        return new CloudException(service, true, message, cause);
    }

    /**
     * A failure that may go away.
     *
     * @param service the service that failed, as people call it
     * @param message what failed
     * @return the exception
     */
    public static CloudException retryable(String service, String message) {
        return new CloudException(service, true, message, null);
    }

    /**
     * The same call will fail again: a missing permission, a request that is refused, a damaged store.
     *
     * @param service the service that was called
     * @param message one line for people, naming what was attempted
     * @param cause what the client reported
     * @return the exception
     */
    public static CloudException permanent(String service, String message, Throwable cause) {
        return new CloudException(service, false, message, cause);
    }

    /**
     * The same call will fail again, and no client reported it but our own check.
     *
     * @param service the service that was called
     * @param message one line for people, naming what was attempted
     * @return the exception
     */
    public static CloudException permanent(String service, String message) {
        return new CloudException(service, false, message, null);
    }

    /**
     * The service that was called.
     *
     * @return its name
     */
    public String service() {
        return service;
    }

    /**
     * Whether the same call may go through later.
     *
     * @return true for a throttle, a timeout or a lost answer
     */
    public boolean retryable() {
        return retryable;
    }
}
