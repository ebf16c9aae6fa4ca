// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.events;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.cumulane.aws.client.AwsNames;
import dev.cumulane.aws.client.AwsService;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.EventSink;
import java.io.IOException;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.EventBridgeException;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResultEntry;

/**
 * The event sink of the AWS cloud: an event bus of EventBridge. The CloudEvent in its JSON form is the event's detail, its type the {@code detail-type}, and the
 * source is {@code cumulane}, so that a rule matches what it knows from CloudEvents. Any thread.
 */
public final class EventBridgeEventSink implements EventSink {
    /** The source of all events; CloudEvents' own source stands in the detail. */
    public static final String SOURCE = "cumulane";

    /** What EventBridge takes for an event of 256 KiB, source and type included. */
    private static final int LARGEST = 250 * 1024;

    private static final int LONGEST_TYPE = 128;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Supplier<EventBridgeClient> client;
    private final String bus;
    private final AwsService service;

    /**
     * A sink on the bus of an installation. Does no I/O.
     *
     * @param client makes the client on first use
     * @param names of the installation
     */
    public EventBridgeEventSink(Supplier<EventBridgeClient> client, AwsNames names) {
        this.client = client;
        this.bus = names.bus();
        this.service = new AwsService(
                "EventBridge", "event bus " + bus + " in " + names.region().id());
    }

    @Override
    public void publish(String id, byte[] json) {
        if (json.length > LARGEST) {
            throw new IllegalArgumentException(
                    "event " + id + " has " + json.length + " bytes; at most " + LARGEST + " are published");
        }
        PutEventsRequestEntry event = PutEventsRequestEntry.builder()
                .eventBusName(bus)
                .source(SOURCE)
                .detailType(type(id, json))
                .detail(new String(json, UTF_8))
                .build();
        String attempt = "publish event " + id;
        PutEventsResultEntry result = service.call(
                        attempt, () -> client.get().putEvents(request -> request.entries(event)))
                .entries()
                .get(0);
        if (result.errorCode() != null) {
            throw refused(attempt, result);
        }
    }

    /** The call as a whole succeeds when an event in it does not. */
    private CloudException refused(String attempt, PutEventsResultEntry result) {
        boolean passing = result.errorCode().equals("InternalFailure")
                || result.errorCode().equals("InternalException")
                || result.errorCode().equals("ThrottlingException");
        return service.failure(attempt, (EventBridgeException) EventBridgeException.builder()
                .statusCode(passing ? 503 : 400)
                .awsErrorDetails(AwsErrorDetails.builder()
                        .errorCode(result.errorCode())
                        .errorMessage(result.errorMessage())
                        .build())
                .build());
    }

    private static String type(String id, byte[] json) {
        JsonNode type;
        try {
            type = JSON.readTree(json).path("type");
        } catch (IOException e) {
            throw new IllegalArgumentException("event " + id + " is not JSON", e);
        }
        if (!type.isTextual() || type.asText().isEmpty() || type.asText().length() > LONGEST_TYPE) {
            return "dev.cumulane.event";
        }
        return type.asText();
    }
}
