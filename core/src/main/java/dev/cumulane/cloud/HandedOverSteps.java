// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.cloud;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * The steps of deployments that are handed over to a delivery service of the cloud and followed there. A release is put where the service reads it; the version that it has there
 * names it from then on. {@code Shifted(100)} starts an execution that brings it, a rollback stops that and starts one that brings the former version. An execution's end is told
 * by an event, which may be lost: {@link #look} and a repeated {@link #begin} ask the service.
 *
 * <p>Such services have no place for a deployment's number: who deploys when stands in a {@link DeploymentLedger} in the artifact store. Any thread.
 */
public final class HandedOverSteps {
    private final ArtifactStore store;
    private final StepReports reports;
    private final HandOvers handOvers;
    private final Map<String, DeploymentLedger> ledgers = new ConcurrentHashMap<>();
    private final BiConsumer<DeploymentStep, StepReport> over;

    /** What a delivery service does for one environment. */
    public interface Service {
        /**
         * What deploys there.
         *
         * @return its name, for messages, such as {@code pipeline shop-release}
         */
        String name();

        /**
         * Puts a release where the service reads it.
         *
         * @param zip its files
         * @return the version, of which the same bytes may have several
         */
        String put(byte[] zip);

        /**
         * Starts an execution, once however often it is asked for the same step.
         *
         * @param step the step
         * @param version what it brings
         * @return the execution's id, at most 64 letters, digits and hyphens
         */
        String start(DeploymentStep step, String version);

        /**
         * Stops the executions that go on and bring a version, without waiting for it.
         *
         * @param step the step that rolls back
         * @param version what they bring
         */
        void stop(DeploymentStep step, String version);

        /**
         * How far an execution is; gives the approval that is ours to give.
         *
         * @param step the step that it carries out
         * @param execution its id
         * @return why it failed, or no text if it succeeded; empty while it goes on
         */
        Optional<String> ended(DeploymentStep step, String execution);

        /**
         * Where the environment answers, or where people look at it.
         *
         * @return an address
         */
        String address();

        /**
         * Whether an alarm rings.
         *
         * @param alarm its name
         * @return true while it does
         * @throws CloudException permanent, if there is none
         */
        boolean rings(String alarm);
    }

    /**
     * Steps whose reports are kept in a store. Does no I/O.
     *
     * @param store holds artifacts, reports and ledgers
     * @param over is told a step's report
     */
    public HandedOverSteps(ArtifactStore store, BiConsumer<DeploymentStep, StepReport> over) {
        this.store = store;
        this.reports = new StepReports(store);
        this.handOvers = new HandOvers(store);
        this.over = over;
    }

    /**
     * Carries out a step, or begins to.
     *
     * @param step the step
     * @param service what deploys to its environment
     * @throws CloudException retryable, if the service cannot be used now
     */
    public void begin(DeploymentStep step, Service service) {
        tell(step, known(step).or(() -> carryOut(step, service)));
    }

    private Optional<StepReport> carryOut(DeploymentStep step, Service service) {
        try {
            return rollout(step, service).carryOut(step).map(report -> reports.keep(step, report));
        } catch (CloudException e) {
            if (e.retryable()) {
                throw e;
            }
            return Optional.of(reports.keep(step, StepReport.failure(String.valueOf(e.getMessage()))));
        }
    }

    private void tell(DeploymentStep step, Optional<StepReport> report) {
        report.ifPresent(end -> over.accept(step, end));
    }

    /**
     * What became of a step.
     *
     * @param step the step
     * @param service what deploys to its environment
     * @return what is known of it
     */
    public StepState look(DeploymentStep step, Service service) {
        Optional<StepReport> known = known(step);
        if (known.isPresent()) {
            return new StepState.Ended(known.get());
        }
        Optional<String> execution = handOvers.of(step);
        if (execution.isEmpty()) {
            return new StepState.Unknown();
        }
        return rollout(step, service)
                .progress(step, execution.get())
                .map(report -> reports.keep(step, report))
                .<StepState>map(StepState.Ended::new)
                .orElseGet(StepState.UnderWay::new);
    }

    /**
     * Looks at an execution of which something was told, and tells the report of its step if it has ended.
     *
     * @param execution its id, from anybody
     * @param services what deploys to a step's environment, if it is one of ours
     * @return whether it carries out a step of ours
     */
    public boolean told(String execution, Function<DeploymentStep, Optional<Service>> services) {
        Optional<DeploymentStep> step = handOvers.of(execution).map(HandOvers.Step::step);
        step.ifPresent(ours -> services.apply(ours)
                .ifPresent(service -> tell(ours, look(ours, service).end())));
        return step.isPresent();
    }

    private Optional<StepReport> known(DeploymentStep step) {
        return reports.read(step).or(() -> ledger(step).stale(step).map(StepReport::failure));
    }

    private DeploymentLedger ledger(DeploymentStep step) {
        return ledgers.computeIfAbsent(step.environment(), name -> new DeploymentLedger(store, name));
    }

    private HandedOverRollout rollout(DeploymentStep step, Service service) {
        return new HandedOverRollout(service, store, ledger(step), handOvers);
    }
}
