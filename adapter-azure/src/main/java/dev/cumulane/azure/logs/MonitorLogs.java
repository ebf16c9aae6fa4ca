// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.logs;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.base.Suppliers;
import dev.cumulane.azure.client.AzureClients;
import dev.cumulane.azure.client.AzureNames;
import dev.cumulane.azure.client.AzureRest;
import dev.cumulane.azure.client.AzureService;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.LogReading;
import dev.cumulane.cloud.LogText;
import dev.cumulane.cloud.Logs;
import dev.cumulane.cloud.WorkRunner;
import dev.cumulane.run.AttemptId;
import java.net.URI;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.function.BiFunction;

/**
 * Reads what functions printed from the installation's Application Insights, by a query of Azure Monitor.
 *
 * <p>A worker's invocation prints a line of {@link #begins} first and one of {@link #ends} last, each on its own; what the same operation printed in between is the
 * attempt's log, each message with its line end. Azure Monitor shows lines some minutes late, so that the last ones may come after the work is over; who reads on gets them.
 * Any thread.
 */
public final class MonitorLogs implements Logs {
    private static final String COMPONENTS = "microsoft.insights/components";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_ROWS = 5000;

    /** As long as Application Insights keeps what it is told, unless it is told so. */
    private static final String TIMESPAN = "P90D";

    private final AzureClients clients;
    private final BiFunction<AttemptId, String, WorkRunner.Phase> phases;
    private final AzureRest rest;

    /**
     * Logs of functions. Does no I/O.
     *
     * @param clients call the service
     * @param phases whether the work may still print
     */
    public MonitorLogs(AzureClients clients, BiFunction<AttemptId, String, WorkRunner.Phase> phases) {
        this.clients = clients;
        this.phases = phases;
        AzureService service = new AzureService(
                "Azure Monitor",
                "Application Insights of " + clients.connection().names());
        this.rest =
                new AzureRest(service, Suppliers.memoize(() -> clients.rest("https://api.loganalytics.io/.default")));
    }

    /**
     * The message with which an attempt's log begins.
     *
     * @param attempt the attempt
     * @return one line without an end
     */
    public static String begins(AttemptId attempt) {
        return "cumulane begins " + attempt;
    }

    /**
     * The message with which an attempt's log ends.
     *
     * @param attempt the attempt
     * @return one line without an end
     */
    public static String ends(AttemptId attempt) {
        return "cumulane ends " + attempt;
    }

    @Override
    public Piece read(AttemptId attempt, String serviceId, long position, int most) {
        LogText.check(position, most);
        // Asked before the log is read: what was printed before the end is then in what we read, or after it.
        boolean over = phases.apply(attempt, serviceId) == WorkRunner.Phase.OVER;
        JsonNode rows = rows(attempt, Instant.ofEpochMilli(LogReading.millis(position)));
        LogReading reading = new LogReading(position, most);
        for (JsonNode row : rows) {
            String message = row.path(1).asText();
            if (message.equals(ends(attempt))) {
                return reading.piece(true);
            }
            if (!message.equals(begins(attempt))) {
                reading.add(millis(row.path(0).asText()), message.getBytes(UTF_8));
            }
            if (reading.isFull()) {
                break;
            }
        }
        return reading.piece(over && rows.size() < MOST_ROWS);
    }

    private JsonNode rows(AttemptId attempt, Instant since) {
        AzureNames names = clients.connection().names();
        URI service = clients.endpoint("loganalytics", () -> "https://api.loganalytics.io");
        URI address = URI.create(service + "/v1" + names.resourceId(COMPONENTS, names.insights()) + "/query");
        byte[] body = JSON.createObjectNode()
                .put("query", query(attempt, since))
                .put("timespan", TIMESPAN)
                .toString()
                .getBytes(UTF_8);
        return rest.post("read the log of " + attempt, address, "application/json", body)
                .at("/tables/0/rows");
    }

    /** An attempt's name has letters, digits, full stops, hyphens and slashes: nothing that could end a text of the query's language. */
    private static String query(AttemptId attempt, Instant since) {
        return "let work = toscalar(traces | where message == \"" + begins(attempt)
                + "\" | take 1 | project operation_Id);"
                + " traces | where isnotempty(work) and operation_Id == work and timestamp >= datetime(" + since + ")"
                + " | order by timestamp asc, itemId asc | project timestamp, message | take " + MOST_ROWS;
    }

    private long millis(String timestamp) {
        try {
            return OffsetDateTime.parse(timestamp).toInstant().toEpochMilli();
        } catch (DateTimeParseException e) {
            throw CloudException.permanent(
                    rest.service().name(), "a line of the log has no time but something else", e);
        }
    }
}
