// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.fake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A topic of Event Grid, and the resource manager that knows where it is. It takes one CloudEvent in structured mode. Attributes that CloudEvents wants are not looked at:
 * a contract publishes an event without some.
 */
public final class FakeEventGrid extends FakeRest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String RESOURCE = "/subscriptions/0b1f6471-1bf0-4dda-aec3-cb9272f09590/resourceGroups/shop"
            + "/providers/Microsoft.EventGrid/topics/shop-ci-events-";

    private final List<String> events = new ArrayList<>();
    private volatile String published = "";

    /**
     * What subscribers receive.
     *
     * @return one JSON text for each event
     */
    public synchronized List<String> events() {
        return List.copyOf(events);
    }

    /**
     * What the resource manager says where the topic is.
     *
     * @param address any text
     */
    public void isAt(String address) {
        published = address;
    }

    @Override
    protected Answer answer(Asked asked) throws IOException {
        String query = String.valueOf(asked.uri().getQuery());
        if (asked.path().startsWith(RESOURCE)) {
            return asked.method().equals("GET") && query.equals("api-version=2022-06-15")
                    ? new Answer(
                            200,
                            JSON.writeValueAsString(JSON.createObjectNode()
                                    .set("properties", JSON.createObjectNode().put("endpoint", published))))
                    : violated("no operation of the resource manager");
        }
        if (!asked.method().equals("POST")
                || !asked.path().equals("/api/events")
                || !query.equals("api-version=2018-01-01")) {
            return violated("no operation of Event Grid: " + asked.method() + " " + asked.uri());
        }
        if (!String.valueOf(asked.headers().getFirst("Content-Type"))
                .equals("application/cloudevents+json; charset=utf-8")) {
            return violated("no CloudEvent in structured mode");
        }
        JsonNode event = JSON.readTree(asked.body());
        if (!event.isObject() || !event.hasNonNull("id")) {
            return violated("no CloudEvent");
        }
        synchronized (this) {
            events.add(event.toString());
        }
        return new Answer(200, "");
    }
}
