// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.signals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.SignalEnvelope;
import dev.cumulane.cloud.SignalMessage;
import dev.cumulane.cloud.Signals;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands the messages of a batch to the engine, one after the other, and says which of them failed: Lambda deletes the others. For the engine's function, on its one
 * thread.
 *
 * <p>A message that failed comes again, at once the first time, then after 1 second, 3, 7 and so on up to 15 minutes, until the queue has given it out as often as
 * its redrive policy says and puts it among the dead letters. A message that is no signal of ours is an event of another service, of which a function given here makes
 * signals; what nobody understands fails until it is a dead letter, where somebody can look at it.
 */
public final class SqsBatch {
    private static final Logger LOG = LoggerFactory.getLogger(SqsBatch.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LONGEST_REST_SECONDS = 900;

    private final SqsSignals signals;
    private final Signals.Handler handler;
    private final Function<JsonNode, List<SignalEnvelope>> events;

    /**
     * A message as it was received.
     *
     * @param id what the queue calls it
     * @param receipt by which the queue knows this receipt of it
     * @param receives how often it was received, this time included
     * @param body its text
     */
    public record Message(String id, String receipt, int receives, String body) {}

    /**
     * Takes batches.
     *
     * @param signals the queue that they come from
     * @param handler takes each signal
     * @param events makes signals of another service's event, none if it tells nothing; throws {@link IllegalArgumentException} for what it does not know
     */
    public SqsBatch(SqsSignals signals, Signals.Handler handler, Function<JsonNode, List<SignalEnvelope>> events) {
        this.signals = signals;
        this.handler = handler;
        this.events = events;
    }

    /**
     * Handles the batch that Lambda hands to a function.
     *
     * @param event the event, as Lambda writes it
     * @return the answer that Lambda reads
     * @throws IllegalArgumentException if this is no batch of SQS; nothing was handled
     */
    public byte[] handle(byte[] event) {
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode failures = answer.putArray("batchItemFailures");
        handle(read(event)).forEach(id -> failures.addObject().put("itemIdentifier", id));
        try {
            return JSON.writeValueAsBytes(answer);
        } catch (IOException e) {
            throw new IllegalStateException("an answer of plain texts could not be written", e);
        }
    }

    /**
     * Handles messages.
     *
     * @param batch the messages
     * @return the ids of those that failed and are to come again
     */
    public List<String> handle(List<Message> batch) {
        List<String> failed = new ArrayList<>();
        for (Message message : batch) {
            try {
                handle(message);
            } catch (RuntimeException | Error e) {
                LOG.warn(
                        "message {} was not handled at receipt {} and comes again later: {}",
                        message.id(),
                        message.receives(),
                        e.toString());
                LOG.debug("the cause", e);
                putOff(message);
                failed.add(message.id());
            }
        }
        return failed;
    }

    private void handle(Message message) {
        Optional<SignalMessage> ours = SignalMessage.parse(message.body());
        if (ours.isEmpty()) {
            events.apply(json(message.body())).forEach(handler::handle);
        } else if (signals.isEarly(ours.get())) {
            signals.send(ours.get().signal(), ours.get().notBefore());
        } else {
            handler.handle(ours.get().signal());
        }
    }

    /** Without it the message comes again when the queue's own time is over, which is later than need be. */
    private void putOff(Message message) {
        try {
            signals.hideFor(message.receipt(), restSeconds(message.receives()));
        } catch (CloudException e) {
            LOG.debug("message {} keeps the queue's own time", message.id(), e);
        }
    }

    static int restSeconds(int receives) {
        return Math.min((1 << Math.min(Math.max(receives, 1) - 1, 20)) - 1, LONGEST_REST_SECONDS);
    }

    private static List<Message> read(byte[] event) {
        JsonNode records;
        try {
            records = JSON.readTree(event).path("Records");
        } catch (IOException e) {
            throw new IllegalArgumentException("not JSON: an event of " + event.length + " bytes", e);
        }
        if (!records.isArray()) {
            throw new IllegalArgumentException("not a batch of SQS: an event without Records");
        }
        List<Message> messages = new ArrayList<>();
        for (JsonNode each : records) {
            messages.add(new Message(
                    text(each, "messageId"),
                    text(each, "receiptHandle"),
                    each.path("attributes").path("ApproximateReceiveCount").asInt(1),
                    text(each, "body")));
        }
        return messages;
    }

    private static String text(JsonNode message, String name) {
        JsonNode value = message.path(name);
        if (!value.isTextual()) {
            throw new IllegalArgumentException("not a batch of SQS: a message without " + name);
        }
        return value.asText();
    }

    private static JsonNode json(String body) {
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "a message of " + body.length() + " characters is neither a signal nor an event", e);
        }
    }
}
