// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.fake;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** Requests and answers of the protocol {@code query}: forms such as {@code Tags.member.1.Key=a}, and XML. They become JSON, which the shapes are checked by. */
final class QueryBinding {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Shapes shapes;
    private final List<String> problems;

    QueryBinding(Shapes shapes, List<String> problems) {
        this.shapes = shapes;
        this.problems = problems;
    }

    /** A part of a form: the value at its name, or the parts behind its dots. */
    private static final class Part {
        private String value = "";
        private final SortedMap<String, Part> parts = new TreeMap<>();

        Part at(String path) {
            Part part = this;
            for (String name : path.split("\\.", -1)) {
                part = part.parts.computeIfAbsent(name, any -> new Part());
            }
            return part;
        }
    }

    /** The operation that a form names. */
    static String action(WireRequest request) {
        return form(request).getOrDefault("Action", "");
    }

    static SortedMap<String, String> form(WireRequest request) {
        return WireRequest.of("POST", "/?" + new String(request.body(), UTF_8), Map.of(), new byte[0])
                .query();
    }

    void request(String operation, String input, WireRequest request) {
        if (!request.method().equals("POST") || !request.path().equals("/")) {
            problems.add(operation + ": is a POST to /");
        }
        if (!request.header("content-type").orElse("").startsWith("application/x-www-form-urlencoded")) {
            problems.add("content-type: is no form");
        }
        Part form = new Part();
        form(request).forEach((name, value) -> form.at(name).value = value);
        form.parts.remove("Action");
        form.parts.remove("Version");
        shapes.check(operation, input, json(form, input), problems);
    }

    private JsonNode json(Part part, String name) {
        JsonNode shape = shapes.shape(name);
        return switch (shape.path("type").asText()) {
            case "structure" -> {
                ObjectNode object = JSON.objectNode();
                part.parts.forEach((member, inner) -> {
                    JsonNode of = shape.path("members").path(member);
                    object.set(
                            member,
                            of.isMissingNode()
                                    ? JSON.textNode("")
                                    : json(inner, of.path("shape").asText()));
                });
                yield object;
            }
            case "list" -> {
                Part members = part.parts.getOrDefault("member", new Part());
                ArrayNode array = JSON.arrayNode();
                for (int i = 1; members.parts.containsKey(String.valueOf(i)); i++) {
                    array.add(json(
                            members.parts.get(String.valueOf(i)),
                            shape.path("member").path("shape").asText()));
                }
                boolean isCounted = array.size() == members.parts.size()
                        && List.of("member").containsAll(part.parts.keySet());
                yield isCounted ? array : JSON.textNode("members are not counted from 1");
            }
            default -> scalar(shape.path("type").asText(), part.value);
        };
    }

    private static JsonNode scalar(String type, String text) {
        return switch (type) {
            case "integer", "long" ->
                text.matches("-?[0-9]{1,18}") ? JSON.numberNode(Long.parseLong(text)) : JSON.textNode(text);
            case "boolean" -> text.matches("true|false") ? JSON.booleanNode(text.equals("true")) : JSON.textNode(text);
            // Of answers: ISO 8601, where the JSON protocols write seconds.
            case "timestamp" ->
                text.matches("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z") ? JSON.numberNode(0) : JSON.textNode(text);
            default -> JSON.textNode(text);
        };
    }

    void answer(String operation, JsonNode output, WireAnswer answer) {
        Element root = root(answer.body());
        if (!root.getTagName().equals(operation + "Response")) {
            problems.add(operation + ": answers " + root.getTagName());
        }
        if (!output.has("shape")) {
            return;
        }
        String wrapper = output.path("resultWrapper").asText();
        Element result = child(root, wrapper);
        if (result == null) {
            problems.add(operation + ": has no " + wrapper);
            return;
        }
        shapes.check(
                operation,
                output.path("shape").asText(),
                json(result, output.path("shape").asText()),
                problems);
    }

    private JsonNode json(Element element, String name) {
        JsonNode shape = shapes.shape(name);
        return switch (shape.path("type").asText()) {
            case "structure" -> {
                ObjectNode object = JSON.objectNode();
                for (Element each : children(element)) {
                    JsonNode of = shape.path("members").path(each.getTagName());
                    object.set(
                            each.getTagName(),
                            of.isMissingNode()
                                    ? JSON.textNode("")
                                    : json(each, of.path("shape").asText()));
                }
                yield object;
            }
            case "list" -> {
                ArrayNode array = JSON.arrayNode();
                for (Element each : children(element)) {
                    array.add(
                            each.getTagName().equals("member")
                                    ? json(
                                            each,
                                            shape.path("member").path("shape").asText())
                                    : JSON.nullNode());
                }
                yield array;
            }
            default -> scalar(shape.path("type").asText(), element.getTextContent());
        };
    }

    /** The code of an error. */
    static String error(WireAnswer answer, List<String> problems) {
        Element error = child(root(answer.body()), "Error");
        Element code = error == null ? null : child(error, "Code");
        if (code == null) {
            problems.add("the answer is no error of the query protocol");
            return "";
        }
        return code.getTextContent();
    }

    private static Element root(byte[] xml) {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            return factory.newDocumentBuilder()
                    .parse(new ByteArrayInputStream(xml))
                    .getDocumentElement();
        } catch (Exception e) {
            throw new IllegalArgumentException("the answer is no XML", e);
        }
    }

    private static Element child(Element element, String name) {
        return children(element).stream()
                .filter(each -> each.getTagName().equals(name))
                .findFirst()
                .orElse(null);
    }

    private static List<Element> children(Element element) {
        List<Element> children = new java.util.ArrayList<>();
        for (Node node = element.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element each) {
                children.add(each);
            }
        }
        return children;
    }
}
