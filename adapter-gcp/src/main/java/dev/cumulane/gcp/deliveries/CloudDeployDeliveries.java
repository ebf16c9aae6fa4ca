// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp.deliveries;

import com.google.cloud.deploy.v1.Release;
import com.google.cloud.deploy.v1.Rollout;
import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.Capability;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Deliveries;
import dev.cumulane.cloud.DeploymentLedger;
import dev.cumulane.cloud.DeploymentStep;
import dev.cumulane.cloud.StepReport;
import dev.cumulane.cloud.StepReports;
import dev.cumulane.cloud.StepState;
import dev.cumulane.gcp.client.GrpcClients;
import dev.cumulane.gcp.signals.PushedMessage;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/**
 * Hands releases over to delivery pipelines of Cloud Deploy, and follows them.
 *
 * <p>Preparing makes a release of the artifact, an archive with a Skaffold configuration, which Cloud Deploy reads from the artifact store and renders. {@code Shifted(100)} rolls it out to the
 * target. A rollback abandons the release, so that nothing can begin to roll it out any more, cancels what does, and rolls the former one out again. Releases and rollouts have names made of
 * their step, so a call that is repeated finds what the first one made. Their ends are told by messages ({@link #told}), which may be lost: {@link #look} and a repeated {@link #begin} ask.
 *
 * <p>Cloud Deploy has no place for a deployment's number: who deploys when stands in a {@link DeploymentLedger} in the artifact store.
 */
public final class CloudDeployDeliveries implements Deliveries {
    /** The project's topics on which Cloud Deploy tells of rollouts that begin and end, of approvals and of phases. */
    public static final List<String> TOPICS =
            List.of("clouddeploy-operations", "clouddeploy-approvals", "clouddeploy-advances");

    private static final String PIPELINE = "DeliveryPipelineId";

    private final GrpcClients clients;
    private final Place place;
    private final SortedMap<String, PipelineEnvironment> environments;
    private final ArtifactStore store;
    private final StepReports reports;
    private final Map<String, DeploymentLedger> ledgers = new ConcurrentHashMap<>();
    private final BiConsumer<DeploymentStep, StepReport> over;

    /**
     * Where pipelines and archives are.
     *
     * @param project the project's id
     * @param region of the pipelines
     * @param objects what the address of an object of the artifact store begins with, {@code gs://BUCKET/objects/}
     */
    public record Place(String project, String region, String objects) {
        private String pipeline(String name) {
            return "projects/" + project + "/locations/" + region + "/deliveryPipelines/" + name;
        }

        private String console(String pipeline) {
            return "https://console.cloud.google.com/deploy/delivery-pipelines/" + region + "/" + pipeline + "?project="
                    + project;
        }
    }

    /**
     * Deliveries by pipelines.
     *
     * @param clients the clients of the project
     * @param place where pipelines and archives are
     * @param environments the bindings by environment name
     * @param store holds artifacts, reports and ledgers
     * @param over is told a step's report
     */
    public CloudDeployDeliveries(
            GrpcClients clients,
            Place place,
            Map<String, PipelineEnvironment> environments,
            ArtifactStore store,
            BiConsumer<DeploymentStep, StepReport> over) {
        this.clients = clients;
        this.place = place;
        this.environments = Collections.unmodifiableSortedMap(new TreeMap<>(environments));
        this.store = store;
        this.reports = new StepReports(store);
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
        PipelineEnvironment binding = binding(step.environment());
        known(step).or(() -> carriedOut(step, binding)).ifPresent(report -> over.accept(step, report));
    }

    private Optional<StepReport> carriedOut(DeploymentStep step, PipelineEnvironment binding) {
        try {
            return rollout(step.environment(), binding).carryOut(step).map(report -> reports.keep(step, report));
        } catch (CloudException e) {
            if (e.retryable()) {
                throw e;
            }
            return Optional.of(reports.keep(step, StepReport.failure(String.valueOf(e.getMessage()))));
        }
    }

