// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.fake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Azure Monitor, as far as it understands the one query that the adapter has: it finds an operation by its first message and gives what that operation printed. */
public final class FakeMonitor extends FakeRest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PATH = "/v1/subscriptions/0b1f6471-1bf0-4dda-aec3-cb9272f09590/resourceGroups/shop"
            + "/providers/microsoft.insights/components/shop-ci-logs/query";
    private static final Pattern QUERY = Pattern.compile(
            "let work = toscalar\\(traces \\| where message == \"([^\"\\\\]*)\" \\| take 1 \\| project operation_Id\\);"
                    + " traces \\| where isnotempty\\(work\\) and operation_Id == work and timestamp >= datetime\\(([0-9TZ:.-]+)\\)"
                    + " \\| order by timestamp asc, itemId asc \\| project timestamp, message \\| take 5000");

    private final List<Trace> traces = new ArrayList<>();

    private record Trace(Instant at, String operation, String message) {}

    /**
     * An operation prints.
     *
     * @param at when
     * @param operation its id
     * @param message what
     */
    public synchronized void print(Instant at, String operation, String message) {
        traces.add(new Trace(at, operation, message));
    }

    @Override
    protected Answer answer(Asked asked) throws IOException {
        if (!asked.method().equals("POST") || !asked.path().equals(PATH)) {
            return violated("no operation of Azure Monitor: " + asked.method() + " " + asked.path());
        }
        JsonNode body = JSON.readTree(asked.body());
        Matcher query = QUERY.matcher(body.path("query").asText());
        if (!query.matches() || !body.path("timespan").asText().matches("P[0-9]+D")) {
            return violated("no query that this fake understands");
        }
        return new Answer(200, table(query.group(1), Instant.parse(query.group(2))));
    }

    private synchronized String table(String first, Instant since) {
        Optional<String> operation = traces.stream()
                .filter(trace -> trace.message().equals(first))
                .map(Trace::operation)
                .findFirst();
        ObjectNode answer = JSON.createObjectNode();
        ObjectNode table = answer.putArray("tables").addObject().put("name", "PrimaryResult");
        ArrayNode columns = table.putArray("columns");
        columns.addObject().put("name", "timestamp").put("type", "datetime");
        columns.addObject().put("name", "message").put("type", "string");
        ArrayNode rows = table.putArray("rows");
        traces.stream()
                .filter(trace -> operation.equals(Optional.of(trace.operation())))
                .filter(trace -> !trace.at().isBefore(since))
                .forEach(trace -> rows.addArray().add(trace.at().toString()).add(trace.message()));
        return answer.toString();
    }
}
