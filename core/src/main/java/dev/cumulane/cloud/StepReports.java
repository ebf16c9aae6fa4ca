// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Optional;

/** What became of steps, in the artifact store: the first report of a step is the report. */
public final class StepReports {
    private static final String ROLLED_BACK = "rolled-back";

    private final ArtifactStore store;
    private final ObjectMapper json = new ObjectMapper();

    /**
     * Reports in a store. Does no I/O.
     *
     * @param store holds them
     */
    public StepReports(ArtifactStore store) {
        this.store = store;
    }

    private static String key(DeploymentStep step, String what) {
        return "deploys/" + step.environment() + "/" + step.fence() + "/" + what;
    }

    /**
     * The report of a step.
     *
     * @param step the step
     * @return the report; empty if it has none yet
     */
    public Optional<StepReport> read(DeploymentStep step) {
        return store.read(key(step, Integer.toString(step.index()))).map(this::parse);
    }

    /**
     * Keeps a report.
     *
     * @param step the step
     * @param report what became of it
     * @return the one that holds, which may be an earlier one
     */
    public StepReport keep(DeploymentStep step, StepReport report) {
        ObjectNode text = json.createObjectNode();
        text.put("succeeded", report.succeeded()).put("detail", report.detail());
        report.version().ifPresent(version -> text.put("version", version));
        report.address().ifPresent(address -> text.put("address", address));
        store.create(key(step, Integer.toString(step.index())), text.toString().getBytes(UTF_8));
        return read(step).orElse(report);
    }

    /**
     * Takes note that a deployment is rolled back: none of its earlier steps may begin any more.
     *
     * @param step the step that rolls it back
     */
    public void rollsBack(DeploymentStep step) {
        store.create(key(step, ROLLED_BACK), Integer.toString(step.index()).getBytes(UTF_8));
    }

    /**
     * The step that rolls a deployment back.
     *
     * @param step any step of it
     * @return its number; empty if none has begun
     */
    public Optional<Integer> rolledBackBy(DeploymentStep step) {
        return store.read(key(step, ROLLED_BACK)).map(text -> Integer.parseInt(new String(text, UTF_8)));
    }

    private StepReport parse(byte[] bytes) {
        try {
            JsonNode text = json.readTree(bytes);
            return new StepReport(
                    text.path("succeeded").asBoolean(),
                    text.path("detail").asText(),
                    optional(text, "version"),
                    optional(text, "address"));
        } catch (IOException e) {
            throw CloudException.permanent("artifact store", "the report of a deployment's step is damaged", e);
        }
    }

    private static Optional<String> optional(JsonNode text, String name) {
        return text.has(name) ? Optional.of(text.get(name).asText()) : Optional.empty();
    }
}
