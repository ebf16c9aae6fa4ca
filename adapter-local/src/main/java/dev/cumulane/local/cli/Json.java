// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.local.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.HistoryRecord;
import dev.cumulane.run.RunEvent;
import dev.cumulane.run.RunId;
import dev.cumulane.run.RunView;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Values of the public model as JSON, one object on a line. A record is an object with its components' names in their order; what is absent is left out; times and
 * durations are ISO 8601, digests and ids plain strings; a value of a sealed type names its kind in {@code type}.
 */
final class Json {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private Json() {}

    /** The value's JSON. */
    static ObjectNode object(Record value) {
        return fill(NODES.objectNode(), value);
    }

    /** One object per event: the run, the record's number and time, the event's kind, and what it says. */
    static List<String> lines(RunId run, HistoryRecord record) {
        return record.events().stream().map(event -> line(run, record, event)).toList();
    }

    /** The end of a run among the lines of its events. */
    static String summary(RunView run) {
        ObjectNode node = NODES.objectNode();
        node.put("run", run.id().value());
        node.put("event", "Summary");
        node.set("view", object(run));
        return node.toString();
    }

    private static String line(RunId run, HistoryRecord record, RunEvent event) {
        ObjectNode node = NODES.objectNode();
        node.put("run", run.value());
        node.put("sequence", record.sequence());
        node.put("at", record.at().toString());
        node.put("event", event.getClass().getSimpleName());
        return fill(node, (Record) event).toString();
    }

    private static ObjectNode fill(ObjectNode node, Record value) {
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            Object content = content(component, value);
            boolean isAbsent = content instanceof Optional<?> optional && optional.isEmpty()
                    || content instanceof SortedMap<?, ?> map && map.isEmpty()
                    || content.equals(RunView.Returned.NOTHING);
            if (!isAbsent) {
                node.set(component.getName(), node(content));
            }
        }
        return node;
    }

    private static JsonNode node(Object value) {
        if (value instanceof Optional<?> optional) {
            return node(optional.orElseThrow());
        } else if (value instanceof Digest digest) {
            return NODES.textNode(digest.hex());
        } else if (value instanceof RunId run) {
            return NODES.textNode(run.value());
        } else if (value instanceof List<?> list) {
            ArrayNode array = NODES.arrayNode();
            list.forEach(each -> array.add(node(each)));
            return array;
        } else if (value instanceof SortedMap<?, ?> map) {
            ObjectNode node = NODES.objectNode();
            map.forEach((name, each) -> node.set(name.toString(), node(each)));
            return node;
        } else if (value instanceof Record part) {
            ObjectNode node = NODES.objectNode();
            boolean choice = List.of(part.getClass().getInterfaces()).stream().anyMatch(Class::isSealed);
            return fill(choice ? node.put("type", part.getClass().getSimpleName()) : node, part);
        } else if (value instanceof Boolean flag) {
            return NODES.booleanNode(flag);
        } else if (value instanceof Number number) {
            return NODES.numberNode(number.longValue());
        } else if (value instanceof Enum<?> choice) {
            return NODES.textNode(choice.name());
        } else if (value instanceof String || value instanceof Instant || value instanceof Duration) {
            return NODES.textNode(value.toString());
        }
        throw new IllegalStateException("no JSON form for " + value.getClass().getName());
    }

    private static Object content(RecordComponent component, Record value) {
        try {
            return component.getAccessor().invoke(value);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("could not read " + component + " of a public record", e);
        }
    }
}
