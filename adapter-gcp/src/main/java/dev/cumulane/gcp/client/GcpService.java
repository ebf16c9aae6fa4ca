// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.client;

import dev.cumulane.cloud.CloudException;
import java.util.function.Supplier;

/**
 * Calls a service of Google Cloud and tells its failures in our words: what was attempted, whether it may go through later, and for a resource that is missing which
 * command installs it.
 *
 * @param name what the service is called, such as {@code Firestore}
 * @param resource what is used of it, for people, such as {@code database shop-ci-journal in europe-west1}
 */
public record GcpService(String name, String resource) {
    private static final int LONGEST_MESSAGE = 300;

    /**
     * Calls the service.
     *
     * @param attempt what is attempted, to follow "could not"
     * @param call the call
     * @param <T> what it answers
     * @return the answer
     * @throws CloudException if the call fails
     */
    public <T> T call(String attempt, Supplier<T> call) {
        try {
            return call.get();
        } catch (GoogleApiException e) {
            throw failure(attempt, e);
        }
    }

    /**
     * A failure of the service, in our words.
     *
     * @param attempt what was attempted, to follow "could not"
     * @param e what the service answered
     * @return the exception to throw
     */
    public CloudException failure(String attempt, GoogleApiException e) {
        if (e.isMissing()) {
            return CloudException.permanent(
                    name,
                    "could not " + attempt + ": " + resource + " is missing; " + GcpNames.INSTALL + " installs it",
                    e);
        }
        String message = "could not " + attempt + " (" + resource + "): " + reason(e);
        return e.mayPass() ? CloudException.retryable(name, message, e) : CloudException.permanent(name, message, e);
    }

    private static String reason(GoogleApiException e) {
        String message = (e.code().isEmpty() ? "" : e.code() + ": ") + e.getMessage();
        String line = message.replaceAll("\\p{Cntrl}+", " ");
        return line.length() > LONGEST_MESSAGE ? line.substring(0, LONGEST_MESSAGE - 3) + "..." : line;
    }
}
