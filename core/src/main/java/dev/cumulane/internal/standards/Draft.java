// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.standards;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What one event says, before it has an envelope. */
final class Draft {
    private final String type;
    private final String subject;
    private final ObjectNode content = JsonNodeFactory.instance.objectNode();
    private final ObjectNode custom = JsonNodeFactory.instance.objectNode();
    private Optional<Map.Entry<String, String>> relation = Optional.empty();
    private boolean last;

    /** The versions of the types, by their subjects; those of CDEvents 0.5.1. */
    private static final Map<String, String> VERSIONS = Map.of(
            "pipelinerun", "0.3.0",
            "taskrun", "0.3.0",
            "testsuiterun", "0.3.0",
            "artifact", "0.3.0",
            "service", "0.3.0",
            "environment", "0.3.0");

    private Draft(String type, String subject) {
        this.type = type;
        this.subject = subject;
    }

    /** An event of a type that CDEvents defines. */
    static Draft standard(String subject, String predicate, String id) {
        return new Draft("dev.cdevents." + subject + "." + predicate + "." + VERSIONS.get(subject), id);
    }

    /** An event of a custom type of ours. */
    static Draft own(String subject, String predicate, String id) {
        return new Draft("dev.cdeventsx.cumulane-" + subject + "." + predicate + ".0.1.0", id);
    }

    /** Says something in the content; numbers and truth values stay what they are. */
    Draft put(String name, Object value) {
        set(content, name, value);
        return this;
    }

    Draft list(String name, List<String> values) {
        values.forEach(content.putArray(name)::add);
        return this;
    }

    /** Refers to something else by its id. */
    Draft reference(String name, String id) {
        content.putObject(name).put("id", id);
        return this;
    }

    /** Refers to something else by its URI. */
    Draft uri(String name, String uri) {
        content.putObject(name).put("uri", uri);
        return this;
    }

    /** Says something that the type has no place for. */
    Draft custom(String name, Object value) {
        set(custom, name, value);
        return this;
    }

    /** Links to an event of another run. */
    Draft relation(String kind, String event) {
        relation = Optional.of(Map.entry(kind, event));
        return this;
    }

    /** Nothing of the run follows. */
    Draft last() {
        last = true;
        return this;
    }

    String type() {
        return type;
    }

    String subject() {
        return subject;
    }

    ObjectNode content() {
        return content;
    }

    ObjectNode custom() {
        return custom;
    }

    Optional<Map.Entry<String, String>> relation() {
        return relation;
    }

    boolean isLast() {
        return last;
    }

    private static void set(ObjectNode object, String name, Object value) {
        if (value instanceof Integer number) {
            object.put(name, number);
        } else if (value instanceof Long number) {
            object.put(name, number);
        } else if (value instanceof Boolean truth) {
            object.put(name, truth);
        } else if (!value.toString().isEmpty()) {
            object.put(name, value.toString());
        }
    }
}
