// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.client;

import com.google.api.gax.rpc.ApiException;
import com.google.api.gax.rpc.StatusCode;

/** What Google's own clients throw, as a failure that {@link GcpService} can tell. */
public final class GrpcFailures {
    private GrpcFailures() {}

    /**
     * The same failure as it would have come over REST.
     *
     * @param e what a client threw
     * @return the failure
     */
    public static GoogleApiException of(ApiException e) {
        StatusCode.Code code = e.getStatusCode().getCode();
        return new GoogleApiException(code.getHttpStatusCode(), code.name(), String.valueOf(e.getMessage()), e);
    }

    /**
     * Whether a call may have taken effect although it failed.
     *
     * @param e what a client threw
     * @return false if the service itself said no
     */
    public static boolean mayHaveTakenEffect(ApiException e) {
        return switch (e.getStatusCode().getCode()) {
            case UNAVAILABLE, DEADLINE_EXCEEDED, INTERNAL, UNKNOWN, CANCELLED -> true;
            default -> false;
        };
    }
}
