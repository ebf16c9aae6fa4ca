// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.work;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/**
 * What service hooks of Azure DevOps tell of builds, in the form {@code build.complete}. A hook may be lost, come twice, or come late, and whoever sent it is known by a
 * secret header alone; it is believed no more than that it is worth {@linkplain DevOpsBuilds#over looking}.
 */
public final class BuildEvents {
    private static final String PUBLISHER = "tfs";
    private static final String COMPLETE = "build.complete";

    private BuildEvents() {}

    /**
     * The build that an event says is over.
     *
     * @param event the body of the hook's request
     * @return the build's id; empty if it is another event
     */
    public static Optional<String> completed(JsonNode event) {
        JsonNode id = event.path("resource").path("id");
        boolean told = event.path("publisherId").asText().equals(PUBLISHER)
                && event.path("eventType").asText().equals(COMPLETE)
                && id.isIntegralNumber()
                && id.canConvertToInt()
                && id.intValue() > 0;
        return told ? Optional.of(id.asText()) : Optional.empty();
    }

    /**
     * An event that says of a build that it is over, and nothing else.
     *
     * @param build the build's id
     * @return the event
     */
    public static ObjectNode event(String build) {
        ObjectNode event = JsonNodeFactory.instance
                .objectNode()
                .put("publisherId", PUBLISHER)
                .put("eventType", COMPLETE);
        event.putObject("resource").put("id", Integer.parseInt(build));
        return event;
    }
}