    @Override
    public StepState look(DeploymentStep step) {
        Optional<StepReport> known = known(step);
        if (known.isPresent()) {
            return new StepState.Ended(known.get());
        }
        StepState state =
                rollout(step.environment(), binding(step.environment())).look(step);
        return state.end()
                .<StepState>map(report -> new StepState.Ended(reports.keep(step, report)))
                .orElse(state);
    }

    /**
     * Follows a message of Cloud Deploy: looks at the release or rollout that it names, and tells the report of its step if it has ended. Believed no more than that it is worth looking.
     *
     * @param message the message
     * @return true if it is a message of Cloud Deploy, whether or not it is about a release of ours
     */
    public boolean told(PushedMessage message) {
        SortedMap<String, String> facts = message.attributes();
        if (!facts.containsKey(PIPELINE)) {
            return false;
        }
        String name = facts.get(PIPELINE);
        String release = facts.getOrDefault("ReleaseId", "");
        boolean bound = environments.values().stream()
                .anyMatch(binding -> binding.pipeline().equals(name));
        if (bound && HandedOver.isRelease(release)) {
            DeliveryPipeline pipeline = pipeline(name);
            String rollout = facts.getOrDefault("RolloutId", "");
            if (rollout.isEmpty()) {
                pipeline.read(release).ifPresent(found -> follow(name, found));
            } else if (rollout.matches("cumulane-[0-9-]{1,40}-[0-9a-f]{12}")) {
                pipeline.read(release, rollout).ifPresent(found -> follow(name, rollout, found));
            }
        }
        return true;
    }

    private void follow(String pipeline, Release release) {
        HandedOver.step(release.getAnnotationsMap())
                .filter(step -> isOf(step, pipeline))
                .ifPresent(step -> tell(
                        step,
                        rollout(step.environment(), binding(step.environment())).rendered(release)));
    }

    private void follow(String pipeline, String id, Rollout rollout) {
        HandedOver.step(rollout.getAnnotationsMap())
                .filter(step -> isOf(step, pipeline) && HandedOver.rollout(step).equals(id))
                .ifPresent(step -> tell(
                        step,
                        rollout(step.environment(), binding(step.environment())).ended(rollout)));
    }

    private boolean isOf(DeploymentStep step, String pipeline) {
        return Optional.ofNullable(environments.get(step.environment()))
                .filter(binding -> binding.pipeline().equals(pipeline))
                .isPresent();
    }

    private void tell(DeploymentStep step, Optional<StepReport> found) {
        known(step)
                .or(() -> found.map(report -> reports.keep(step, report)))
                .ifPresent(report -> over.accept(step, report));
    }

    @Override
    public boolean rings(String environment, String alarm) {
        return alarms().rings(environment, alarm);
    }

    private Alarms alarms() {
        return new Alarms(clients::monitoring, "projects/" + place.project());
    }

    private Optional<StepReport> known(DeploymentStep step) {
        return reports.read(step)
                .or(() -> ledger(step.environment()).stale(step).map(StepReport::failure));
    }

    private DeploymentLedger ledger(String environment) {
        return ledgers.computeIfAbsent(environment, name -> new DeploymentLedger(store, name));
    }

    private PipelineEnvironment binding(String environment) {
        return Optional.ofNullable(environments.get(environment))
                .orElseThrow(() -> CloudException.permanent(
                        "Cloud Deploy",
                        "environment '" + environment + "' is bound to no delivery pipeline; bound are "
                                + environments.keySet()));
    }

    private DeliveryPipeline pipeline(String name) {
        return new DeliveryPipeline(clients::deploy, place.pipeline(name));
    }

    private PipelineRollout rollout(String environment, PipelineEnvironment binding) {
        return new PipelineRollout(
                binding,
                pipeline(binding.pipeline()),
                store,
                ledger(environment),
                new PipelineRollout.Surroundings(
                        digest -> place.objects() + digest.hex(),
                        alarm -> alarms().rings(environment, alarm),
                        place.console(binding.pipeline())));
    }
}
