// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.journal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cumulane.cloud.CloudException;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/**
 * A document as Firestore's REST API tells it.
 *
 * @param id its name in its collection
 * @param version when it was changed, as the service writes it; a write can ask that it is still so
 * @param fields its fields, each with its type
 */
record Document(String id, String version, JsonNode fields) {
    private static final String BYTES = "bytesValue";
    private static final String NUMBER = "integerValue";
    private static final String TIME = "timestampValue";

    static Document of(JsonNode document) {
        String name = document.path("name").asText();
        return new Document(
                name.substring(name.lastIndexOf('/') + 1),
                document.path("updateTime").asText(),
                document.path("fields"));
    }

    boolean has(String name) {
        return fields.has(name);
    }

    Optional<Long> number(String name) {
        JsonNode value = fields.path(name).path(NUMBER);
        return value.isMissingNode() ? Optional.empty() : Optional.of(value.asLong());
    }

    Instant millis(String name) {
        return Instant.ofEpochMilli(number(name).orElse(0L));
    }

    byte[] bytes(String name) {
        JsonNode value = fields.path(name).path(BYTES);
        try {
            byte[] bytes = value.binaryValue();
            return bytes == null ? new byte[0] : bytes;
        } catch (IOException e) {
            throw CloudException.permanent("Firestore", "field " + name + " of document " + id + " is not bytes", e);
        }
    }

    /** Fields that are to be written. */
    static final class Fields {
        private final ObjectNode json = JsonNodeFactory.instance.objectNode();

        Fields bytes(String name, byte[] value) {
            json.putObject(name).put(BYTES, value);
            return this;
        }

        Fields number(String name, long value) {
            json.putObject(name).put(NUMBER, Long.toString(value));
            return this;
        }

        Fields millis(String name, Instant value) {
            return number(name, value.toEpochMilli());
        }

        Fields seconds(String name, long value) {
            json.putObject(name).put(TIME, Instant.ofEpochSecond(value).toString());
            return this;
        }

        ObjectNode json() {
            return json;
        }
    }
}
