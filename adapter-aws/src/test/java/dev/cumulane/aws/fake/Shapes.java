// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.fake;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The shapes of a service model, and what a JSON value of each may be. */
final class Shapes {
    private final JsonNode all;

    Shapes(JsonNode all) {
        this.all = all;
    }

    JsonNode shape(String name) {
        JsonNode shape = all.path(name);
        if (shape.isMissingNode()) {
            throw new IllegalArgumentException("the model has no shape '" + name + "'");
        }
        return shape;
    }

    boolean hasStatusMember(String name) {
        for (JsonNode member : all.path(name).path("members")) {
            if (member.path("location").asText().equals("statusCode")) {
                return true;
            }
        }
        return false;
    }

    /** Adds what is wrong with a value of a shape. */
    void check(String where, String name, JsonNode value, List<String> problems) {
        JsonNode shape = shape(name);
        switch (shape.path("type").asText()) {
            case "structure" -> structure(where, shape, value, List.of(), problems);
            case "list" -> list(where, shape, value, problems);
            case "map" -> map(where, shape, value, problems);
            case "string" -> string(where, shape, value, problems);
            case "boolean" -> require(value.isBoolean(), where, "is no boolean", problems);
            case "integer", "long" -> {
                require(value.isIntegralNumber(), where, "is no whole number", problems);
                range(where, shape, value.asDouble(), "is", problems);
            }
            case "double", "float" -> {
                require(value.isNumber(), where, "is no number", problems);
                range(where, shape, value.asDouble(), "is", problems);
            }
            // Both protocols write seconds since 1970; moto writes text, which the Java client cannot read.
            case "timestamp" -> require(value.isNumber(), where, "is no timestamp in seconds", problems);
            case "blob" -> require(value.isTextual(), where, "is no base64", problems);
            default -> throw new IllegalArgumentException("the model has a shape of type " + shape.path("type"));
        }
    }

    /** Adds what is wrong with the members of a structure that stand in a body; those elsewhere have been seen. */
    void structure(String where, JsonNode shape, JsonNode value, List<String> elsewhere, List<String> problems) {
        if (!value.isObject()) {
            problems.add(where + ": is no object");
            return;
        }
        JsonNode members = shape.path("members");
        for (JsonNode required : shape.path("required")) {
            String member = required.asText();
            if (!elsewhere.contains(member) && !value.has(wireName(members, member))) {
                problems.add(where + "." + member + ": is missing");
            }
        }
        Collection<Map.Entry<String, JsonNode>> known = members.properties();
        value.properties().forEach(field -> {
            String path = where + "." + field.getKey();
            known.stream()
                    .filter(member -> !elsewhere.contains(member.getKey()))
                    .filter(member -> wireName(members, member.getKey()).equals(field.getKey()))
                    .findFirst()
                    .ifPresentOrElse(
                            member ->
                                    check(path, member.getValue().path("shape").asText(), field.getValue(), problems),
                            () -> problems.add(path + ": is unknown"));
        });
    }

    private static String wireName(JsonNode members, String member) {
        return members.path(member).path("locationName").asText(member);
    }

    private void list(String where, JsonNode shape, JsonNode value, List<String> problems) {
        if (!value.isArray()) {
            problems.add(where + ": is no list");
            return;
        }
        range(where, shape, value.size(), "has a size of", problems);
        for (int i = 0; i < value.size(); i++) {
            check(where + "[" + i + "]", shape.path("member").path("shape").asText(), value.get(i), problems);
        }
    }

    private void map(String where, JsonNode shape, JsonNode value, List<String> problems) {
        if (!value.isObject()) {
            problems.add(where + ": is no map");
            return;
        }
        range(where, shape, value.size(), "has a size of", problems);
        value.properties()
                .forEach(entry -> check(
                        where + "." + entry.getKey(),
                        shape.path("value").path("shape").asText(),
                        entry.getValue(),
                        problems));
    }

    private static void string(String where, JsonNode shape, JsonNode value, List<String> problems) {
        if (!value.isTextual()) {
            problems.add(where + ": is no text");
            return;
        }
        String text = value.asText();
        range(where, shape, text.length(), "has a length of", problems);
        if (shape.has("enum") && !values(shape.path("enum")).contains(text)) {
            problems.add(where + ": is '" + text + "' and none of " + values(shape.path("enum")));
        }
        String pattern = shape.path("pattern").asText("");
        if (!pattern.isEmpty()
                && !Pattern.compile(pattern, Pattern.DOTALL).matcher(text).matches()) {
            problems.add(where + ": '" + text + "' does not match " + pattern);
        }
    }

    private static List<String> values(JsonNode array) {
        List<String> values = new ArrayList<>();
        array.forEach(each -> values.add(each.asText()));
        return values;
    }

    private static void range(String where, JsonNode shape, double size, String is, List<String> problems) {
        if (shape.has("min") && size < shape.path("min").asDouble()
                || shape.has("max") && size > shape.path("max").asDouble()) {
            problems.add(where + ": " + is + " " + (long) size + ", not "
                    + shape.path("min").asText("") + " to " + shape.path("max").asText(""));
        }
    }

    List<String> unreadablePatterns() {
        List<String> unreadable = new ArrayList<>();
        all.properties().forEach(shape -> {
            try {
                Pattern.compile(shape.getValue().path("pattern").asText(""));
            } catch (java.util.regex.PatternSyntaxException e) {
                unreadable.add(shape.getKey());
            }
        });
        return unreadable;
    }

    private static void require(boolean holds, String where, String otherwise, List<String> problems) {
        if (!holds) {
            problems.add(where + ": " + otherwise);
        }
    }
}
