// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.deliveries;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cumulane.aws.client.AwsClients;
import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.Capability;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Deliveries;
import dev.cumulane.cloud.DeploymentLedger;
import dev.cumulane.cloud.DeploymentStep;
import dev.cumulane.cloud.StepReport;
import dev.cumulane.cloud.StepReports;
import dev.cumulane.cloud.StepState;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/**
 * Hands releases over to pipelines of CodePipeline, and follows them.
 *
 * <p>A release is put into the bucket of the pipeline's S3 source; the version that the object has then names it from there on. {@code Shifted(100)} starts an execution that
 * reads this version, a rollback stops it without waiting for the action under way and starts one that reads the former version. An execution's end is told by an event
 * ({@link #told}), which may be lost: {@link #look} and a repeated {@link #begin} ask CodePipeline. The token of a start is the same for the same step.
 *
 * <p>CodePipeline has no place for a deployment's number: who deploys when stands in a {@link DeploymentLedger} in the artifact store.
 */
public final class CodePipelineDeliveries implements Deliveries {
    private static final String SOURCE = "aws.codepipeline";

    private final AwsClients clients;
    private final AccountClients accounts;
    private final SortedMap<String, PipelineEnvironment> environments;
    private final ArtifactStore store;
    private final StepReports reports;
    private final HandOvers handOvers;
    private final Map<String, DeploymentLedger> ledgers = new ConcurrentHashMap<>();
    private final BiConsumer<DeploymentStep, StepReport> over;

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
        this.store = store;
        this.reports = new StepReports(store);
        this.handOvers = new HandOvers(store);
        this.over = over;
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
        PipelineRollout rollout = rollout(step);
        tell(step, known(step).or(() -> carryOut(step, rollout)));
    }

    private Optional<StepReport> carryOut(DeploymentStep step, PipelineRollout rollout) {
        try {
            return rollout.carryOut(step).map(report -> reports.keep(step, report));
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

    @Override
    public StepState look(DeploymentStep step) {
        Optional<StepReport> known = known(step);
        if (known.isPresent()) {
            return new StepState.Ended(known.get());
        }
        Optional<String> execution = handOvers.of(step);
        if (execution.isEmpty()) {
            return new StepState.Unknown();
        }
        return ended(step, execution.get()).<StepState>map(StepState.Ended::new).orElseGet(StepState.UnderWay::new);
    }

    /**
     * Follows an event of CodePipeline: looks at the execution that it names, and tells the report of its step if it has ended. Believed no more than that it is worth looking.
     *
     * @param event the event as EventBridge delivers it
     * @return true if it is an event of CodePipeline, whether or not the execution is one of ours
     */
    public boolean told(JsonNode event) {
        if (!event.path("source").asText().equals(SOURCE)) {
            return false;
        }
        handOvers
                .of(event.path("detail").path("execution-id").asText())
                .map(HandOvers.Step::step)
                .ifPresent(step -> {
                    if (environments.containsKey(step.environment())) {
                        tell(step, look(step).end());
                    }
                });
        return true;
    }

    private Optional<StepReport> ended(DeploymentStep step, String execution) {
        return rollout(step).progress(step, execution).map(report -> reports.keep(step, report));
    }

    private Optional<StepReport> known(DeploymentStep step) {
        return reports.read(step).or(() -> ledger(step).stale(step).map(StepReport::failure));
    }

    private DeploymentLedger ledger(DeploymentStep step) {
        return ledgers.computeIfAbsent(step.environment(), name -> new DeploymentLedger(store, name));
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
                new PipelineRollout.Keeping(store, ledger(step), handOvers),
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
