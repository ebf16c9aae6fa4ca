// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.client;

import dev.cumulane.cloud.CloudException;
import java.io.IOException;
import java.util.Set;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Calls a service of AWS and tells its failures in our words: what was attempted, whether it may go through later, and for a resource that is missing which command
 * installs it.
 *
 * @param name what the service is called, such as {@code DynamoDB}
 * @param resource what is used of it, for people, such as {@code table shop-ci-journal in eu-west-1}
 */
public record AwsService(String name, String resource) {
    /** What the error codes of the services have in common with nothing: the resource itself is not there. */
    private static final Set<String> MISSING = Set.of(
            "AWS.SimpleQueueService.NonExistentQueue",
            "NoSuchBucket",
            "QueueDoesNotExist",
            "ResourceNotFoundException",
            "TableNotFoundException");

    /** Beside throttles, errors of the server and wrong clocks, which the SDK tells apart itself. */
    private static final Set<String> PASSING = Set.of(
            "ConcurrentModificationException",
            "ConditionalRequestConflict",
            "ConflictException",
            "ExpiredToken",
            "ExpiredTokenException",
            "InternalServerError",
            "OperationAborted",
            "RequestTimeout",
            "RequestTimeoutException",
            "TransactionConflictException");

    private static final int LONGEST_MESSAGE = 300;

    /**
     * Calls the service.
     *
     * @param attempt what is attempted, to follow "could not"
     * @param call the call
     * @param <T> what it answers
     * @return the answer
     * @throws CloudException if the SDK reports a failure
     */
    public <T> T call(String attempt, Supplier<T> call) {
        try {
            return call.get();
        } catch (SdkException e) {
            throw failure(attempt, e);
        }
    }

    /**
     * A failure of the service, in our words.
     *
     * @param attempt what was attempted, to follow "could not"
     * @param e what the SDK reported
     * @return the exception to throw
     */
    public CloudException failure(String attempt, SdkException e) {
        if (isMissing(e)) {
            return CloudException.permanent(
                    name,
                    "could not " + attempt + ": " + resource + " is missing; " + AwsNames.INSTALL + " installs it",
                    e);
        }
        String message = "could not " + attempt + " (" + resource + "): " + reason(e);
        return mayPass(e) ? CloudException.retryable(name, message, e) : CloudException.permanent(name, message, e);
    }

    /**
     * The error code of the service.
     *
     * @param e what the SDK reported
     * @return the code, empty if the service did not answer
     */
    public static String code(SdkException e) {
        if (e instanceof AwsServiceException service && service.awsErrorDetails() != null) {
            String code = service.awsErrorDetails().errorCode();
            return code == null ? "" : code;
        }
        return "";
    }

    private static boolean isMissing(SdkException e) {
        return MISSING.contains(code(e));
    }

    private static boolean mayPass(SdkException e) {
        if (e instanceof AwsServiceException service) {
            return service.isThrottlingException()
                    || service.isClockSkewException()
                    || service.statusCode() >= 500
                    || PASSING.contains(code(e));
        }
        if (e instanceof ApiCallTimeoutException
                || e instanceof ApiCallAttemptTimeoutException
                || e instanceof AbortedException) {
            return true;
        }
        Throwable cause = e.getCause();
        while (cause != null && !(cause instanceof IOException)) {
            cause = cause.getCause();
        }
        return cause != null;
    }

    private static String reason(SdkException e) {
        String message;
        if (e instanceof AwsServiceException service && service.awsErrorDetails() != null) {
            message = code(e) + ": " + service.awsErrorDetails().errorMessage();
        } else {
            message = String.valueOf(e.getMessage());
        }
        String line = message.replaceAll("\\p{Cntrl}+", " ");
        return line.length() > LONGEST_MESSAGE ? line.substring(0, LONGEST_MESSAGE - 3) + "..." : line;
    }
}
