// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.order;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** An object in a JSON document from outside, whose fields are asked for by name and type. Unknown fields are ignored: newer code may have written them. */
final class OrderJson {
    private static final int MOST_STRING = 64 * 1024;

    private static final ObjectMapper MAPPER = new ObjectMapper(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(16)
                            .maxStringLength(MOST_STRING)
                            .maxNameLength(200)
                            .maxNumberLength(20)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final String what;
    private final JsonNode node;

    private OrderJson(String what, JsonNode node) throws RefusedInputException {
        this.what = what;
        this.node = node;
        if (!node.isObject()) {
            throw new RefusedInputException(what + " is not a JSON object");
        }
    }

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /** The document in UTF-8, its fields in the order in which they were put. */
    static byte[] bytes(ObjectNode node) {
        try {
            return MAPPER.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of JSON values cannot be written", e);
        }
    }

    /** Reads a document of format 1. */
    static OrderJson parse(String what, byte[] bytes, int mostBytes) throws RefusedInputException {
        if (bytes.length > mostBytes) {
            throw new RefusedInputException(
                    what + " has " + bytes.length + " bytes; at most " + mostBytes + " are read");
        }
        try {
            OrderJson json = new OrderJson(what, MAPPER.readTree(bytes));
            long format = json.number("format");
            if (format != 1) {
                throw new RefusedInputException(what + " has format " + format + "; this version reads format 1");
            }
            return json;
        } catch (RefusedInputException e) {
            throw e;
        } catch (JsonProcessingException e) {
            throw new RefusedInputException(what + " is not JSON: " + ShellText.shown(e.getOriginalMessage()), e);
        } catch (IOException e) {
            throw new RefusedInputException(
                    what + " is not JSON: " + ShellText.shown(String.valueOf(e.getMessage())), e);
        }
    }

    boolean has(String field) {
        return node.hasNonNull(field);
    }

    String text(String field) throws RefusedInputException {
        JsonNode value = node.path(field);
        if (!value.isTextual()) {
            throw new RefusedInputException(what + " has no text in '" + field + "'");
        }
        return value.textValue();
    }

    long number(String field) throws RefusedInputException {
        JsonNode value = node.path(field);
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw new RefusedInputException(what + " has no whole number in '" + field + "'");
        }
        return value.longValue();
    }

    int smallNumber(String field) throws RefusedInputException {
        long value = number(field);
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw new RefusedInputException(
                    what + " has " + value + " in '" + field + "', not a number from 0 to " + Integer.MAX_VALUE);
        }
        return (int) value;
    }

    OrderJson object(String field) throws RefusedInputException {
        return new OrderJson("'" + field + "' in " + what, node.path(field));
    }

    Optional<OrderJson> optionalObject(String field) throws RefusedInputException {
        return has(field) ? Optional.of(object(field)) : Optional.empty();
    }

    List<OrderJson> objects(String field, int most) throws RefusedInputException {
        List<OrderJson> objects = new ArrayList<>();
        for (JsonNode one : array(field, most)) {
            objects.add(new OrderJson("an item of '" + field + "' in " + what, one));
        }
        return objects;
    }

    List<String> texts(String field, int most) throws RefusedInputException {
        List<String> texts = new ArrayList<>();
        for (JsonNode one : array(field, most)) {
            if (!one.isTextual()) {
                throw new RefusedInputException(what + " has something else than text in the list '" + field + "'");
            }
            texts.add(one.textValue());
        }
        return texts;
    }

    SortedMap<String, String> textMap(String field, int most) throws RefusedInputException {
        OrderJson map = object(field);
        if (map.node.size() > most) {
            throw new RefusedInputException(what + " has more than " + most + " fields in '" + field + "'");
        }
        SortedMap<String, String> texts = new TreeMap<>();
        for (Map.Entry<String, JsonNode> one : map.node.properties()) {
            texts.put(one.getKey(), map.text(one.getKey()));
        }
        return texts;
    }

    /** The text as the value that it stands for; a reader's {@link IllegalArgumentException} becomes a refusal. */
    <T> T value(String field, Function<String, T> reader) throws RefusedInputException {
        String text = text(field);
        return checked(() -> reader.apply(text));
    }

    /** The value that the maker makes; its {@link IllegalArgumentException} becomes a refusal. */
    <T> T checked(Maker<T> maker) throws RefusedInputException {
        try {
            return maker.make();
        } catch (IllegalArgumentException e) {
            throw new RefusedInputException(what + ": " + ShellText.shown(String.valueOf(e.getMessage())), e);
        }
    }

    interface Maker<T> {
        T make() throws RefusedInputException;
    }

    private JsonNode array(String field, int most) throws RefusedInputException {
        JsonNode value = node.path(field);
        if (!value.isArray()) {
            throw new RefusedInputException(what + " has no list in '" + field + "'");
        }
        if (value.size() > most) {
            throw new RefusedInputException(what + " has more than " + most + " items in '" + field + "'");
        }
        return value;
    }
}
