// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.logs;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.LogReading;
import dev.cumulane.cloud.LogText;
import dev.cumulane.cloud.Logs;
import dev.cumulane.cloud.WorkRunner;
import dev.cumulane.gcp.client.GcpNames;
import dev.cumulane.gcp.client.GcpService;
import dev.cumulane.gcp.client.GoogleApi;
import dev.cumulane.run.AttemptId;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads what builds and functions printed from Cloud Logging, which keeps lines by time.
 *
 * <p>A build's lines are known by its id. A function's instance prints the lines of many attempts, so its worker labels each with the attempt: {@value #ATTEMPT}. Cloud Logging
 * shows lines some seconds late and may show a later one first; what comes after it was passed is not shown by who reads on, only by who reads from the beginning. Any thread.
 */
public final class CloudLogs implements Logs {
    /** The label of a function's line that says of which attempt it is, as {@link AttemptId#key} writes it. */
    public static final String ATTEMPT = "cumulane-attempt";

    private static final Pattern BUILD =
            Pattern.compile("(?:projects/[^/]+/locations/[^/]+/builds/)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})");
    private static final Pattern CALL = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_-]{0,499}");
    private static final int PAGE = 1000;

    private final Supplier<GoogleApi> api;
    private final BiFunction<AttemptId, String, WorkRunner.Phase> phases;
    private final GcpNames names;
    private final GcpService service;

    /**
     * Logs of work. Does no I/O.
     *
     * @param api makes the API of Cloud Logging on first use
     * @param phases whether the work may still print
     * @param names of the installation
     */
    public CloudLogs(Supplier<GoogleApi> api, BiFunction<AttemptId, String, WorkRunner.Phase> phases, GcpNames names) {
        this.api = api;
        this.phases = phases;
        this.names = names;
        this.service = new GcpService("Cloud Logging", "logs of project " + names.project());
    }

    @Override
    public Piece read(AttemptId attempt, String serviceId, long position, int most) {
        LogText.check(position, most);
        String filter = filter(attempt, serviceId) + " AND timestamp>=\""
                + Instant.ofEpochMilli(LogReading.millis(position)) + "\"";
        // Asked before the log is read: what was printed before the end is then in what we read, or after it.
        boolean over = phases.apply(attempt, serviceId) == WorkRunner.Phase.OVER;
        LogReading reading = new LogReading(position, most);
        String token = "";
        do {
            JsonNode page = page(attempt, filter, token);
            page.path("entries").forEach(entry -> reading.add(millis(entry), line(entry)));
            token = page.path("nextPageToken").asText("");
        } while (!token.isEmpty() && !reading.isFull());
        return reading.piece(over);
    }

    private String filter(AttemptId attempt, String serviceId) {
        Matcher build = BUILD.matcher(serviceId);
        if (build.matches()) {
            // Audit logs name the build, too.
            return "logName=\"projects/" + names.project() + "/logs/cloudbuild\" AND resource.type=\"build\""
                    + " AND resource.labels.build_id=\"" + build.group(1) + "\"";
        }
        if (!CALL.matcher(serviceId).matches()) {
            throw new IllegalArgumentException(
                    "not the id of a build or of a function's call: '" + serviceId.replaceAll("\\p{Cntrl}", "?") + "'");
        }
        return "resource.type=\"cloud_run_revision\" AND labels.\"" + ATTEMPT + "\"=\"" + attempt.key() + "\"";
    }

    private JsonNode page(AttemptId attempt, String filter, String token) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putArray("resourceNames").add("projects/" + names.project());
        body.put("filter", filter).put("orderBy", "timestamp asc").put("pageSize", PAGE);
        if (!token.isEmpty()) {
            body.put("pageToken", token);
        }
        return service.call(
                "read the log of " + attempt.key(), () -> api.get().post("listEntries", "/v2/entries:list", body));
    }

    private static long millis(JsonNode entry) {
        String timestamp = entry.path("timestamp").asText();
        try {
            return Instant.parse(timestamp).toEpochMilli();
        } catch (DateTimeParseException e) {
            throw CloudException.permanent("Cloud Logging", "a line has the time '" + timestamp + "'", e);
        }
    }

    private static byte[] line(JsonNode entry) {
        String text = entry.has("textPayload")
                ? entry.path("textPayload").asText()
                : entry.path("jsonPayload").path("message").asText();
        return (text.endsWith("\n") ? text : text + "\n").getBytes(UTF_8);
    }
}
