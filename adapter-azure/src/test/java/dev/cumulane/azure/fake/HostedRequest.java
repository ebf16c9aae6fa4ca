// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.fake;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.microsoft.azure.functions.HttpMethod;
import com.microsoft.azure.functions.HttpRequestMessage;
import com.microsoft.azure.functions.HttpResponseMessage;
import com.microsoft.azure.functions.HttpStatus;
import com.microsoft.azure.functions.HttpStatusType;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A request as the host hands it to a function: one value of each header, the body as text.
 *
 * @param method the method
 * @param uri path and query
 * @param headers the headers, in lower case
 * @param text the body, if it is not empty
 */
record HostedRequest(HttpMethod method, URI uri, Map<String, String> headers, Optional<String> text)
        implements HttpRequestMessage<Optional<String>> {
    static HostedRequest of(HttpExchange exchange) throws IOException {
        Map<String, String> headers = new TreeMap<>();
        exchange.getRequestHeaders().forEach((name, values) -> headers.put(name.toLowerCase(), values.get(0)));
        String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
        return new HostedRequest(
                HttpMethod.value(exchange.getRequestMethod()),
                URI.create("https://shop-ci-ingress.azurewebsites.net" + exchange.getRequestURI()),
                headers,
                Optional.of(body).filter(text -> !text.isEmpty()));
    }

    @Override
    public URI getUri() {
        return uri;
    }

    @Override
    public HttpMethod getHttpMethod() {
        return method;
    }

    @Override
    public Map<String, String> getHeaders() {
        return headers;
    }

    /** The host decodes them; nobody here wants them so. */
    @Override
    public Map<String, String> getQueryParameters() {
        throw new UnsupportedOperationException("the query is in the address");
    }

    @Override
    public Optional<String> getBody() {
        return text;
    }

    @Override
    public HttpResponseMessage.Builder createResponseBuilder(HttpStatus status) {
        return createResponseBuilder((HttpStatusType) status);
    }

    @Override
    public HttpResponseMessage.Builder createResponseBuilder(HttpStatusType status) {
        return new Answering(status, new TreeMap<>(), new byte[0]);
    }

    /** An answer, and what makes it. */
    record Answering(HttpStatusType status, Map<String, String> headers, Object body)
            implements HttpResponseMessage, HttpResponseMessage.Builder {
        @Override
        public Builder status(HttpStatusType other) {
            return new Answering(other, headers, body);
        }

        @Override
        public Builder header(String name, String value) {
            headers.put(name, value);
            return this;
        }

        @Override
        public Builder body(Object other) {
            return new Answering(status, headers, other);
        }

        @Override
        public HttpResponseMessage build() {
            return this;
        }

        @Override
        public HttpStatusType getStatus() {
            return status;
        }

        @Override
        public String getHeader(String name) {
            return headers.getOrDefault(name, "");
        }

        @Override
        public Object getBody() {
            return body;
        }

        void send(HttpExchange exchange) throws IOException {
            headers.forEach(exchange.getResponseHeaders()::set);
            byte[] bytes = (byte[]) body;
            exchange.sendResponseHeaders(status.value(), bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }
}
