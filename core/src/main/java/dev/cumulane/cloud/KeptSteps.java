// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * The steps of deployments to services that keep nothing of them: reports and ledgers lie in the artifact store. A step is carried out unless it has a report or is stale, its first
 * report holds, and whoever wants to know is told. For {@link Deliveries} that carry out a step within a call. Any thread.
 */
public final class KeptSteps {
    private final ArtifactStore store;
    private final StepReports reports;
    private final BiConsumer<DeploymentStep, StepReport> over;
    private final Map<String, DeploymentLedger> ledgers = new ConcurrentHashMap<>();

    /**
     * Steps in a store. Does no I/O.
     *
     * @param store holds reports and ledgers
     * @param over is told a step's report
     */
    public KeptSteps(ArtifactStore store, BiConsumer<DeploymentStep, StepReport> over) {
        this.store = store;
        this.reports = new StepReports(store);
        this.over = over;
    }

    /**
     * The ledger of an environment.
     *
     * @param environment the environment's name
     * @return the same each time
     */
    public DeploymentLedger ledger(String environment) {
        return ledgers.computeIfAbsent(environment, name -> new DeploymentLedger(store, name));
    }

    /**
     * Carries out a step, and tells its report.
     *
     * @param step the step
     * @param carrying carries it out; what it throws for good is the report
     * @throws CloudException retryable, as it was thrown
     */
    public void begin(DeploymentStep step, Function<DeploymentStep, StepReport> carrying) {
        Optional<StepReport> known = known(step);
        over.accept(step, known.isPresent() ? known.get() : reports.keep(step, carriedOut(step, carrying)));
    }

    private StepReport carriedOut(DeploymentStep step, Function<DeploymentStep, StepReport> carrying) {
        if (step.wanted() instanceof DeploymentStep.RolledBack) {
            reports.rollsBack(step);
        }
        try {
            return carrying.apply(step);
        } catch (CloudException e) {
            if (e.retryable()) {
                throw e;
            }
            return StepReport.failure(String.valueOf(e.getMessage()));
        }
    }

    /**
     * What became of a step.
     *
     * @param step the step
     * @return its end, or that nothing is known
     */
    public StepState look(DeploymentStep step) {
        Optional<StepReport> known = known(step);
        return known.isPresent() ? new StepState.Ended(known.get()) : new StepState.Unknown();
    }

    /**
     * Why a step must not be carried out any more.
     *
     * @param step the step
     * @return one line for people; empty if it may be carried out
     */
    public Optional<String> stale(DeploymentStep step) {
        return ledger(step.environment())
                .stale(step)
                .or(() -> reports.rolledBackBy(step)
                        .filter(begun -> step.index() < begun)
                        .map(begun -> DeploymentProgress.stale(step, begun)));
    }

    private Optional<StepReport> known(DeploymentStep step) {
        Optional<StepReport> kept = reports.read(step);
        return kept.isPresent() ? kept : stale(step).map(StepReport::failure);
    }
}
