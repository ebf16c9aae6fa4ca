// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.events;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cumulane.cloud.HttpAnswer;
import dev.cumulane.cloud.HttpRequest;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Answers Event Grid when it asks whether a subscription's address wants its events: for CloudEvents an {@code OPTIONS} request that names its origin, for Event Grid's own
 * schema an event whose code is to be given back. Whoever calls this has looked at the proof in the request first. Any thread.
 */
public final class EventGridHandshake {
    private static final String ORIGIN = "eventgrid.azure.net";
    private static final String VALIDATION = "Microsoft.EventGrid.SubscriptionValidationEvent";
    private static final int LARGEST = 64 * 1024;
    private static final Pattern CODE = Pattern.compile("[0-9A-Za-z-]{1,100}");
    private static final ObjectMapper JSON = new ObjectMapper();

    private EventGridHandshake() {}

    /**
     * The answer to a handshake.
     *
     * @param request a request to an address to which Event Grid delivers
     * @return the answer; empty if this is none, but perhaps an event
     */
    public static Optional<HttpAnswer> answer(HttpRequest request) {
        if (request.method().equals("OPTIONS")) {
            return request.header("webhook-request-origin")
                    .filter(origin -> origin.toLowerCase(Locale.ROOT).equals(ORIGIN))
                    .map(origin -> HttpAnswer.text(200, "welcome")
                            .with("webhook-allowed-origin", ORIGIN)
                            .with("webhook-allowed-rate", "*"));
        }
        boolean validation = request.header("aeg-event-type").orElse("").equals("SubscriptionValidation");
        if (!validation || request.body().length > LARGEST) {
            return Optional.empty();
        }
        return code(request.body()).map(EventGridHandshake::welcome);
    }

    private static HttpAnswer welcome(String code) {
        TreeMap<String, String> headers = new TreeMap<>();
        headers.put("content-type", "application/json");
        return new HttpAnswer(200, headers, ("{\"validationResponse\":\"" + code + "\"}").getBytes(UTF_8));
    }

    private static Optional<String> code(byte[] body) {
        JsonNode event;
        try {
            event = JSON.readTree(body).path(0);
        } catch (IOException e) {
            return Optional.empty();
        }
        String code = event.at("/data/validationCode").asText();
        return event.path("eventType").asText().equals(VALIDATION)
                        && CODE.matcher(code).matches()
                ? Optional.of(code)
                : Optional.empty();
    }
}
