// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.client;

import java.util.Set;

/**
 * What a service of Google answered instead of what it was asked for, or that it did not answer. Never leaves an adapter: {@link GcpService} tells it in our words.
 */
public final class GoogleApiException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The HTTP status of a call that got no answer. */
    public static final int NO_ANSWER = 0;

    private static final Set<Integer> PASSING = Set.of(NO_ANSWER, 408, 429, 500, 502, 503, 504);

    /** The HTTP status of the answer, or {@link #NO_ANSWER}. */
    private final int status;

    /** The failure's name in Google's list, or nothing. */
    private final String code;

    GoogleApiException(int status, String code, String message, Throwable cause) {
        super(message, cause);
        this.status = status;
        this.code = code;
    }

    /**
     * A failure that a service reported.
     *
     * @param status its HTTP status
     * @param code its name in Google's own list, such as {@code ALREADY_EXISTS}; empty if the answer has none
     * @param message what the service says
     */
    public GoogleApiException(int status, String code, String message) {
        super(message);
        this.status = status;
        this.code = code;
    }

    /**
     * The HTTP status.
     *
     * @return the status, {@link #NO_ANSWER} if the service did not answer
     */
    public int status() {
        return status;
    }

    /**
     * The failure's name in Google's own list.
     *
     * @return such as {@code ALREADY_EXISTS}; empty if the answer had none
     */
    public String code() {
        return code;
    }

    /**
     * Whether something is there already that was to be created.
     *
     * @return true for that failure
     */
    public boolean isExisting() {
        return code.equals("ALREADY_EXISTS") || (code.isEmpty() && status == 409);
    }

    /**
     * Whether what was named is not there.
     *
     * @return true for that failure
     */
    public boolean isMissing() {
        return status == 404;
    }

    /**
     * Whether the same call may go through later.
     *
     * @return true for throttles, silence, errors of a server, and what lost a race with another call
     */
    public boolean mayPass() {
        return PASSING.contains(status) || code.equals("ABORTED");
    }
}
