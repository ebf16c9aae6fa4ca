// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.functions;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cumulane.cloud.HttpAnswer;
import dev.cumulane.cloud.HttpRequest;
import java.util.function.Function;

/**
 * Answers requests to the function's URL, and does nothing else in the request.
 *
 * @param answers the engine's endpoint
 */
record IngressRole(Function<HttpRequest, HttpAnswer> answers) implements Role {
    @Override
    public JsonNode handle(JsonNode event, Invocation invocation) {
        if (!FunctionUrl.isRequest(event)) {
            throw new IllegalArgumentException(
                    "ingress takes requests to its URL, in payload format 2.0, and no other events");
        }
        HttpRequest request;
        try {
            request = FunctionUrl.request(event);
        } catch (IllegalArgumentException e) {
            return FunctionUrl.json(HttpAnswer.text(413, "the request is too large, or not readable"));
        }
        return FunctionUrl.json(answers.apply(request));
    }
}
