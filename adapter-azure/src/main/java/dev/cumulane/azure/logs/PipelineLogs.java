// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.logs;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.cumulane.azure.work.BuildPipeline;
import dev.cumulane.azure.work.PipelineRuns;
import dev.cumulane.cloud.LogReading;
import dev.cumulane.cloud.LogText;
import dev.cumulane.cloud.Logs;
import dev.cumulane.cloud.WorkRunner;
import dev.cumulane.run.AttemptId;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.regex.Pattern;

/**
 * Reads what builds printed from Azure Pipelines: the log of the one step that carries out the work order, whole lines as the agent uploads them, without the time that it writes before
 * each. A position is a line and how many bytes of it were read. Any thread.
 */
public final class PipelineLogs implements Logs {
    private static final Pattern TIME = Pattern.compile("^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{1,9}Z ");
    private static final int MOST_LINES = 5000;

    private final PipelineRuns runs;
    private final BiFunction<AttemptId, String, WorkRunner.Phase> phases;

    /**
     * Logs of builds. Does no I/O.
     *
     * @param runs the runs
     * @param phases whether the work may still print
     */
    public PipelineLogs(PipelineRuns runs, BiFunction<AttemptId, String, WorkRunner.Phase> phases) {
        this.runs = runs;
        this.phases = phases;
    }

    @Override
    public Piece read(AttemptId attempt, String serviceId, long position, int most) {
        LogText.check(position, most);
        // Asked before the log is read: what was printed before the end is then in what we read, or after it.
        boolean over = phases.apply(attempt, serviceId) == WorkRunner.Phase.OVER;
        long first = Math.max(1, LogReading.millis(position));
        JsonNode lines = log(serviceId).map(log -> lines(serviceId, log, first)).orElse(MissingNode.getInstance());
        LogReading reading = new LogReading(position, most);
        long line = first;
        for (JsonNode text : lines) {
            String printed = TIME.matcher(text.asText()).replaceFirst("");
            reading.add(line++, (printed + "\n").getBytes(UTF_8));
            if (reading.isFull()) {
                break;
            }
        }
        return reading.piece(over && lines.size() < MOST_LINES);
    }

    /** The number of the step's log, once it has one. */
    private Optional<String> log(String serviceId) {
        Optional<JsonNode> build = runs.build(serviceId);
        if (build.isPresent()) {
            for (JsonNode record : runs.records(build.get())) {
                if (record.path("name").asText().equals(BuildPipeline.STEP)
                        && record.at("/log/id").isIntegralNumber()) {
                    return Optional.of(record.at("/log/id").asText());
                }
            }
        }
        return Optional.empty();
    }

    private JsonNode lines(String serviceId, String log, long first) {
        Map<String, String> range = new TreeMap<>(
                Map.of("startLine", Long.toString(first), "endLine", Long.toString(first + MOST_LINES - 1)));
        return runs.api()
                .get("read the log of build " + serviceId, "build/builds/" + serviceId + "/logs/" + log, range)
                .orElse(MissingNode.getInstance())
                .path("value");
    }
}
