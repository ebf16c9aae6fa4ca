// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.deliveries;

import com.azure.core.http.HttpMethod;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cumulane.azure.work.PipelineRuns;
import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.DeploymentStep;
import dev.cumulane.cloud.HandedOverSteps;
import dev.cumulane.cloud.UnpackedArtifacts;
import dev.cumulane.pipeline.Digest;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A pipeline of Azure DevOps as what brings releases. A run is named after the step, and found by that name before it is started once more.
 *
 * @param binding the pipeline
 * @param namespace of the installation, with which names of runs begin
 * @param runs its runs
 * @param store where releases are put
 * @param place where an object of the store lies
 * @param alarms tells whether an alarm rings
 */
record PipelineRollout(
        PipelineEnvironment binding,
        String namespace,
        PipelineRuns runs,
        ArtifactStore store,
        Function<Digest, String> place,
        Predicate<String> alarms)
        implements HandedOverSteps.Service {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String APPROVAL = "Checkpoint.Approval";

    @Override
    public String name() {
        return "pipeline " + binding.pipeline();
    }

    @Override
    public String put(byte[] zip) {
        Digest stored = store.put(zip);
        // Who may write the object first, may write anything: Blob storage compares no digests with names.
        if (!UnpackedArtifacts.isWhole(store, stored)) {
            throw CloudException.permanent(
                    "Blob storage", "the object of release " + stored + " is damaged: its bytes have another digest");
        }
        return stored.hex();
    }

    @Override
    public String start(DeploymentStep step, String version) {
        String run = run(step, step.index());
        ObjectNode request = JSON.createObjectNode();
        request.putObject("templateParameters")
                .put("step", run)
                .put("release", version)
                .put("url", place.apply(new Digest(version)));
        String note = "deploys/" + step.environment() + "/" + step.fence() + "/" + step.index() + ".start";
        return runs.start(new PipelineRuns.Start(what(step), binding.pipeline(), run, note, request));
    }

    private String run(DeploymentStep step, int index) {
        return namespace + "_" + step.environment() + "_" + step.fence() + "_" + index;
    }

    private static String what(DeploymentStep step) {
        return "deployment " + step.fence() + " to " + step.environment();
    }

    /** Whichever of its steps has started them, whether or not anybody wrote it down. */
    @Override
    public void stop(DeploymentStep step, String version) {
        for (int index = 1; index < step.index(); index++) {
            runs.of(what(step), run(step, index), binding.pipeline()::equalsIgnoreCase)
                    .forEach(run -> runs.cancel(what(step), run));
        }
    }

    @Override
    public Optional<String> ended(DeploymentStep step, String id) {
        Optional<JsonNode> found = runs.build(id);
        if (found.isEmpty()) {
            return Optional.of("run " + id + " of pipeline " + binding.pipeline() + " is gone");
        }
        JsonNode run = found.get();
        if (!PipelineRuns.isOver(run)) {
            if (binding.approves()) {
                approve(run, "decided in run " + step.run() + ", stage " + step.stage());
            }
            return Optional.empty();
        }
        String result = run.path("result").asText();
        return Optional.of(
                result.equals("succeeded")
                        ? ""
                        : "run " + id + " of pipeline " + binding.pipeline() + " is " + result + issue(run));
    }

    private void approve(JsonNode run, String comment) {
        ArrayNode approvals = JSON.createArrayNode();
        for (JsonNode record : runs.records(run)) {
            boolean waits = record.path("type").asText().equals(APPROVAL)
                    && !record.path("state").asText().equals("completed");
            if (waits) {
                approvals
                        .addObject()
                        .put("approvalId", record.path("id").asText())
                        .put("status", "approved")
                        .put("comment", comment);
            }
        }
        if (!approvals.isEmpty()) {
            runs.api()
                    .change("approve run " + PipelineRuns.id(run), HttpMethod.PATCH, "pipelines/approvals", approvals);
        }
    }

    /** What the first of its records that failed says. */
    private String issue(JsonNode run) {
        for (JsonNode record : runs.records(run)) {
            JsonNode issue = record.path("issues").path(0).path("message");
            if (record.path("result").asText().equals("failed") && issue.isTextual()) {
                return ": " + record.path("name").asText() + ": " + issue.asText();
            }
        }
        return "";
    }

    @Override
    public String address() {
        return binding.address().orElseGet(() -> runs.api().page("_build"));
    }

    @Override
    public boolean rings(String alarm) {
        return alarms.test(alarm);
    }
}
