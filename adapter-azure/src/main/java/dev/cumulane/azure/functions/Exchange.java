// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.functions;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.microsoft.azure.functions.HttpRequestMessage;
import com.microsoft.azure.functions.HttpResponseMessage;
import com.microsoft.azure.functions.HttpStatusType;
import dev.cumulane.cloud.HttpAnswer;
import dev.cumulane.cloud.HttpRequest;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Requests and answers as the host of the functions has them. */
final class Exchange {
    private Exchange() {}

    /**
     * The request. The host hands a body over as text: bytes that are no UTF-8 are lost, and what signed them does not hold.
     *
     * @throws IllegalArgumentException if the body is too large
     */
    static HttpRequest request(HttpRequestMessage<Optional<String>> message) {
        URI address = message.getUri();
        Map<String, List<String>> headers = new TreeMap<>();
        message.getHeaders().forEach((name, value) -> headers.put(name, List.of(value)));
        return HttpRequest.of(
                message.getHttpMethod().name(),
                Optional.ofNullable(address.getRawPath())
                        .filter(path -> !path.isEmpty())
                        .orElse("/"),
                Optional.ofNullable(address.getRawQuery()).orElse(""),
                headers,
                message.getBody().orElse("").getBytes(UTF_8));
    }

    /** The answer as the function returns it. */
    static HttpResponseMessage response(HttpRequestMessage<?> message, HttpAnswer answer) {
        HttpResponseMessage.Builder builder = message.createResponseBuilder(HttpStatusType.custom(answer.status()));
        answer.headers().forEach(builder::header);
        return builder.body(answer.body()).build();
    }
}
