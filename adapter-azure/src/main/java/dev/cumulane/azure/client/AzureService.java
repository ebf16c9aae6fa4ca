// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.client;

import com.azure.core.exception.AzureException;
import com.azure.core.exception.HttpResponseException;
import com.azure.core.http.HttpHeaderName;
import com.azure.data.tables.models.TableServiceException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.cumulane.cloud.CloudException;
import java.io.IOException;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Calls a service of Azure and tells its failures in our words: what was attempted, whether it may go through later, and for a resource that is missing which command
 * installs it.
 *
 * @param name what the service is called, such as {@code Table storage}
 * @param resource what is used of it, for people, such as {@code table journal of shop-ci in shop}
 */
public record AzureService(String name, String resource) {
    private static final HttpHeaderName ERROR_CODE = HttpHeaderName.fromString("x-ms-error-code");

    /** The resource itself is not there, rather than what lies in it. */
    private static final Set<String> MISSING = Set.of(
            "ContainerNotFound",
            "QueueNotFound",
            "ResourceGroupNotFound",
            "SubscriptionNotFound",
            "TableNotFound",
            "VaultNotFound");

    private static final int LONGEST_MESSAGE = 300;
    private static final int TIMEOUT = 408;
    static final int TOO_MANY = 429;
    private static final int SERVERS_FAULT = 500;

    /**
     * Calls the service.
     *
     * @param attempt what is attempted, to follow "could not"
     * @param call the call
     * @param <T> what it answers
     * @return the answer
     * @throws CloudException if the client reports a failure
     */
    public <T> T call(String attempt, Supplier<T> call) {
        try {
            return call.get();
        } catch (AzureException e) {
            throw failure(attempt, e);
        } catch (RuntimeException e) {
            // What went wrong on the way reaches the caller in a wrapper of the client's machinery.
            if (network(e).isPresent()) {
                throw failure(attempt, e);
            }
            throw e;
        }
    }

    /**
     * A failure of the service, in our words.
     *
     * @param attempt what was attempted, to follow "could not"
     * @param e what the client reported
     * @return the exception to throw
     */
    public CloudException failure(String attempt, RuntimeException e) {
        if (MISSING.contains(code(e))) {
            return CloudException.permanent(
                    name,
                    "could not " + attempt + ": " + resource + " is missing; " + AzureNames.INSTALL + " installs it",
                    e);
        }
        Optional<Throwable> network = network(e);
        String hint = network.filter(UnknownHostException.class::isInstance)
                .map(unknown -> "; nobody knows its host, and where it was never installed, " + AzureNames.INSTALL
                        + " installs it")
                .orElse("");
        String message = "could not " + attempt + " (" + resource + "): " + reason(e) + hint;
        return mayPass(e) || network.isPresent()
                ? CloudException.retryable(name, message, e)
                : CloudException.permanent(name, message, e);
    }

    /**
     * The HTTP status that the service answered.
     *
     * @param e what the client reported
     * @return the status, 0 if the service did not answer
     */
    public static int status(RuntimeException e) {
        return e instanceof HttpResponseException http && http.getResponse() != null
                ? http.getResponse().getStatusCode()
                : 0;
    }

    /**
     * The error code of the service.
     *
     * @param e what the client reported
     * @return the code, empty if the service gave none
     */
    public static String code(RuntimeException e) {
        if (e instanceof TableServiceException table && table.getValue() != null) {
            return String.valueOf(table.getValue().getErrorCode());
        }
        if (e instanceof HttpResponseException http && http.getValue() instanceof JsonNode told) {
            return told.at("/error/code").asText("");
        }
        if (e instanceof HttpResponseException http && http.getResponse() != null) {
            String code = http.getResponse().getHeaders().getValue(ERROR_CODE);
            return code == null ? "" : code;
        }
        return "";
    }

    private static boolean mayPass(RuntimeException e) {
        int status = status(e);
        return status == TIMEOUT || status == TOO_MANY || status >= SERVERS_FAULT;
    }

    /** What happened between us and the service, if that is what it was. */
    private static Optional<Throwable> network(RuntimeException e) {
        if (status(e) > 0) {
            return Optional.empty();
        }
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException || cause instanceof TimeoutException) {
                return Optional.of(cause);
            }
        }
        return Optional.empty();
    }

    private static String reason(RuntimeException e) {
        String line = (code(e) + " " + e.getMessage()).strip().replaceAll("\\p{Cntrl}+", " ");
        return line.length() > LONGEST_MESSAGE ? line.substring(0, LONGEST_MESSAGE - 3) + "..." : line;
    }
}
