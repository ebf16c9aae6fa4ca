// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.work;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cumulane.run.AttemptId;
import dev.cumulane.run.RunId;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What CodeBuild tells of builds by way of EventBridge, in the form {@code CodeBuild Build State Change}. Delivery is best effort: an event may be lost, come twice, or
 * come in another order; it is believed no more than that it is worth looking.
 */
public final class BuildEvents {
    private BuildEvents() {}

    /**
     * The attempt that an event says is over.
     *
     * @param event the event as EventBridge delivers it
     * @return the attempt; empty if the build goes on, or the event is another one or of a build that is not ours
     */
    public static Optional<AttemptId> over(JsonNode event) {
        JsonNode detail = event.path("detail");
        String status = detail.path("build-status").asText("IN_PROGRESS");
        if (!event.path("source").asText().equals("aws.codebuild")
                || !event.path("detail-type").asText().equals("CodeBuild Build State Change")
                || status.equals("IN_PROGRESS")) {
            return Optional.empty();
        }
        Map<String, String> variables = new TreeMap<>();
        detail.path("additional-information")
                .path("environment")
                .path("environment-variables")
                .forEach(each -> variables.put(
                        each.path("name").asText(), each.path("value").asText()));
        return attempt(variables);
    }

    /** The attempt that a build's variables name. */
    static Optional<AttemptId> attempt(Map<String, String> variables) {
        String stage = variables.getOrDefault(CodeBuildBuilds.STAGE, "");
        String number = variables.getOrDefault(CodeBuildBuilds.ATTEMPT, "");
        if (stage.isEmpty() || !number.matches("[1-9][0-9]{0,5}")) {
            return Optional.empty();
        }
        try {
            RunId run = new RunId(variables.getOrDefault(CodeBuildBuilds.RUN, ""));
            return Optional.of(new AttemptId(run, stage, Integer.parseInt(number)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
