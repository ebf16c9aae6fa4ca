// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.deliveries;

import dev.cumulane.aws.client.AwsService;
import dev.cumulane.cloud.CloudException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.GetFunctionConfigurationResponse;
import software.amazon.awssdk.services.lambda.model.InvocationType;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.LastUpdateStatus;
import software.amazon.awssdk.services.lambda.model.ResourceConflictException;

/** The code and the versions of one function. */
final class LambdaReleases {
    private static final int LONGEST_SHOWN = 500;

    private final Supplier<LambdaClient> client;
    private final String function;
    private final AwsService service;

    LambdaReleases(Supplier<LambdaClient> client, String function) {
        this.client = client;
        this.function = function;
        this.service = new AwsService("Lambda", "function " + function);
    }

    /**
     * Publishes a package as a version. Publishing it again gives the same version.
     *
     * @param pause between two looks whether Lambda has taken the package
     * @param patience how long to look; {@code publish} goes on where it was when it is called again
     * @return the version's number
     * @throws CloudException retryable, if Lambda has not taken the package yet or takes another one
     */
    String publish(FunctionPackage code, Duration pause, Duration patience) {
        try {
            if (!configuration().codeSha256().equals(code.codeSha256())) {
                client.get()
                        .updateFunctionCode(request ->
                                request.functionName(function).zipFile(SdkBytes.fromByteArrayUnsafe(code.bytes())));
            }
            awaitUpdate(pause, patience);
            return client.get()
                    .publishVersion(request -> request.functionName(function).codeSha256(code.codeSha256()))
                    .version();
        } catch (ResourceConflictException e) {
            throw CloudException.retryable("Lambda", "function " + function + " is being changed", e);
        } catch (SdkException e) {
            throw service.failure("publish a version", e);
        }
    }

    /**
     * Waits until Lambda has taken what was changed.
     *
     * @throws CloudException retryable, if it has not within this time
     */
    void awaitUpdate(Duration pause, Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        GetFunctionConfigurationResponse now = configuration();
        while (now.lastUpdateStatus() == LastUpdateStatus.IN_PROGRESS) {
            if (System.nanoTime() - end > 0) {
                throw CloudException.retryable(
                        "Lambda",
                        "function " + function + " has not taken its new code yet",
                        new IllegalStateException());
            }
            try {
                TimeUnit.NANOSECONDS.sleep(pause.toNanos());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw CloudException.retryable("Lambda", "interrupted while function " + function + " was changed", e);
            }
            now = configuration();
        }
        if (now.lastUpdateStatus() == LastUpdateStatus.FAILED) {
            throw CloudException.permanent(
                    "Lambda", "function " + function + " did not take its new code: " + now.lastUpdateStatusReason());
        }
    }

    private GetFunctionConfigurationResponse configuration() {
        return client.get().getFunctionConfiguration(request -> request.functionName(function));
    }

    /**
     * Sends an event to a version.
     *
     * @return what is wrong with its answer, or empty if it handled the event
     */
    Optional<String> fails(String version, String event) {
        try {
            InvokeResponse answer = client.get()
                    .invoke(request -> request.functionName(function)
                            .qualifier(version)
                            .invocationType(InvocationType.REQUEST_RESPONSE)
                            .payload(SdkBytes.fromUtf8String(event)));
            if (answer.functionError() == null) {
                return Optional.empty();
            }
            String told = answer.payload().asUtf8String();
            return Optional.of("version " + version + " of function " + function
                    + " does not handle the event of its health check: "
                    + told.substring(0, Math.min(LONGEST_SHOWN, told.length())));
        } catch (SdkException e) {
            throw service.failure("check version " + version, e);
        }
    }
}
