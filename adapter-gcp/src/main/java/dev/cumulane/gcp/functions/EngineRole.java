// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.functions;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cumulane.cloud.HttpAnswer;
import dev.cumulane.cloud.HttpRequest;
import dev.cumulane.gcp.signals.PubSubPush;
import java.io.IOException;

/**
 * Handles messages of Pub/Sub, and the timer's sweep. A message comes as a push of its subscription; as a CloudEvent, with its attributes in headers or in the body, if somebody
 * has put Eventarc in between.
 *
 * @param push handles a message
 * @param sweep looks after open runs
 */
record EngineRole(PubSubPush push, Runnable sweep) implements Role {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What the timer's request has in its body, set to true. */
    static final String SWEEP = "sweep";

    private static final String STRUCTURED = "application/cloudevents+json";
    private static final String PUBLISHED = "google.cloud.pubsub.topic.v1.messagePublished";

    @Override
    public HttpAnswer answer(HttpRequest request) {
        JsonNode body;
        try {
            body = JSON.readTree(request.body());
        } catch (IOException e) {
            return strange();
        }
        if (body.path(SWEEP).asBoolean()) {
            sweep.run();
            return HttpAnswer.text(PubSubPush.DONE, "");
        }
        boolean structured = request.header("content-type").orElse("").startsWith(STRUCTURED);
        String type = structured
                ? body.path("type").asText()
                : request.header("ce-type").orElse(PUBLISHED);
        if (!type.equals(PUBLISHED)) {
            return strange();
        }
        byte[] message = structured ? body.path("data").toString().getBytes(UTF_8) : request.body();
        return HttpAnswer.text(push.handle(message), "");
    }

    private static HttpAnswer strange() {
        return HttpAnswer.text(
                PubSubPush.STRANGE, "the engine takes messages of Pub/Sub and {\"sweep\": true}, and nothing else");
    }
}
