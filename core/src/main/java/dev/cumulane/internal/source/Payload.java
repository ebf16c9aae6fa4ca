// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.source;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cumulane.internal.json.RecordJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A place in a forge's JSON body. What is there is of the expected type or the body is malformed; a JSON null is the same as nothing. */
final class Payload {
    /** A body is not what its forge's documentation says. The message holds names of fields and no value. */
    static final class MalformedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        MalformedException(String message) {
            super(message);
        }
    }

    private final JsonNode node;
    private final String path;

    private Payload(JsonNode node, String path) {
        if (!node.isObject()) {
            throw new MalformedException((path.isEmpty() ? "the body" : path) + " is no object");
        }
        this.node = node;
        this.path = path;
    }

    /**
     * Reads a body.
     *
     * @throws dev.cumulane.internal.json.MalformedJsonException if it is not JSON as we accept it
     * @throws MalformedException if it is no object
     */
    static Payload of(byte[] body) {
        return new Payload(RecordJson.foreignTree(body, Webhooks.MOST_BYTES), "");
    }

    Payload at(String field) {
        return maybe(field).orElseThrow(() -> missing(field));
    }

    Optional<Payload> maybe(String field) {
        return there(field).map(found -> new Payload(found, path(field)));
    }

    String text(String field) {
        return maybeText(field).orElseThrow(() -> missing(field));
    }

    Optional<String> maybeText(String field) {
        return there(field).map(found -> textOf(found, path(field)));
    }

    /** A whole number that is above 0, as every forge's change requests are numbered. */
    long number(String field) {
        JsonNode found = there(field).orElseThrow(() -> missing(field));
        if (!found.isIntegralNumber() || !found.canConvertToLong() || found.longValue() <= 0) {
            throw new MalformedException(path(field) + " is no whole number above 0");
        }
        return found.longValue();
    }

    /** Whether a field is there and true. */
    boolean flag(String field) {
        Optional<JsonNode> found = there(field);
        if (found.isPresent() && !found.get().isBoolean()) {
            throw new MalformedException(path(field) + " is neither true nor false");
        }
        return found.isPresent() && found.get().booleanValue();
    }

    /** How many a field counts; empty if it is not there. */
    Optional<Long> count(String field) {
        return there(field).map(found -> {
            if (!found.isIntegralNumber() || !found.canConvertToLong()) {
                throw new MalformedException(path(field) + " is no whole number");
            }
            return found.longValue();
        });
    }

    /** The objects in a list; none if it is not there. */
    List<Payload> each(String field) {
        List<Payload> all = new ArrayList<>();
        for (JsonNode one : list(field)) {
            all.add(new Payload(one, path(field) + "[]"));
        }
        return all;
    }

    /** The texts in a list; none if it is not there. */
    List<String> texts(String field) {
        List<String> all = new ArrayList<>();
        for (JsonNode one : list(field)) {
            all.add(textOf(one, path(field) + "[]"));
        }
        return all;
    }

    private Iterable<JsonNode> list(String field) {
        Optional<JsonNode> found = there(field);
        if (found.isPresent() && !found.get().isArray()) {
            throw new MalformedException(path(field) + " is no list");
        }
        return found.isPresent() ? found.get() : List.of();
    }

    private Optional<JsonNode> there(String field) {
        JsonNode found = node.path(field);
        return found.isMissingNode() || found.isNull() ? Optional.empty() : Optional.of(found);
    }

    private static String textOf(JsonNode found, String path) {
        if (!found.isTextual()) {
            throw new MalformedException(path + " is no text");
        }
        return found.textValue();
    }

    private MalformedException missing(String field) {
        return new MalformedException(path(field) + " is missing");
    }

    private String path(String field) {
        return path.isEmpty() ? field : path + "." + field;
    }
}
