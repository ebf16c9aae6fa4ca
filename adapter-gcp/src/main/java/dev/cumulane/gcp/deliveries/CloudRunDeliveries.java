// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.deliveries;

import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Deliveries;
import dev.cumulane.cloud.DeploymentLedger;
import dev.cumulane.cloud.DeploymentProgress;
import dev.cumulane.cloud.DeploymentStep;
import dev.cumulane.cloud.StepReport;
import dev.cumulane.cloud.StepReports;
import dev.cumulane.cloud.StepState;
import dev.cumulane.gcp.client.GrpcClients;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/**
 * Deploys to functions: a release is a revision, and the function's Cloud Run service shares the traffic between revisions.
 *
 * <p>{@link #begin} does the calls of a step and tells its report before it returns. Only a function's taking of new code takes long, some minutes: when it takes longer than
 * {@link Pace#patience()}, the engine begins the step again and it goes on from there. Nothing runs between two calls.
 *
 * <p>Before a function gets new code its traffic is pinned to the revision that is live, and each update says that it stays there. All changes of traffic carry the etag that was read. Cloud
 * Functions has no place for a deployment's number, so who deploys when stands in the artifact store.
 */
public final class CloudRunDeliveries implements Deliveries {
    private static final int MOST_TRIES = 4;

    private final GrpcClients clients;
    private final String location;
    private final SortedMap<String, FunctionEnvironment> environments;
    private final ArtifactStore store;
    private final StepReports reports;
    private final BiConsumer<DeploymentStep, StepReport> over;
    private final Pace pace;
    private final Map<String, DeploymentLedger> ledgers = new ConcurrentHashMap<>();

    /**
     * How often and how long to look whether a function has taken new code.
     *
     * @param pause between two looks
     * @param patience in all, per call of {@link #begin}
     */
    public record Pace(Duration pause, Duration patience) {
        /** Every three seconds, for half a minute. */
        public static final Pace USUAL = new Pace(Duration.ofSeconds(3), Duration.ofSeconds(30));
    }

    /**
     * Deliveries to functions.
     *
     * @param clients the clients of the project
     * @param location where the functions are, {@code projects/P/locations/L}
     * @param environments the bindings by environment name
     * @param store holds artifacts, the reports of steps and the ledgers
     * @param over is told a step's report
     * @param pace how often and how long to look
     */
    public CloudRunDeliveries(
            GrpcClients clients,
            String location,
            Map<String, FunctionEnvironment> environments,
            ArtifactStore store,
            BiConsumer<DeploymentStep, StepReport> over,
            Pace pace) {
        this.clients = clients;
        this.location = location;
        this.environments = Collections.unmodifiableSortedMap(new TreeMap<>(environments));
        this.store = store;
        this.reports = new StepReports(store);
        this.over = over;
        this.pace = pace;
    }

    @Override
    public Set<String> environments() {
        return environments.keySet();
    }

    @Override
    public void begin(DeploymentStep step) {
        FunctionEnvironment binding = binding(step.environment());
        Optional<StepReport> known = known(step);
        over.accept(step, known.isPresent() ? known.get() : reports.keep(step, carriedOut(step, binding)));
    }

    private StepReport carriedOut(DeploymentStep step, FunctionEnvironment binding) {
        if (step.wanted() instanceof DeploymentStep.RolledBack) {
            reports.rollsBack(step);
        }
        FunctionRollout rollout = rollout(binding, step.environment());
        for (int tried = 1; ; tried++) {
            try {
                return rollout.carryOut(step);
            } catch (ChangedMeanwhileException e) {
                Optional<String> stale = stale(step);
                if (stale.isPresent()) {
                    return StepReport.failure(stale.get());
                }
                if (tried == MOST_TRIES) {
                    throw CloudException.retryable("Cloud Run", String.valueOf(e.getMessage()), e);
                }
            } catch (CloudException e) {
                if (e.retryable()) {
                    throw e;
                }
                return StepReport.failure(String.valueOf(e.getMessage()));
            }
        }
    }

    @Override
    public StepState look(DeploymentStep step) {
        Optional<StepReport> known = known(step);
        return known.isPresent() ? new StepState.Ended(known.get()) : new StepState.Unknown();
    }

    @Override
    public boolean rings(String environment, String alarm) {
        return rollout(binding(environment), environment).rings(environment, alarm);
    }

    private Optional<StepReport> known(DeploymentStep step) {
        Optional<StepReport> kept = reports.read(step);
        return kept.isPresent() ? kept : stale(step).map(StepReport::failure);
    }

    private Optional<String> stale(DeploymentStep step) {
        return ledger(step.environment())
                .stale(step)
                .or(() -> reports.rolledBackBy(step)
                        .filter(begun -> step.index() < begun)
                        .map(begun -> DeploymentProgress.stale(step, begun)));
    }

    private FunctionRollout rollout(FunctionEnvironment binding, String environment) {
        return new FunctionRollout(binding, location, clients, store, ledger(environment), pace);
    }

    private DeploymentLedger ledger(String environment) {
        return ledgers.computeIfAbsent(environment, name -> new DeploymentLedger(store, name));
    }

    private FunctionEnvironment binding(String environment) {
        return Optional.ofNullable(environments.get(environment))
                .orElseThrow(() -> CloudException.permanent(
                        "Cloud Run",
                        "environment '" + environment + "' is bound to no function; bound are "
                                + environments.keySet()));
    }
}
