// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.standards;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cumulane.internal.trace.Trace;
import dev.cumulane.run.Commit;
import dev.cumulane.run.HistoryRecord;
import dev.cumulane.run.RunId;
import java.util.UUID;

/** Puts drafts into their envelopes: CDEvents' context, and CloudEvents around it. */
final class EventWriter {
    private static final String SPECIFICATION = "0.5.1";

    private final Story story;
    private final Origin origin;

    EventWriter(Story story, Origin origin) {
        this.story = story;
        this.origin = origin;
    }

    Origin origin() {
        return origin;
    }

    /** The id of a run's first event. */
    static String first(RunId run) {
        return run + "/1/0";
    }

    /** The event of a draft, which is the record's so-manieth. */
    CloudEvent write(Draft draft, HistoryRecord record, int index) {
        String id = story.run() + "/" + record.sequence() + "/" + index;
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        event.put("specversion", "1.0");
        event.put("id", id);
        event.put("source", origin.source().toString());
        event.put("type", draft.type());
        event.put("subject", draft.subject());
        event.put("time", record.at().toString());
        event.put("datacontenttype", "application/json");
        event.put("traceparent", Trace.parent(story.run()));
        ObjectNode data = event.putObject("data");
        ObjectNode context = data.putObject("context");
        context.put("specversion", SPECIFICATION);
        context.put("id", id);
        context.put("source", origin.source().toString());
        context.put("type", draft.type());
        context.put("timestamp", record.at().toString());
        context.put("chainId", chain());
        links(draft, id, context);
        ObjectNode subject = data.putObject("subject");
        subject.put("id", draft.subject());
        subject.put("source", origin.source().toString());
        subject.set("content", draft.content());
        if (!draft.custom().isEmpty()) {
            data.set("customData", draft.custom());
            data.put("customDataContentType", "application/json");
        }
        return new CloudEvent(id, draft.type(), event.toString().getBytes(UTF_8));
    }

    private void links(Draft draft, String id, ObjectNode context) {
        ArrayNode links = JsonNodeFactory.instance.arrayNode();
        if (!id.equals(first(story.run()))) {
            ObjectNode link = links.addObject();
            link.put("linkType", draft.isLast() ? "END" : "PATH");
            link.putObject("from").put("contextId", first(story.run()));
        }
        draft.relation().ifPresent(relation -> {
            ObjectNode link = links.addObject();
            link.put("linkType", "RELATION");
            link.put("linkKind", relation.getKey());
            link.putObject("target").put("contextId", relation.getValue());
        });
        if (!links.isEmpty()) {
            context.set("links", links);
        }
    }

    /** One chain for all that a commit led to: its runs, the runs of other pipelines in them, and their repetitions. */
    private String chain() {
        Commit commit = story.started().source().commit();
        return UUID.nameUUIDFromBytes((commit.repository() + "\n" + commit.id()).getBytes(UTF_8))
                .toString();
    }
}
