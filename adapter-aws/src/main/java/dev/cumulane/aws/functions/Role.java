// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.functions;

import com.fasterxml.jackson.databind.JsonNode;

/** What one of the functions does with an event. */
interface Role {
    /**
     * Handles an event.
     *
     * @param event what the function was invoked with
     * @param invocation what Lambda says of the invocation
     * @return what the function answers
     */
    JsonNode handle(JsonNode event, Invocation invocation);

    /**
     * What Lambda says of an invocation.
     *
     * @param requestId the invocation's id
     * @param arn the function's ARN as it was invoked, with version or alias behind it
     */
    record Invocation(String requestId, String arn) {}
}
