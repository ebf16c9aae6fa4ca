// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.deliveries;

import dev.cumulane.azure.client.AzureClients;
import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Deliveries;
import dev.cumulane.cloud.DeploymentStep;
import dev.cumulane.cloud.KeptSteps;
import dev.cumulane.cloud.StepReport;
import dev.cumulane.cloud.StepState;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * Deploys to container apps: a release is a revision, and the app shares the traffic between revisions.
 *
 * <p>{@link #begin} does the calls of a step and tells its report before it returns. What takes longer than {@link Pace#patience()}, a revision that starts, is begun again by the
 * engine and goes on from there. Nothing runs between two calls.
 *
 * <p>Before an app gets a new revision its traffic is pinned to the one that is live. Container Apps has no tag that a change could depend on and no place for a deployment's
 * number: who deploys when stands in the artifact store, and each step looks afterwards whether the traffic is what it wanted.
 */
public final class ContainerAppsDeliveries implements Deliveries {
    private final AzureClients clients;
    private final SortedMap<String, ContainerAppEnvironment> environments;
    private final ArtifactStore store;
    private final KeptSteps steps;
    private final Pace pace;

    /**
     * How often and how long to look whether a change has taken effect.
     *
     * @param pause between two looks
     * @param patience in all, each time something is waited for
     */
    public record Pace(Duration pause, Duration patience) {
        /** Every three seconds, for half a minute. */
        public static final Pace USUAL = new Pace(Duration.ofSeconds(3), Duration.ofSeconds(30));
    }

    /**
     * Deliveries to container apps.
     *
     * @param clients call the resource manager
     * @param environments the bindings by environment name
     * @param store holds artifacts, the reports of steps and the ledgers
     * @param over is told a step's report
     * @param pace how often and how long to look
     */
    public ContainerAppsDeliveries(
            AzureClients clients,
            Map<String, ContainerAppEnvironment> environments,
            ArtifactStore store,
            BiConsumer<DeploymentStep, StepReport> over,
            Pace pace) {
        this.clients = clients;
        this.environments = Collections.unmodifiableSortedMap(new TreeMap<>(environments));
        this.store = store;
        this.steps = new KeptSteps(store, over);
        this.pace = pace;
    }

    @Override
    public Set<String> environments() {
        return environments.keySet();
    }

    @Override
    public void begin(DeploymentStep step) {
        String environment = step.environment();
        ContainerAppEnvironment binding = binding(environment);
        ContainerApp app = new ContainerApp(clients, binding, pace);
        steps.begin(
                step,
                new AppRollout(binding, app, store, steps.ledger(environment), alarm -> rings(environment, alarm), pace)
                        ::carryOut);
    }

    @Override
    public StepState look(DeploymentStep step) {
        return steps.look(step);
    }

    @Override
    public boolean rings(String environment, String alarm) {
        String group = binding(environment)
                .resourceGroup()
                .orElse(clients.connection().names().resourceGroup());
        return MonitorAlarms.rings(clients, group, environment, alarm);
    }

    private ContainerAppEnvironment binding(String environment) {
        return Optional.ofNullable(environments.get(environment))
                .orElseThrow(() -> CloudException.permanent(
                        "Container Apps",
                        "environment '" + environment + "' is bound to no app; bound are " + environments.keySet()));
    }
}
