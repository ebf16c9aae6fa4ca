// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.functions;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.cumulane.aws.deliveries.SelfDeliveries;
import dev.cumulane.aws.signals.SqsBatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.DoubleConsumer;

/**
 * Handles batches of the queue of signals, and the timer's sweep.
 *
 * @param batch handles a batch
 * @param sweep looks after open runs
 * @param age is told the age in seconds of the oldest signal of each batch
 */
record EngineRole(SqsBatch batch, Runnable sweep, DoubleConsumer age) implements Role {
    /** What the timer invokes the function with, set to true. */
    static final String SWEEP = "sweep";

    @Override
    public JsonNode handle(JsonNode event, Invocation invocation) {
        if (event.path(SWEEP).asBoolean()) {
            sweep.run();
            return JsonNodeFactory.instance.objectNode();
        }
        if (event.path(SelfDeliveries.READY).asBoolean()) {
            // Whoever asks wants to know whether this code could open its engine, as it has.
            return JsonNodeFactory.instance.objectNode();
        }
        if (!event.path("Records").isArray()) {
            throw new IllegalArgumentException(
                    "the engine takes batches of its queue and {\"sweep\": true}, and no other events");
        }
        measure(event.path("Records"));
        try {
            return new ObjectMapper().readTree(batch.handle(event.toString().getBytes(UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException("the answer to a batch is no JSON", e);
        }
    }

    private void measure(JsonNode records) {
        long now = System.currentTimeMillis();
        long oldest = now;
        for (JsonNode message : records) {
            oldest = Math.min(
                    oldest, message.path("attributes").path("SentTimestamp").asLong(now));
        }
        age.accept((now - oldest) / 1000.0);
    }
}
