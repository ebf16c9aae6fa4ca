// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.blueprint;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Writes a template in Bicep, for people and for their reviews. */
final class BicepText {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private final StringBuilder text = new StringBuilder();

    private BicepText() {}

    static String of(Template template) {
        BicepText bicep = new BicepText();
        bicep.text.append("// An installation of Cumulane; written by its blueprint, not to be changed by hand.\n");
        bicep.text.append("targetScope = 'resourceGroup'\n");
        template.metadata()
                .forEach((name, value) -> bicep.text
                        .append("\nmetadata ")
                        .append(name)
                        .append(" = ")
                        .append(quoted(value)));
        bicep.text.append('\n');
        template.resources().values().forEach(bicep::resource);
        template.outputs().forEach((name, value) -> {
            bicep.text.append("\noutput ").append(name).append(" string = ");
            bicep.value(value, 0);
            bicep.text.append('\n');
        });
        return bicep.text.toString();
    }

    private void resource(Resource resource) {
        text.append("\nresource ")
                .append(resource.symbol())
                .append(" '")
                .append(resource.kind().type())
                .append('@')
                .append(resource.kind().version())
                .append("' ")
                .append(resource.exists() ? "existing " : "")
                .append("= {\n");
        resource.parent().ifPresent(parent -> line(1, "parent: " + parent.symbol()));
        resource.scope().ifPresent(scope -> line(1, "scope: " + scope.symbol()));
        line(1, "name: " + quoted(resource.name()));
        properties(resource.body(), 1);
        if (!resource.after().isEmpty()) {
            line(1, "dependsOn: [");
            resource.after().forEach(each -> line(2, each.symbol()));
            line(1, "]");
        }
        text.append("}\n");
    }

    private void properties(Map<String, ?> map, int depth) {
        map.forEach((name, value) -> {
            indent(depth)
                    .append(PLAIN.matcher(name).matches() ? name : quoted(name))
                    .append(": ");
            value(value, depth);
            text.append('\n');
        });
    }

    private void value(Object value, int depth) {
        if (value instanceof Map<?, ?> map) {
            @SuppressWarnings("unchecked")
            Map<String, ?> properties = (Map<String, ?>) map;
            text.append("{\n");
            properties(properties, depth + 1);
            indent(depth).append('}');
        } else if (value instanceof List<?> list) {
            text.append("[\n");
            for (Object each : list) {
                indent(depth + 1);
                value(each, depth + 1);
                text.append('\n');
            }
            indent(depth).append(']');
        } else if (value instanceof Expression.Identities identities) {
            text.append("{\n");
            line(depth + 1, "'${" + identities.of().symbol() + ".id}': {}");
            indent(depth).append('}');
        } else if (value instanceof Expression expression) {
            text.append(expression(expression));
        } else if (value instanceof String string) {
            text.append(quoted(string));
        } else {
            text.append(value);
        }
    }

    private static String expression(Expression expression) {
        if (expression instanceof Expression.Id id) {
            return id.of().symbol() + ".id";
        }
        if (expression instanceof Expression.Property property) {
            return property.of().symbol() + ".properties." + property.name();
        }
        if (expression instanceof Expression.Joined joined) {
            StringBuilder all = new StringBuilder("'");
            joined.parts()
                    .forEach(part -> all.append(
                            part instanceof Expression inner
                                    ? "${" + expression(inner) + "}"
                                    : escaped(part.toString())));
            return all.append('\'').toString();
        }
        return ((Expression.Call) expression).text();
    }

    private static String quoted(String value) {
        return "'" + escaped(value) + "'";
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\")
                .replace("'", "\\'")
                .replace("\n", "\\n")
                .replace("\r", "\\r")
                .replace("\t", "\\t")
                .replace("${", "\\${");
    }

    private void line(int depth, String line) {
        indent(depth).append(line).append('\n');
    }

    private StringBuilder indent(int depth) {
        return text.append("  ".repeat(depth));
    }
}
