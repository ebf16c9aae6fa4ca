// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.blueprint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.POJONode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.cumulane.azure.blueprint.BicepReader.Call;
import dev.cumulane.azure.blueprint.BicepReader.Declared;
import dev.cumulane.azure.blueprint.BicepReader.Symbol;
import dev.cumulane.azure.blueprint.BicepReader.Unknown;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Our judge of Bicep, where its compiler cannot be had: every symbol is declared, every type and version is on a list of published ones, parts belong to what they are parts of, names have the
 * form that their service wants, and nothing waits for itself. It makes of a file what the resource manager takes, as the compiler does.
 */
final class BicepCheck {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final Pattern PATH = Pattern.compile("([A-Za-z0-9_]+)(\\.(id|properties\\.([A-Za-z]+)))?");
    private static final List<String> MEANT_FOR_BICEP = List.of("parent", "scope", "dependsOn", "name");
    private static final String SCHEMA =
            "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#";

    /** For each type its published version and, behind a space, the form of names. */
    private static final Properties TYPES = types();

    private final BicepReader file;

    private BicepCheck(String text) {
        this.file = new BicepReader(text).read();
    }

    /**
     * Checks a file and compiles it.
     *
     * @param text its content
     * @return the template for the resource manager
     * @throws IllegalArgumentException if something is wrong in it
     */
    static ObjectNode compile(String text) {
        return new BicepCheck(text).compile();
    }

