// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.deliveries;

import dev.cumulane.azure.artifacts.BlobArtifactStore;
import dev.cumulane.azure.client.AzureClients;
import dev.cumulane.azure.client.AzureNames;
import dev.cumulane.azure.work.PipelineRuns;
import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.Capability;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Deliveries;
import dev.cumulane.cloud.DeploymentStep;
import dev.cumulane.cloud.HandedOverSteps;
import dev.cumulane.cloud.StepReport;
import dev.cumulane.cloud.StepState;
import dev.cumulane.pipeline.Digest;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * Hands releases over to pipelines of Azure DevOps, and follows them.
 *
 * <p>A release is put into the artifact store as a zip file; its digest names it from there on. A run's end is told by a service hook ({@link #told}). A rollback stops what goes
 * on and starts a run that brings the former release.
 */
public final class DevOpsDeliveries implements Deliveries {
    private final AzureClients clients;
    private final PipelineRuns runs;
    private final SortedMap<String, PipelineEnvironment> environments;
    private final ArtifactStore store;
    private final HandedOverSteps steps;

    /**
     * Deliveries by pipelines.
     *
     * @param clients ask Azure Monitor for alarms
     * @param runs starts and finds runs
     * @param environments the bindings by environment name
     * @param store holds artifacts, releases, reports and ledgers
     * @param over is told a step's report
     */
    public DevOpsDeliveries(
            AzureClients clients,
            PipelineRuns runs,
            Map<String, PipelineEnvironment> environments,
            ArtifactStore store,
            BiConsumer<DeploymentStep, StepReport> over) {
        this.clients = clients;
        this.runs = runs;
        this.environments = Collections.unmodifiableSortedMap(new TreeMap<>(environments));
        this.store = store;
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
        steps.begin(step, rollout(step.environment()));
    }

    @Override
    public StepState look(DeploymentStep step) {
        return steps.look(step, rollout(step.environment()));
    }

    /**
     * Follows what a service hook says: looks at the run, and tells the report of its step if it has ended. Believed no more than that it is worth looking.
     *
     * @param build the run's id, from {@link dev.cumulane.azure.work.BuildEvents#completed}
     * @return whether it is a run of ours
     */
    public boolean told(String build) {
        return steps.told(
                build,
                step -> Optional.of(step.environment())
                        .filter(name -> environments.containsKey(name))
                        .map(this::rollout));
    }

    private PipelineRollout rollout(String environment) {
        PipelineEnvironment binding = environments.get(environment);
        if (binding == null) {
            throw CloudException.permanent(
                    "Azure DevOps",
                    "environment '" + environment + "' is bound to no pipeline; bound are " + environments.keySet());
        }
        AzureNames names = clients.connection().names();
        return new PipelineRollout(
                binding, names.namespace(), runs, store, this::place, alarm -> rings(environment, alarm));
    }

    private String place(Digest object) {
        AzureNames names = clients.connection().names();
        return "https://" + names.account() + ".blob.core.windows.net/" + names.container() + "/"
                + BlobArtifactStore.OBJECTS + object.hex();
    }

    @Override
    public boolean rings(String environment, String alarm) {
        return MonitorAlarms.rings(clients, clients.connection().names().resourceGroup(), environment, alarm);
    }
}
