// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.blueprint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.POJONode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the part of Bicep that the blueprint writes, strictly: whatever else stands there is refused with its line. What is known only when the template is carried out stands in what is read
 * as an {@link Unknown}.
 */
final class BicepReader {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern NUMBER = Pattern.compile("-?[0-9]+");
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final String text;
    private final Map<String, Declared> resources = new TreeMap<>();
    private final ObjectNode metadata = JSON.objectNode();
    private final Map<String, JsonNode> outputs = new TreeMap<>();
    private int at;

    /** A resource as it is declared. */
    record Declared(String type, String version, boolean exists, ObjectNode body, int line) {}

    /** Texts, and what becomes a text later: symbols with what follows them, calls. In the name of a property it stands behind a zero. */
    record Unknown(List<Object> parts) {}

    /** A symbol and what is wanted of it, such as {@code vault.id}. */
    record Symbol(String path) {}

    /** A call of a function. */
    record Call(String text) {}

    BicepReader(String text) {
        this.text = text;
    }

    Map<String, Declared> resources() {
        return resources;
    }

    ObjectNode metadata() {
        return metadata;
    }

    Map<String, JsonNode> outputs() {
        return outputs;
    }

    /** Reads it all. */
    BicepReader read() {
        blank();
        while (at < text.length()) {
            statement(word());
            if (at < text.length() && text.charAt(at) != '\n') {
                throw refused("a statement has something behind it");
            }
            blank();
        }
        return this;
    }

    private void statement(String keyword) {
        switch (keyword) {
            case "targetScope" -> {
                expect("=");
                if (!string().asText().equals("resourceGroup")) {
                    throw refused("the scope is not a resource group");
                }
            }
            case "metadata" -> {
                String name = word();
                expect("=");
                metadata.set(name, string());
            }
            case "resource" -> resource();
            case "output" -> {
                String name = word();
                expect("string");
                expect("=");
                outputs.put(name, value());
            }
            default -> throw refused("'" + keyword + "' begins no statement");
        }
    }

    private void resource() {
        int line = line();
        String symbol = word();
        Matcher type = Pattern.compile("([A-Za-z.]+(/[A-Za-z]+)+)@([0-9-]+)").matcher(string().asText());
        if (!type.matches()) {
            throw refused("the type of " + symbol + " has no form of one");
        }
        boolean exists = peek("existing");
        if (exists) {
            expect("existing");
        }
        expect("=");
        ObjectNode body = object();
        if (resources.put(symbol, new Declared(type.group(1), type.group(3), exists, body, line)) != null) {
            throw refused("two resources are called " + symbol);
        }
    }

    private JsonNode value() {
        space();
        if (at >= text.length()) {
            throw refused("a value is missing");
        }
        char c = text.charAt(at);
        if (c == '{') {
            return object();
        }
        if (c == '[') {
            return array();
        }
        if (c == '\'') {
            return string();
        }
        Matcher number = NUMBER.matcher(text).region(at, text.length());
        if (number.lookingAt()) {
            at = number.end();
            return IntNode.valueOf(Integer.parseInt(number.group()));
        }
        if (peek("true") || peek("false")) {
            return BooleanNode.valueOf(word().equals("true"));
        }
        return new POJONode(new Unknown(List.of(expression())));
    }

    private ObjectNode object() {
        expect("{");
        ObjectNode object = JSON.objectNode();
        blank();
        while (!peek("}")) {
            String name = peek("'") ? key(string()) : word();
            expect(":");
            if (object.has(name)) {
                throw refused("property " + name + " stands there twice");
            }
            object.set(name, value());
            end();
        }
        expect("}");
        return object;
    }

    private ArrayNode array() {
        expect("[");
        ArrayNode array = JSON.arrayNode();
        blank();
        while (!peek("]")) {
            array.add(value());
            end();
        }
        expect("]");
        return array;
    }

