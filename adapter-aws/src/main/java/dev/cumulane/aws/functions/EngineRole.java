// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.functions;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cumulane.aws.work.BuildEvents;
import dev.cumulane.aws.work.FunctionCall;
import dev.cumulane.cloud.SignalEnvelope;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Handles batches of the queue of signals, and the timer's sweep. A message that could not be handled comes again; the others of its batch do not.
 *
 * <p>Three kinds of messages lie in the queue: signals of the engine, events of CodeBuild by way of EventBridge, and what Lambda tells of workers that died. A message that is
 * none of them would never be one: it is logged and done with.
 */
final class EngineRole implements Role {
    /** What the timer invokes the function with. */
    static final String SWEEP = "sweep";

    private final Parts parts;
    private final ObjectMapper json = new ObjectMapper();
    private final Logger log = LoggerFactory.getLogger(EngineRole.class);

    /**
     * What the role hands messages to.
     *
     * @param signals reads a signal from a message's body; empty if it is none
     * @param engine handles a signal
     * @param sweep looks after open runs
     * @param died is told the request's id of an invocation that failed
     */
    record Parts(
            Function<String, Optional<SignalEnvelope>> signals,
            Consumer<SignalEnvelope> engine,
            Runnable sweep,
            Consumer<String> died) {}

    EngineRole(Parts parts) {
        this.parts = parts;
    }

    @Override
    public JsonNode handle(JsonNode event, Invocation invocation) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        if (event.path(SWEEP).asBoolean()) {
            parts.sweep().run();
            return answer;
        }
        if (!event.path("Records").isArray()) {
            throw new IllegalArgumentException(
                    "the engine takes batches of its queue and {\"sweep\": true}, and no other events");
        }
        ArrayNode failures = answer.putArray("batchItemFailures");
        for (JsonNode message : event.path("Records")) {
            try {
                handle(message.path("body").asText());
            } catch (RuntimeException e) {
                String id = message.path("messageId").asText();
                log.warn("Message {} could not be handled and comes again: {}", id, e.toString());
                failures.addObject().put("itemIdentifier", id);
            }
        }
        return answer;
    }

    private void handle(String body) {
        Optional<SignalEnvelope> signal = parts.signals().apply(body).or(() -> told(body));
        signal.ifPresentOrElse(
                parts.engine(),
                () -> log.warn("A message of {} characters is nothing for the engine and is dropped", body.length()));
    }

    /** What a service tells, as a signal. */
    private Optional<SignalEnvelope> told(String body) {
        JsonNode event;
        try {
            event = json.readTree(body);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
        return BuildEvents.over(event).map(SignalEnvelope::workOver).or(() -> failedInvocation(event));
    }

    /** What Lambda sends to the destination for failures: the payload and why. */
    private Optional<SignalEnvelope> failedInvocation(JsonNode event) {
        JsonNode context = event.path("requestContext");
        if (!context.has("functionArn") || !event.has("requestPayload")) {
            return Optional.empty();
        }
        try {
            FunctionCall call = FunctionCall.parse(event.path("requestPayload"));
            parts.died().accept(context.path("requestId").asText());
            return Optional.of(SignalEnvelope.workOver(call.attempt()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
