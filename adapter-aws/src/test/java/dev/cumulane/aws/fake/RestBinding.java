// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.fake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Where the members of a structure stand in a request or an answer of the protocol {@code rest-json}: path, query, headers, body. */
final class RestBinding {
    private final Shapes shapes;
    private final List<String> problems;

    RestBinding(Shapes shapes, List<String> problems) {
        this.shapes = shapes;
        this.problems = problems;
    }

    void request(String input, WireRequest request, Map<String, String> variables) {
        TreeSet<String> queries = new TreeSet<>(request.query().keySet());
        JsonNode shape = shapes.shape(input);
        List<String> elsewhere = new ArrayList<>();
        shape.path("members").properties().forEach(member -> {
            String name = member.getValue().path("locationName").asText(member.getKey());
            Optional<String> value = switch (member.getValue().path("location").asText()) {
                case "uri" -> Optional.ofNullable(variables.get(name));
                case "querystring" -> {
                    queries.remove(name);
                    yield Optional.ofNullable(request.query().get(name));
                }
                case "header" -> request.header(name);
                default -> Optional.empty();
            };
            if (member.getValue().has("location")) {
                elsewhere.add(member.getKey());
                outside(shape, member.getKey(), member.getValue(), value);
            }
        });
        queries.forEach(name -> problems.add("query." + name + ": is unknown"));
        body(input, shape, request.body(), elsewhere);
    }

    void answer(String output, WireAnswer answer) {
        JsonNode shape = shapes.shape(output);
        List<String> elsewhere = new ArrayList<>();
        shape.path("members").properties().forEach(member -> {
            if (member.getValue().has("location")) {
                elsewhere.add(member.getKey());
            }
        });
        body(output, shape, answer.body(), elsewhere);
    }

    private void outside(JsonNode shape, String member, JsonNode model, Optional<String> value) {
        boolean required = false;
        for (JsonNode each : shape.path("required")) {
            required |= each.asText().equals(member);
        }
        if (value.isEmpty()) {
            if (required) {
                problems.add(member + ": is missing");
            }
            return;
        }
        String type = shapes.shape(model.path("shape").asText()).path("type").asText();
        shapes.check(member, model.path("shape").asText(), typed(type, value.get()), problems);
    }

    private static JsonNode typed(String type, String text) {
        JsonNodeFactory json = JsonNodeFactory.instance;
        return switch (type) {
            case "integer", "long" ->
                text.matches("-?[0-9]{1,18}") ? json.numberNode(Long.parseLong(text)) : json.textNode(text);
            case "boolean" -> text.matches("true|false") ? json.booleanNode(text.equals("true")) : json.textNode(text);
            default -> json.textNode(text);
        };
    }

    private void body(String name, JsonNode shape, byte[] body, List<String> elsewhere) {
        String payload = shape.path("payload").asText("");
        if (payload.isEmpty()) {
            shapes.structure(name, shape, ServiceModel.parsed(body, problems), elsewhere, problems);
            return;
        }
        String inner = shape.path("members").path(payload).path("shape").asText();
        if (!shapes.shape(inner).path("type").asText().equals("blob")) {
            shapes.check(name + "." + payload, inner, ServiceModel.parsed(body, problems), problems);
        }
    }
}
