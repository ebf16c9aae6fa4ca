// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.work;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.AttemptId;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the worker function is invoked with: which order it carries out. The order itself lies in the artifact store.
 *
 * @param attempt the attempt
 * @param order the order's digest
 * @param secrets environment variable to secret reference; the worker reads the values with its own role
 */
public record FunctionCall(AttemptId attempt, Digest order, SortedMap<String, String> secrets) {
    /** Copies the map. */
    public FunctionCall {
        secrets = Collections.unmodifiableSortedMap(new TreeMap<>(secrets));
    }

    /**
     * The call as a payload.
     *
     * @return a JSON object
     */
    public ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("attempt", attempt.key()).put("order", order.hex());
        ObjectNode bound = json.putObject("secrets");
        secrets.forEach(bound::put);
        return json;
    }

    /**
     * Reads what {@link #json()} wrote.
     *
     * @param json a payload
     * @return the call
     * @throws IllegalArgumentException if it is another payload
     */
    public static FunctionCall parse(JsonNode json) {
        SortedMap<String, String> secrets = new TreeMap<>();
        json.path("secrets")
                .properties()
                .forEach(entry -> secrets.put(entry.getKey(), entry.getValue().asText()));
        return new FunctionCall(
                AttemptId.parse(json.path("attempt").asText()),
                new Digest(json.path("order").asText()),
                secrets);
    }
}
