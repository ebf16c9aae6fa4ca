// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.signals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cumulane.cloud.SignalEnvelope;
import dev.cumulane.cloud.StreamId;
import java.io.IOException;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A message of Pub/Sub as a push subscription sends it. A signal's bytes are a message's data; its stream, its id and the instant before which it must not be delivered are
 * attributes, so that a subscription's filter and people see them.
 *
 * @param id what Pub/Sub calls it, the same at every delivery
 * @param attributes its attributes
 * @param data its bytes
 */
public record PushedMessage(String id, SortedMap<String, String> attributes, byte[] data) {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** A message has at most 10 MB, in base64 a third more. */
    private static final int LARGEST = 16 * 1024 * 1024;

    private static final String SIGNAL = "cumulane-signal";
    private static final String STREAM = "cumulane-stream";
    private static final String NOT_BEFORE = "cumulane-not-before";

    /** Copies the attributes. */
    public PushedMessage {
        attributes = Collections.unmodifiableSortedMap(new TreeMap<>(attributes));
    }

    /**
     * Reads the body of a push.
     *
     * @param body from anybody who may send to the endpoint
     * @return the message; empty if the body is none
     */
    public static Optional<PushedMessage> parse(byte[] body) {
        if (body.length > LARGEST) {
            return Optional.empty();
        }
        try {
            JsonNode message = JSON.readTree(body).path("message");
            byte[] data = message.path("data").isMissingNode()
                    ? new byte[0]
                    : message.path("data").binaryValue();
            if (!message.path("messageId").isTextual() || data == null) {
                return Optional.empty();
            }
            SortedMap<String, String> attributes = new TreeMap<>();
            message.path("attributes")
                    .properties()
                    .forEach(one -> attributes.put(one.getKey(), one.getValue().asText()));
            return Optional.of(new PushedMessage(message.path("messageId").asText(), attributes, data));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /**
     * The signal that it carries, whenever that may be delivered.
     *
     * @return the signal; empty if it is a message of another service
     */
    public Optional<SignalEnvelope> signal() {
        if (!attributes.containsKey(SIGNAL) || !attributes.containsKey(STREAM)) {
            return Optional.empty();
        }
        try {
            return Optional.of(new SignalEnvelope(attributes.get(SIGNAL), new StreamId(attributes.get(STREAM)), data));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * The instant before which its signal must not be delivered.
     *
     * @return the instant, to the millisecond; 1970 if there is none
     */
    public Instant notBefore() {
        String millis = attributes.getOrDefault(NOT_BEFORE, "");
        return millis.matches("[0-9]{1,15}") ? Instant.ofEpochMilli(Long.parseLong(millis)) : Instant.EPOCH;
    }

    /** A signal as the body of a request that publishes it. */
    static ObjectNode publishing(SignalEnvelope signal, Instant notBefore) {
        ObjectNode body = JSON.createObjectNode();
        ObjectNode message = body.putArray("messages").addObject();
        message.put("data", signal.bytes());
        ObjectNode attributes = message.putObject("attributes")
                .put(SIGNAL, signal.id())
                .put(STREAM, signal.stream().value());
        if (notBefore.isAfter(Instant.EPOCH)) {
            attributes.put(NOT_BEFORE, Long.toString(notBefore.toEpochMilli()));
        }
        return body;
    }
}