    private void end() {
        if (at >= text.length() || text.charAt(at) != '\n') {
            throw refused("a line ends too late or too early");
        }
        blank();
    }

    private String key(JsonNode string) {
        if (!(string instanceof POJONode unknown)) {
            return string.asText();
        }
        List<Object> parts = ((Unknown) unknown.getPojo()).parts();
        if (parts.size() == 1 && parts.get(0) instanceof Symbol symbol) {
            return '\0' + symbol.path();
        }
        throw refused("the name of a property is made of several parts");
    }

    /** A text, known or not. */
    private JsonNode string() {
        expect("'");
        List<Object> parts = new ArrayList<>();
        StringBuilder literal = new StringBuilder();
        while (at >= text.length() || text.charAt(at) != '\'') {
            if (at >= text.length() || text.charAt(at) == '\n') {
                throw refused("a text has no end");
            }
            if (text.charAt(at) == '\\') {
                literal.append(escaped());
            } else if (text.startsWith("${", at)) {
                flush(literal, parts);
                at += 2;
                parts.add(expression());
                expect("}");
            } else {
                literal.append(text.charAt(at));
                at++;
            }
        }
        at++;
        if (parts.isEmpty()) {
            return TextNode.valueOf(literal.toString());
        }
        flush(literal, parts);
        return new POJONode(new Unknown(parts));
    }

    private static void flush(StringBuilder literal, List<Object> parts) {
        if (literal.length() > 0) {
            parts.add(literal.toString());
            literal.setLength(0);
        }
    }

    private char escaped() {
        char next = at + 1 < text.length() ? text.charAt(at + 1) : '\n';
        at += 2;
        return switch (next) {
            case '\\', '\'', '$' -> next;
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> throw refused("\\" + next + " stands for nothing");
        };
    }

    /** A symbol with what follows it, or a call of one of the functions that the blueprint uses. */
    private Object expression() {
        StringBuilder path = new StringBuilder(word());
        if (peek("(")) {
            path.append(arguments());
            while (peek(".")) {
                expect(".");
                path.append('.').append(word());
            }
            if (!path.toString()
                    .matches(
                            "resourceGroup\\(\\)\\.(id|location)|tenant\\(\\)\\.tenantId|subscriptionResourceId\\('[^']+', '[^']+'\\)")) {
                throw refused("'" + path + "' is no function that we know");
            }
            return new Call(path.toString());
        }
        while (peek(".")) {
            expect(".");
            path.append('.').append(word());
        }
        return new Symbol(path.toString());
    }

    private String arguments() {
        expect("(");
        List<String> arguments = new ArrayList<>();
        while (!peek(")")) {
            arguments.add("'" + string().asText() + "'");
            if (!peek(")")) {
                expect(",");
            }
        }
        expect(")");
        return "(" + String.join(", ", arguments) + ")";
    }

    private String word() {
        space();
        Matcher word = NAME.matcher(text).region(at, text.length());
        if (!word.lookingAt()) {
            throw refused("a name is missing");
        }
        at = word.end();
        return word.group();
    }

    private boolean peek(String token) {
        space();
        return text.startsWith(token, at);
    }

    private void expect(String token) {
        if (!peek(token)) {
            throw refused("'" + token + "' is missing");
        }
        at += token.length();
    }

    private void space() {
        while (at < text.length() && text.charAt(at) == ' ') {
            at++;
        }
    }

    /** Ends of lines, and remarks. */
    private void blank() {
        space();
        while (at < text.length() && (text.charAt(at) == '\n' || text.startsWith("//", at))) {
            int end = text.indexOf('\n', at);
            at = end < 0 ? text.length() : end + 1;
            space();
        }
    }

    private int line() {
        return (int) text.substring(0, Math.min(at, text.length())).lines().count();
    }

    private IllegalArgumentException refused(String why) {
        return new IllegalArgumentException("line " + line() + ": " + why);
    }
}
