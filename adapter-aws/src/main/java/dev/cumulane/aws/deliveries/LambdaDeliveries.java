// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.deliveries;

import dev.cumulane.aws.client.AwsClients;
import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Deliveries;
import dev.cumulane.cloud.DeploymentProgress;
import dev.cumulane.cloud.DeploymentStep;
import dev.cumulane.cloud.StepReport;
import dev.cumulane.cloud.StepReports;
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
 * Deploys to Lambda functions: a release is a version, the alias that callers use shares the traffic by its weights.
 *
 * <p>{@link #begin} does the calls of a step and tells its report before it returns. Only Lambda's taking of new code takes long; when it takes longer than {@link Pace#patience()},
 * the engine begins the step again and it goes on from there. Nothing runs between two calls, and what is known of a deployment stands in Lambda itself and in the artifact
 * store: any function may do the next step.
 *
 * <p>A second alias, such as {@code live-next}, leads to the release that was prepared last, to try it before it gets traffic; its description holds the deployment's
 * number and step. All changes of aliases carry the revision that was read, but for a rollback to nothing: Lambda deletes an alias without asking.
 */
public final class LambdaDeliveries implements Deliveries {
    private static final int MOST_TRIES = 4;

    private final AccountClients accounts;
    private final SortedMap<String, FunctionEnvironment> environments;
    private final ArtifactStore store;
    private final StepReports reports;
    private final BiConsumer<DeploymentStep, StepReport> over;
    private final Pace pace;

    /**
     * How often and how long to look whether Lambda has taken new code.
     *
     * @param pause between two looks
     * @param patience in all, per call of {@link #begin}
     */
    public record Pace(Duration pause, Duration patience) {
        /** Once a second, for twenty seconds. */
        public static final Pace USUAL = new Pace(Duration.ofSeconds(1), Duration.ofSeconds(20));
    }

    /**
     * Deliveries to Lambda functions.
     *
     * @param clients the clients of this account
     * @param environments the bindings by environment name
     * @param store holds artifacts and the reports of steps
     * @param over is told a step's report
     * @param pace how often and how long to look
     */
    public LambdaDeliveries(
            AwsClients clients,
            Map<String, FunctionEnvironment> environments,
            ArtifactStore store,
            BiConsumer<DeploymentStep, StepReport> over,
            Pace pace) {
        this.accounts = new AccountClients(clients);
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
        FunctionRollout rollout = rollout(step);
        Optional<StepReport> known = known(step, rollout);
        over.accept(step, known.isPresent() ? known.get() : reports.keep(step, carriedOut(step, rollout)));
    }

    private StepReport carriedOut(DeploymentStep step, FunctionRollout rollout) {
        if (step.wanted() instanceof DeploymentStep.RolledBack) {
            reports.rollsBack(step);
        }
        for (int tried = 1; ; tried++) {
            try {
                return rollout.carryOut(step);
            } catch (ChangedMeanwhileException e) {
                Optional<String> stale = stale(step, rollout);
                if (stale.isPresent()) {
                    return StepReport.failure(stale.get());
                }
                if (tried == MOST_TRIES) {
                    throw CloudException.retryable("Lambda", String.valueOf(e.getMessage()), e);
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
        Optional<StepReport> known = known(step, rollout(step));
        return known.isPresent() ? new StepState.Ended(known.get()) : new StepState.Unknown();
    }

    private Optional<StepReport> known(DeploymentStep step, FunctionRollout rollout) {
        Optional<StepReport> kept = reports.read(step);
        return kept.isPresent() ? kept : stale(step, rollout).map(StepReport::failure);
    }

    private Optional<String> stale(DeploymentStep step, FunctionRollout rollout) {
        return rollout.progress()
                .flatMap(progress -> progress.stale(step))
                .or(() -> reports.rolledBackBy(step)
                        .filter(begun -> step.index() < begun)
                        .map(begun -> DeploymentProgress.stale(step, begun)));
    }

    private FunctionRollout rollout(DeploymentStep step) {
        FunctionEnvironment binding = binding(step.environment());
        AwsClients there = accounts.of(binding, step.run());
        return new FunctionRollout(
                binding,
                there::lambda,
                store,
                pace,
                alarm -> Alarms.rings(there::cloudWatch, step.environment(), alarm));
    }

    private FunctionEnvironment binding(String environment) {
        return Optional.ofNullable(environments.get(environment))
                .orElseThrow(() -> CloudException.permanent(
                        "Lambda",
                        "environment '" + environment + "' is bound to no function; bound are "
                                + environments.keySet()));
    }

    @Override
    public boolean rings(String environment, String alarm) {
        FunctionEnvironment binding = binding(environment);
        return Alarms.rings(accounts.of(binding, "cumulane-alarms")::cloudWatch, environment, alarm);
    }
}
