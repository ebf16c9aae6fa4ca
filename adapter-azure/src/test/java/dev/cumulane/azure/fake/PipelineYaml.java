// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.fake;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The YAML of a pipeline, with the template expressions that ours has: values of parameters, {@code if ne} and {@code each} in an object. Any other one is refused. */
final class PipelineYaml {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final Pattern EXPRESSION = Pattern.compile("\\$\\{\\{ *(.*?) *\\}\\}");
    private static final Pattern IF_NE = Pattern.compile("\\$\\{\\{ if ne\\(parameters\\.(\\w+), ''\\) \\}\\}");
    private static final Pattern EACH = Pattern.compile("\\$\\{\\{ each (\\w+) in parameters\\.(\\w+) \\}\\}");
    private static final Pattern MACRO = Pattern.compile("\\$\\(([A-Za-z_][A-Za-z0-9_.-]*)\\)");

    private PipelineYaml() {}

    /** A start that Azure Pipelines refuses. */
    static final class RefusedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message);
        }
    }

    /** The pipeline with the parameters of a start put in. */
    static ObjectNode expanded(String yaml, Map<String, String> given) {
        JsonNode pipeline;
        try {
            pipeline = YAML.readTree(yaml);
        } catch (JsonProcessingException e) {
            throw new RefusedException("no YAML: " + e.getOriginalMessage());
        }
        SortedMap<String, JsonNode> parameters = parameters(pipeline, given);
        ObjectNode expanded = (ObjectNode) expand(pipeline, parameters);
        expanded.remove("parameters");
        return expanded;
    }

    private static SortedMap<String, JsonNode> parameters(JsonNode pipeline, Map<String, String> given) {
        SortedMap<String, JsonNode> parameters = new TreeMap<>();
        for (JsonNode each : pipeline.path("parameters")) {
            String name = each.path("name").asText();
            String value = given.get(name);
            if (value == null && !each.has("default")) {
                throw new RefusedException("A value for the '" + name + "' parameter must be provided.");
            }
            parameters.put(name, value == null ? each.get("default") : typed(each, value));
        }
        given.keySet().forEach(name -> {
            if (!parameters.containsKey(name)) {
                throw new RefusedException("Unexpected parameter '" + name + "'");
            }
        });
        return parameters;
    }

    private static JsonNode typed(JsonNode parameter, String value) {
        String type = parameter.path("type").asText();
        try {
            JsonNode read = type.equals("string") ? JSON.valueToTree(value) : YAML.readTree(value);
            boolean right = switch (type) {
                case "number" -> read.isNumber();
                case "object" -> read.isObject() || read.isArray();
                default -> read.isTextual();
            };
            if (right) {
                return read;
            }
        } catch (JsonProcessingException e) {
            // Refused below.
        }
        throw new RefusedException(
                "The '" + parameter.path("name").asText() + "' parameter value '" + value + "' is not a valid " + type);
    }

    private static JsonNode expand(JsonNode node, SortedMap<String, JsonNode> scope) {
        if (node.isTextual()) {
            return JSON.valueToTree(text(node.asText(), scope));
        }
        if (node.isArray()) {
            ArrayNode expanded = JSON.createArrayNode();
            node.forEach(each -> element(each, scope, expanded));
            return expanded;
        }
        if (!node.isObject()) {
            return node;
        }
        ObjectNode expanded = JSON.createObjectNode();
        node.properties().forEach(each -> {
            Matcher loop = EACH.matcher(each.getKey());
            if (loop.matches()) {
                scope.get(loop.group(2)).properties().forEach(pair -> {
                    SortedMap<String, JsonNode> inner = new TreeMap<>(scope);
                    inner.put(
                            loop.group(1),
                            JSON.createObjectNode().put("key", pair.getKey()).set("value", pair.getValue()));
                    expanded.setAll((ObjectNode) expand(each.getValue(), inner));
                });
            } else {
                expanded.set(text(each.getKey(), scope), expand(each.getValue(), scope));
            }
        });
        return expanded;
    }

    /** An element that is a condition gives the elements below it, or none. */
    private static void element(JsonNode element, SortedMap<String, JsonNode> scope, ArrayNode expanded) {
        List<String> names = new ArrayList<>();
        element.fieldNames().forEachRemaining(names::add);
        Matcher condition = IF_NE.matcher(names.isEmpty() ? "" : names.get(0));
        if (!condition.matches()) {
            expanded.add(expand(element, scope));
        } else if (!scope.get(condition.group(1)).asText().isEmpty()) {
            expanded.addAll((ArrayNode) expand(element.path(names.get(0)), scope));
        }
    }

    private static String text(String text, SortedMap<String, JsonNode> scope) {
        return replaced(EXPRESSION, text, expression -> {
            String[] parts = expression.split("\\.", -1);
            JsonNode value = parts[0].equals("parameters")
                    ? scope.get(parts[1])
                    : scope.getOrDefault(parts[0], JSON.nullNode()).get(parts[1]);
            if (parts.length != 2 || value == null || value.isContainerNode()) {
                throw new RefusedException("Unrecognized value: '" + expression + "'");
            }
            return value.asText();
        });
    }

    /** A text as a step sees it: the values of variables put in, once; what is no variable stays as it is. */
    static String macros(String text, Map<String, String> variables) {
        return replaced(MACRO, text, name -> variables.getOrDefault(name, "$(" + name + ")"));
    }

    private static String replaced(Pattern pattern, String text, UnaryOperator<String> replacement) {
        return pattern.matcher(text).replaceAll(found -> Matcher.quoteReplacement(replacement.apply(found.group(1))));
    }
}
