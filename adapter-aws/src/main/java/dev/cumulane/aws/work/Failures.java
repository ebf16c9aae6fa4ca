// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.work;

import dev.cumulane.cloud.CloudException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** What a client of the SDK threw, as the ports say it. */
final class Failures {
    /** Refusals that time cures although the status code says that the caller is wrong. */
    private static final Set<String> PASSING = new TreeSet<>(
            List.of("AccountLimitExceededException", "ResourceConflictException", "ResourceNotReadyException"));

    private Failures() {}

    static CloudException of(String service, String what, SdkException e) {
        String message = "could not " + what + ": " + e.getMessage();
        boolean passes = !(e instanceof AwsServiceException refused)
                || refused.isThrottlingException()
                || refused.statusCode() / 100 == 5
                || refused.awsErrorDetails() != null
                        && PASSING.contains(refused.awsErrorDetails().errorCode());
        return passes ? CloudException.retryable(service, message, e) : CloudException.permanent(service, message, e);
    }
}
