// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.fake;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/** The types of an OpenAPI file: what a value of one may be. A property that a type does not name is wrong, for a service would silently ignore it. */
final class OpenApiTypes {
    private final JsonNode file;

    OpenApiTypes(JsonNode file) {
        this.file = file;
    }

    /** What a reference stands for; anything else as it is. */
    JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? resolved(file.at(node.path("$ref").asText().substring(1))) : node;
    }

    /** Adds what is wrong with a value. */
    void check(JsonNode type, JsonNode value, String where, List<String> wrong) {
        if (value.isMissingNode()) {
            return;
        }
        JsonNode schema = resolved(type);
        if (schema.has("enum")) {
            choice(schema, value.asText(), where, wrong);
            return;
        }
        switch (schema.path("type").asText("object")) {
            case "array" -> array(schema, value, where, wrong);
            case "object" -> object(schema, value, where, wrong);
            case "boolean" -> is(value.isBoolean(), value, where, "a boolean", wrong);
            case "integer" -> is(value.isIntegralNumber() && fits(schema, value), value, where, "an integer", wrong);
            case "number" -> is(value.isNumber(), value, where, "a number", wrong);
            case "string" -> {
                is(value.isTextual(), value, where, "a text", wrong);
                format(schema, value.asText(), where, wrong);
            }
            default -> wrong.add(where + " has a type that is not known here");
        }
    }

    /** Adds what is wrong with a value that stands in a path or a query. */
    void text(JsonNode type, String value, String where, List<String> wrong) {
        if (type.has("enum")) {
            choice(type, value, where, wrong);
        }
        switch (type.path("type").asText()) {
            case "integer" -> {
                if (!value.matches("-?[0-9]{1,10}")) {
                    wrong.add(where + " is not an integer: " + value);
                }
            }
            case "boolean" -> {
                if (!value.matches("(?i)true|false")) {
                    wrong.add(where + " is not a boolean: " + value);
                }
            }
            default -> format(type, value, where, wrong);
        }
        if (value.isEmpty()) {
            wrong.add(where + " is empty");
        }
    }

    private static boolean fits(JsonNode schema, JsonNode value) {
        return !schema.path("format").asText().equals("int32") || value.canConvertToInt();
    }

    private static void is(boolean so, JsonNode value, String where, String what, List<String> wrong) {
        if (!so) {
            wrong.add(where + " is not " + what + ": " + value);
        }
    }

    private static void choice(JsonNode schema, String value, String where, List<String> wrong) {
        for (JsonNode each : schema.path("enum")) {
            if (each.asText().equalsIgnoreCase(value)) {
                return;
            }
        }
        wrong.add(where + " is none of " + schema.path("enum") + ": " + value);
    }

    private static void format(JsonNode schema, String value, String where, List<String> wrong) {
        try {
            switch (schema.path("format").asText()) {
                case "uuid" -> {
                    if (!UUID.fromString(value).toString().equalsIgnoreCase(value)) {
                        wrong.add(where + " is not a UUID: " + value);
                    }
                }
                case "date-time" -> OffsetDateTime.parse(value);
                default -> {
                    // Any text.
                }
            }
        } catch (IllegalArgumentException | DateTimeException e) {
            wrong.add(where + " is not a " + schema.path("format").asText() + ": " + value);
        }
    }

    private void array(JsonNode schema, JsonNode value, String where, List<String> wrong) {
        is(value.isArray(), value, where, "an array", wrong);
        if (value.isArray()) {
            int index = 0;
            for (JsonNode each : value) {
                check(schema.path("items"), each, where + "[" + index++ + "]", wrong);
            }
        }
    }

    private void object(JsonNode schema, JsonNode value, String where, List<String> wrong) {
        is(value.isObject(), value, where, "an object", wrong);
        SortedMap<String, JsonNode> known = properties(schema);
        Optional<JsonNode> others = Optional.ofNullable(schema.get("additionalProperties"));
        boolean open = known.isEmpty() && others.isEmpty();
        value.properties().forEach(each -> {
            String name = where + "." + each.getKey();
            if (known.containsKey(each.getKey())) {
                check(known.get(each.getKey()), each.getValue(), name, wrong);
            } else if (others.isPresent()) {
                check(others.get(), each.getValue(), name, wrong);
            } else if (!open) {
                wrong.add(name + " is not known");
            }
        });
    }

    /** With those of the types that it extends. */
    private SortedMap<String, JsonNode> properties(JsonNode schema) {
        SortedMap<String, JsonNode> all = new TreeMap<>();
        schema.path("allOf").forEach(each -> all.putAll(properties(resolved(each))));
        schema.path("properties").properties().forEach(each -> all.put(each.getKey(), each.getValue()));
        return all;
    }
}
