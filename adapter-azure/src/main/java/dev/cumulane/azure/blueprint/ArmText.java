// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.blueprint;

import static dev.cumulane.azure.blueprint.Template.map;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes a template in the JSON that the resource manager takes: what the compiler of Bicep makes of the {@linkplain BicepText other form}. */
final class ArmText {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SCHEMA =
            "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#";

    private ArmText() {}

    static ObjectNode of(Template template) {
        Map<String, Object> all = map("$schema", SCHEMA, "contentVersion", "1.0.0.0");
        all.put("metadata", template.metadata());
        all.put(
                "resources",
                template.resources().values().stream()
                        .filter(resource -> !resource.exists())
                        .map(ArmText::resource)
                        .toList());
        Map<String, Object> outputs = new LinkedHashMap<>();
        template.outputs().forEach((name, value) -> outputs.put(name, map("type", "string", "value", value(value))));
        all.put("outputs", outputs);
        return JSON.valueToTree(all);
    }

    private static Map<String, Object> resource(Resource resource) {
        Map<String, Object> all = map(
                "type",
                resource.kind().type(),
                "apiVersion",
                resource.kind().version(),
                "name",
                literal(String.join("/", resource.names())));
        resource.scope().ifPresent(scope -> all.put("scope", scope.path()));
        resource.body().forEach((name, value) -> all.put(name, value(value)));
        Set<String> after = new LinkedHashSet<>();
        dependencies(resource).forEach(other -> after.add("[" + id(other) + "]"));
        if (!after.isEmpty()) {
            all.put("dependsOn", List.copyOf(after));
        }
        return all;
    }

    /** What must be made before. A resource that somebody else makes is not waited for, but what it is a part of. */
    private static List<Resource> dependencies(Resource resource) {
        List<Resource> all = new ArrayList<>();
        resource.parent().ifPresent(all::add);
        resource.scope().ifPresent(all::add);
        named(resource.body(), all);
        all.addAll(resource.after());
        return all.stream()
                .flatMap(each -> each.exists() ? each.parent().stream() : Stream.of(each))
                .distinct()
                .toList();
    }

    private static void named(Object value, List<Resource> into) {
        if (value instanceof Map<?, ?> map) {
            map.values().forEach(each -> named(each, into));
        } else if (value instanceof List<?> list) {
            list.forEach(each -> named(each, into));
        } else {
            into.addAll(Expression.of(value));
        }
    }

    private static Object value(Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> all = new LinkedHashMap<>();
            map.forEach((name, each) -> all.put(name, value(each)));
            return all;
        }
        if (value instanceof List<?> list) {
            return list.stream().map(ArmText::value).toList();
        }
        if (value instanceof Expression.Identities identities) {
            return map("[" + id(identities.of()) + "]", map());
        }
        if (value instanceof Expression expression) {
            return "[" + expression(expression) + "]";
        }
        return value instanceof String text ? literal(text) : value;
    }

    private static String expression(Expression expression) {
        if (expression instanceof Expression.Id id) {
            return id(id.of());
        }
        if (expression instanceof Expression.Property property) {
            return "reference(" + id(property.of()) + ", '"
                    + property.of().kind().version() + "')." + property.name();
        }
        if (expression instanceof Expression.Joined joined) {
            return joined.parts().stream()
                    .map(part -> part instanceof Expression inner ? expression(inner) : quoted(part.toString()))
                    .collect(Collectors.joining(", ", "concat(", ")"));
        }
        return ((Expression.Call) expression).text();
    }

    private static String id(Resource resource) {
        return resource.names().stream()
                .map(ArmText::quoted)
                .collect(Collectors.joining(
                        ", ", "resourceId('" + resource.kind().type() + "', ", ")"));
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    /** A text that begins with a bracket would be an expression. */
    private static String literal(String text) {
        return text.startsWith("[") ? "[" + text : text;
    }
}
