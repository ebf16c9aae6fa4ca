// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.events;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cumulane.cloud.EventSink;
import dev.cumulane.gcp.client.GcpNames;
import dev.cumulane.gcp.client.GcpService;
import dev.cumulane.gcp.client.GoogleApi;
import java.io.IOException;
import java.util.function.Supplier;

/**
 * The event sink of Google Cloud: a Pub/Sub topic. The CloudEvent in its JSON form is the message's data, as CloudEvents' structured mode for Pub/Sub has it; its type and id are attributes
 * too, so that a subscription's filter matches them. Any thread.
 */
public final class PubSubEventSink implements EventSink {
    /** What Pub/Sub takes for a message of 10 MB, attributes included, is more; what other clouds take is not. */
    private static final int LARGEST = 250 * 1024;

    private static final int LONGEST_ATTRIBUTE = 1024;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Supplier<GoogleApi> api;
    private final String topic;
    private final GcpService service;

    /**
     * A sink on the topic of an installation. Does no I/O.
     *
     * @param api makes the API of Pub/Sub on first use
     * @param names of the installation
     */
    public PubSubEventSink(Supplier<GoogleApi> api, GcpNames names) {
        this.api = api;
        this.topic = names.events();
        this.service = new GcpService("Pub/Sub", topic);
    }

    @Override
    public void publish(String id, byte[] json) {
        if (json.length > LARGEST) {
            throw new IllegalArgumentException(
                    "event " + id + " has " + json.length + " bytes; at most " + LARGEST + " are published");
        }
        ObjectNode body = JSON.createObjectNode();
        ObjectNode message = body.putArray("messages").addObject().put("data", json);
        ObjectNode attributes = message.putObject("attributes").put("content-type", "application/cloudevents+json");
        JsonNode event = read(id, json);
        attribute(attributes, event, "id");
        attribute(attributes, event, "type");
        JsonNode unused =
                service.call("publish event " + id, () -> api.get().post("publish", "/v1/" + topic + ":publish", body));
    }

    private static void attribute(ObjectNode attributes, JsonNode event, String name) {
        String value = event.path(name).asText();
        if (!value.isEmpty() && value.length() * 3 <= LONGEST_ATTRIBUTE) {
            attributes.put(name, value);
        }
    }

    private static JsonNode read(String id, byte[] json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new IllegalArgumentException("event " + id + " is not JSON", e);
        }
    }
}
