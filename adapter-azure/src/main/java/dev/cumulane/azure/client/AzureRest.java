// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.client;

import com.azure.core.exception.HttpResponseException;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpMethod;
import com.azure.core.http.HttpPipeline;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.core.util.BinaryData;
import com.azure.core.util.Context;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.cumulane.cloud.CloudException;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Calls services that speak JSON over HTTP and for which no client is worth its size. A call is repeated as all calls here are; its failure is told as all failures are.
 * Any thread.
 *
 * @param service what is called, for messages
 * @param pipeline sends requests and says whose they are; made on first use
 */
public record AzureRest(AzureService service, Supplier<HttpPipeline> pipeline) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NO_GROUP = "ResourceGroupNotFound";
    private static final int REFUSED = 400;
    private static final int NOT_FOUND = 404;
    private static final int LARGEST = 16 * 1024 * 1024;

    /**
     * Asks for something.
     *
     * @param attempt what is attempted, to follow "could not"
     * @param address where
     * @return the answer's JSON, a missing node if it has no body
     * @throws CloudException if the service refuses or does not answer
     */
    public JsonNode get(String attempt, URI address) {
        return send(attempt, new HttpRequest(HttpMethod.GET, address.toString()));
    }

    /**
     * Asks for something that may not be there.
     *
     * @param attempt what is attempted, to follow "could not"
     * @param address where
     * @return the answer's JSON; empty if there is no such thing
     * @throws CloudException if the service refuses or does not answer
     */
    public Optional<JsonNode> find(String attempt, URI address) {
        return service.call(attempt, () -> {
            try {
                return Optional.of(sent(attempt, new HttpRequest(HttpMethod.GET, address.toString())));
            } catch (HttpResponseException e) {
                if (AzureService.status(e) == NOT_FOUND && !AzureService.code(e).equals(NO_GROUP)) {
                    return Optional.empty();
                }
                throw e;
            }
        });
    }

    /**
     * Puts something in its place.
     *
     * @param attempt what is attempted, to follow "could not"
     * @param address where
     * @param body the JSON
     * @return the answer's JSON, a missing node if it has no body
     * @throws CloudException if the service refuses or does not answer
     */
    public JsonNode put(String attempt, URI address, JsonNode body) {
        return send(
                attempt,
                new HttpRequest(HttpMethod.PUT, address.toString())
                        .setHeader(HttpHeaderName.CONTENT_TYPE, "application/json")
                        .setBody(BinaryData.fromString(body.toString())));
    }

    /**
     * Sends something.
     *
     * @param attempt what is attempted, to follow "could not"
     * @param address where
     * @param type the content type
     * @param body the bytes
     * @return the answer's JSON, a missing node if it has no body
     * @throws CloudException if the service refuses or does not answer
     */
    public JsonNode post(String attempt, URI address, String type, byte[] body) {
        return send(
                attempt,
                new HttpRequest(HttpMethod.POST, address.toString())
                        .setHeader(HttpHeaderName.CONTENT_TYPE, type)
                        .setBody(BinaryData.fromBytes(body)));
    }

    /**
     * Sends a request of any kind.
     *
     * @param attempt what is attempted, to follow "could not"
     * @param request the request
     * @return the answer's JSON, a missing node if it has no body
     * @throws CloudException if the service refuses or does not answer
     */
    public JsonNode send(String attempt, HttpRequest request) {
        return service.call(attempt, () -> sent(attempt, request));
    }

    private JsonNode sent(String attempt, HttpRequest request) {
        request.setHeader(HttpHeaderName.ACCEPT, "application/json");
        try (HttpResponse response = pipeline.get().sendSync(request, Context.NONE)) {
            byte[] body = body(attempt, response);
            if (response.getStatusCode() >= REFUSED) {
                JsonNode told = json(body, MissingNode.getInstance());
                String message = told.at("/error/message")
                        .asText(told.path("message").asText("status " + response.getStatusCode()));
                throw new HttpResponseException(message, response, told);
            }
            return body.length == 0 ? MissingNode.getInstance() : read(attempt, body);
        }
    }

    private byte[] body(String attempt, HttpResponse response) {
        BinaryData data = response.getBodyAsBinaryData();
        byte[] body = data == null ? new byte[0] : data.toBytes();
        if (body.length > LARGEST) {
            throw CloudException.permanent(
                    service.name(), "could not " + attempt + ": the answer has more than " + LARGEST + " bytes");
        }
        return body;
    }

    private JsonNode read(String attempt, byte[] body) {
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            throw CloudException.retryable(
                    service.name(),
                    "could not " + attempt + " (" + service.resource() + "): the answer is not JSON",
                    e);
        }
    }

    private static JsonNode json(byte[] body, JsonNode otherwise) {
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            return otherwise;
        }
    }
}