    private static Properties types() {
        Properties types = new Properties();
        try (InputStream in = BicepCheck.class.getResourceAsStream("types.properties")) {
            types.load(in);
            return types;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ObjectNode compile() {
        ObjectNode template = JSON.objectNode().put("$schema", SCHEMA).put("contentVersion", "1.0.0.0");
        template.set("metadata", file.metadata());
        ArrayNode resources = template.putArray("resources");
        Set<String> places = new TreeSet<>();
        file.resources().forEach((symbol, declared) -> {
            check(symbol, declared);
            require(places.add(path(symbol)), declared, symbol + " is called like another resource");
            requireNoCircle(symbol, symbol, new TreeSet<>());
            if (!declared.exists()) {
                resources.add(compiled(symbol, declared));
            }
        });
        ObjectNode outputs = template.putObject("outputs");
        file.outputs()
                .forEach((name, value) -> outputs.putObject(name)
                        .put("type", "string")
                        .set("value", value(value, new LinkedHashSet<>())));
        return template;
    }

    private void check(String symbol, Declared declared) {
        String[] published = TYPES.getProperty(declared.type(), "").split(" ", 2);
        require(published.length == 2, declared, declared.type() + " is no type that we know");
        require(
                published[0].equals(declared.version()),
                declared,
                declared.type() + " has no version " + declared.version());
        String name = declared.body().path("name").asText();
        require(declared.body().path("name").isTextual(), declared, symbol + " has no name");
        require(name.matches(published[1]), declared, "'" + name + "' is no name for " + declared.type());
        int above = declared.type().split("/").length - 2;
        require(names(symbol).size() == above + 1, declared, symbol + " is a part, and not said of what");
        if (declared.body().has("parent")) {
            String type = declared.type().substring(0, declared.type().lastIndexOf('/'));
            require(
                    named(declared.body().path("parent")).type().equals(type),
                    declared,
                    symbol + " is a part of something else");
        }
        boolean assigns = declared.type().equals("Microsoft.Authorization/roleAssignments");
        require(assigns || !declared.body().has("scope"), declared, symbol + " is about nothing, or about too much");
        List<String> known =
                List.of("parent", "scope", "dependsOn", "name", "location", "kind", "sku", "identity", "properties");
        declared.body()
                .fieldNames()
                .forEachRemaining(
                        each -> require(known.contains(each), declared, each + " is no property of resources"));
    }

    private ObjectNode compiled(String symbol, Declared declared) {
        Set<String> after = new LinkedHashSet<>();
        ObjectNode all = JSON.objectNode()
                .put("type", declared.type())
                .put("apiVersion", declared.version())
                .put("name", String.join("/", names(symbol)));
        ObjectNode body = declared.body();
        for (String link : List.of("parent", "scope")) {
            if (body.has(link)) {
                after.add(symbol(body.path(link)));
            }
        }
        if (body.has("scope")) {
            all.put("scope", path(symbol(body.path("scope"))));
        }
        body.properties().forEach(each -> {
            if (!MEANT_FOR_BICEP.contains(each.getKey())) {
                all.set(each.getKey(), value(each.getValue(), after));
            }
        });
        body.path("dependsOn").forEach(each -> after.add(symbol(each)));
        Set<String> waits = new LinkedHashSet<>();
        after.forEach(each -> made(each).forEach(other -> waits.add("[" + id(other) + "]")));
        if (!waits.isEmpty()) {
            waits.forEach(all.putArray("dependsOn")::add);
        }
        return all;
    }

    /** A resource that the file makes, in the place of one that it only names. */
    private List<String> made(String symbol) {
        Declared declared = declared(symbol);
        return !declared.exists()
                ? List.of(symbol)
                : declared.body().has("parent") ? made(symbol(declared.body().path("parent"))) : List.of();
    }

    private void requireNoCircle(String first, String symbol, Set<String> seen) {
        if (!seen.add(symbol)) {
            return;
        }
        Set<String> after = new LinkedHashSet<>();
        value(declared(symbol).body(), after);
        require(!after.contains(first), declared(symbol), first + " waits for itself");
        after.forEach(each -> requireNoCircle(first, each, seen));
    }

    private JsonNode value(JsonNode value, Set<String> named) {
        if (value instanceof POJONode unknown) {
            List<String> parts = ((Unknown) unknown.getPojo())
                    .parts().stream().map(part -> part(part, named)).toList();
            return TextNode.valueOf(
                    parts.size() == 1 ? "[" + parts.get(0) + "]" : "[concat(" + String.join(", ", parts) + ")]");
        }
        if (value.isObject()) {
            ObjectNode all = JSON.objectNode();
            value.properties().forEach(each -> {
                String name = each.getKey();
                String known = name.startsWith("\0") ? "[" + part(new Symbol(name.substring(1)), named) + "]" : name;
                all.set(known, value(each.getValue(), named));
            });
            return all;
        }
        if (value.isArray()) {
            ArrayNode all = JSON.arrayNode();
            value.forEach(each -> all.add(value(each, named)));
            return all;
        }
        return value.isTextual() && value.asText().startsWith("[") ? TextNode.valueOf("[" + value.asText()) : value;
    }

    private String part(Object part, Set<String> named) {
        if (part instanceof Call call) {
            return call.text();
        }
        if (!(part instanceof Symbol symbol)) {
            return "'" + part.toString().replace("'", "''") + "'";
        }
        Matcher path = PATH.matcher(symbol.path());
        if (!path.matches()) {
            throw new IllegalArgumentException("'" + symbol.path() + "' is nothing that a resource has");
        }
        Declared declared = declared(path.group(1));
        named.add(path.group(1));
        return path.group(4) == null
                ? id(path.group(1))
                : "reference(" + id(path.group(1)) + ", '" + declared.version() + "')." + path.group(4);
    }

    private Declared named(JsonNode value) {
        return declared(symbol(value));
    }

    private String symbol(JsonNode value) {
        if (value instanceof POJONode unknown
                && ((Unknown) unknown.getPojo()).parts().get(0) instanceof Symbol symbol) {
            declared(symbol.path());
            return symbol.path();
        }
        throw new IllegalArgumentException(value + " is no symbol");
    }

    private Declared declared(String symbol) {
        Declared declared = file.resources().get(symbol);
        if (declared == null) {
            throw new IllegalArgumentException("nothing is called " + symbol);
        }
        return declared;
    }

    private List<String> names(String symbol) {
        ObjectNode body = declared(symbol).body();
        List<String> names = new ArrayList<>();
        if (body.has("parent")) {
            names.addAll(names(symbol(body.path("parent"))));
        }
        names.add(body.path("name").asText());
        return names;
    }

    private String id(String symbol) {
        return names(symbol).stream()
                .map(name -> "'" + name + "'")
                .collect(Collectors.joining(
                        ", ", "resourceId('" + declared(symbol).type() + "', ", ")"));
    }

    private String path(String symbol) {
        List<String> types = Arrays.asList(declared(symbol).type().split("/"));
        StringBuilder path = new StringBuilder(types.get(0));
        List<String> names = names(symbol);
        for (int i = 0; i < names.size(); i++) {
            path.append('/').append(types.get(i + 1)).append('/').append(names.get(i));
        }
        return path.toString();
    }

    private static void require(boolean holds, Declared declared, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException("line " + declared.line() + ": " + otherwise);
        }
    }
}
