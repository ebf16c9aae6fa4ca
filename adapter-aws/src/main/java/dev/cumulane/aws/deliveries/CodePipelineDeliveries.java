// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.deliveries;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cumulane.aws.client.AwsClients;
import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.Capability;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Deliveries;
import dev.cumulane.cloud.DeploymentStep;
import dev.cumulane.cloud.HandedOverSteps;
import dev.cumulane.cloud.StepReport;
import dev.cumulane.cloud.StepState;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * Hands releases over to pipelines of CodePipeline, and follows them.
 *
 * <p>A release is put into the bucket of the pipeline's S3 source; the version that the object has then names it from there on. An execution's end is told by an event
 * ({@link #told}). A rollback stops what goes on without waiting for the action under way.
 */
public final class CodePipelineDeliveries implements Deliveries {
    private static final String SOURCE = "aws.codepipeline";

    private final AwsClients clients;
    private final AccountClients accounts;
    private final SortedMap<String, PipelineEnvironment> environments;
    private final HandedOverSteps steps;

    /**
     * Deliveries by pipelines.
     *
     * @param clients the clients of this account
     * @param environments the bindings by environment name
     * @param store holds artifacts, reports and ledgers
     * @param over is told a step's report
     */
    public CodePipelineDeliveries(
            AwsClients clients,
            Map<String, PipelineEnvironment> environments,
            ArtifactStore store,
            BiConsumer<DeploymentStep, StepReport> over) {
        this.clients = clients;
        this.accounts = new AccountClients(clients);
        this.environments = Collections.unmodifiableSortedMap(new TreeMap<>(environments));
        this.steps = new HandedOverSteps(store, over);
    }

    @Override
    public Set<String> environments() {
        return environments.keySet();
    }

    @Override
    public Set<Capability> lacking(String environment) {
        return Set.of(Capability.TRAFFIC_SHARES);
    }

    @Override
    public void begin(DeploymentStep step) {
        steps.begin(step, rollout(step));
    }

    @Override
    public StepState look(DeploymentStep step) {
        return steps.look(step, rollout(step));
    }

    /**
     * Follows an event of CodePipeline: looks at the execution that it names, and tells the report of its step if it has ended. Believed no more than that it is worth looking.
     *
     * @param event the event as EventBridge delivers it
     * @return true if it is an event of CodePipeline, whether or not the execution is one of ours
     */
    public boolean told(JsonNode event) {
        boolean ours = event.path("source").asText().equals(SOURCE);
        if (ours) {
            boolean unused = steps.told(
                    event.path("detail").path("execution-id").asText(),
                    step -> Optional.of(step)
                            .filter(known -> environments.containsKey(known.environment()))
                            .map(this::rollout));
        }
        return ours;
    }

    private PipelineRollout rollout(DeploymentStep step) {
        PipelineEnvironment binding = environments.get(step.environment());
        if (binding == null) {
            throw CloudException.permanent(
                    "CodePipeline",
                    "environment '" + step.environment() + "' is bound to no pipeline; bound are "
                            + environments.keySet());
        }
        AwsClients there = accounts.of(binding, step.run());
        String region = clients.connection().region().id();
        return new PipelineRollout(
                binding,
                new PipelineExecutions(there::codePipeline, binding),
                new SourceBucket(there::s3, binding.source()),
                alarm -> Alarms.rings(there::cloudWatch, step.environment(), alarm),
                "https://" + region + ".console.aws.amazon.com/codesuite/codepipeline/pipelines/" + binding.pipeline()
                        + "/view");
    }

    @Override
    public boolean rings(String environment, String alarm) {
        PipelineEnvironment binding = Optional.ofNullable(environments.get(environment))
                .orElseThrow(() -> CloudException.permanent(
                        "CloudWatch", "environment '" + environment + "' is bound to no pipeline"));
        return Alarms.rings(accounts.of(binding, "cumulane-alarms")::cloudWatch, environment, alarm);
    }
}
