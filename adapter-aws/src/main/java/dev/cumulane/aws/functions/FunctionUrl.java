// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.functions;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cumulane.cloud.HttpAnswer;
import dev.cumulane.cloud.HttpRequest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Requests and answers as a function URL writes them: payload format 2.0. */
final class FunctionUrl {
    private FunctionUrl() {}

    /** Whether an event is a request to a function URL. */
    static boolean isRequest(JsonNode event) {
        return event.path("requestContext").path("http").path("method").isTextual();
    }

    /**
     * The request in an event. Values of one header come joined by commas; nobody can tell them apart, so they stay one. Cookies come apart.
     *
     * @throws IllegalArgumentException if the body is no base64 or too large
     */
    static HttpRequest request(JsonNode event) {
        Map<String, List<String>> headers = new TreeMap<>();
        event.path("headers")
                .properties()
                .forEach(header ->
                        headers.put(header.getKey(), List.of(header.getValue().asText())));
        List<String> cookies = new ArrayList<>();
        event.path("cookies").forEach(cookie -> cookies.add(cookie.asText()));
        if (!cookies.isEmpty()) {
            headers.put("cookie", List.of(String.join("; ", cookies)));
        }
        String text = event.path("body").asText("");
        byte[] body =
                event.path("isBase64Encoded").asBoolean() ? Base64.getDecoder().decode(text) : text.getBytes(UTF_8);
        return HttpRequest.of(
                event.path("requestContext").path("http").path("method").asText(),
                event.path("rawPath").asText("/"),
                event.path("rawQueryString").asText(""),
                headers,
                body);
    }

    /** The answer as the function returns it. The body is always base64, which keeps every byte. */
    static ObjectNode json(HttpAnswer answer) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("statusCode", answer.status());
        ObjectNode headers = json.putObject("headers");
        answer.headers().forEach((name, value) -> {
            if (name.equals("set-cookie")) {
                json.putArray("cookies").add(value);
            } else {
                headers.put(name, value);
            }
        });
        json.put("isBase64Encoded", true);
        json.put("body", Base64.getEncoder().encodeToString(answer.body()));
        return json;
    }
}
