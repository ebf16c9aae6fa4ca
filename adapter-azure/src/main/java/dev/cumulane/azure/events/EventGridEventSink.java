// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.events;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.base.Suppliers;
import dev.cumulane.azure.client.AzureClients;
import dev.cumulane.azure.client.AzureNames;
import dev.cumulane.azure.client.AzureRest;
import dev.cumulane.azure.client.AzureService;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.EventSink;
import java.io.IOException;
import java.net.URI;
import java.util.function.Supplier;

/**
 * The event sink of the Azure cloud: a topic of Event Grid whose schema is CloudEvents 1.0, so that an event is published as it is and a subscription's filter matches what
 * it knows from CloudEvents. Where the topic is, the resource manager is asked once. Any thread.
 */
public final class EventGridEventSink implements EventSink {
    private static final String TOPICS = "Microsoft.EventGrid/topics";
    private static final String TOPICS_VERSION = "2022-06-15";
    private static final String PUBLISH_VERSION = "2018-01-01";
    private static final String STRUCTURED = "application/cloudevents+json; charset=utf-8";

    /** What Event Grid takes for an event of 1 MB, the array around it included. */
    private static final int LARGEST = 1024 * 1024 - 1024;

    private static final ObjectMapper JSON = new ObjectMapper();

    private final AzureClients clients;
    private final String topic;
    private final AzureService service;
    private final AzureRest rest;
    private final Supplier<URI> address = Suppliers.memoize(this::address);

    /**
     * A sink on the topic of an installation. Does no I/O.
     *
     * @param clients call the services
     */
    public EventGridEventSink(AzureClients clients) {
        AzureNames names = clients.connection().names();
        this.clients = clients;
        this.topic = "topic of " + names;
        this.service = new AzureService("Event Grid", topic);
        this.rest =
                new AzureRest(service, Suppliers.memoize(() -> clients.rest("https://eventgrid.azure.net/.default")));
    }

    @Override
    public void publish(String id, byte[] json) {
        if (json.length > LARGEST) {
            throw new IllegalArgumentException(
                    "event " + id + " has " + json.length + " bytes; at most " + LARGEST + " are published");
        }
        try {
            JSON.readTree(json);
        } catch (IOException e) {
            throw new IllegalArgumentException("event " + id + " is not JSON", e);
        }
        var unused = rest.post("publish event " + id, address.get(), STRUCTURED, json);
    }

    private URI address() {
        URI endpoint = clients.endpoint("eventgrid", this::endpoint);
        return URI.create(endpoint + "?api-version=" + PUBLISH_VERSION);
    }

    /** A topic's address has its region in it, and perhaps a number. */
    private String endpoint() {
        AzureNames names = clients.connection().names();
        URI resource = clients.resource(names.resourceId(TOPICS, names.topic()), TOPICS_VERSION);
        String endpoint = clients.resourceManager()
                .get("find " + topic, resource)
                .at("/properties/endpoint")
                .asText();
        if (!endpoint.startsWith("https://")) {
            throw CloudException.permanent(service.name(), "the resource manager knows no address of the " + topic);
        }
        return endpoint;
    }
}
