// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.deliveries;

import dev.cumulane.aws.client.AwsClients;
import dev.cumulane.aws.client.AwsNames;
import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Deliveries;
import dev.cumulane.cloud.DeploymentStep;
import dev.cumulane.cloud.StepReport;
import dev.cumulane.cloud.StepState;
import dev.cumulane.pipeline.Environment;
import dev.cumulane.run.Produced;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/**
 * Puts a new version of the team's package in place of the one that this very code is of.
 *
 * <p>When a release is prepared, each worker gets a version with the alias of the new code beside those that runs in flight call, and engine and ingress get a version that nobody
 * calls yet; that of the engine is asked whether it is ready, for which it opens its engine and checks every plan. From there on engine and ingress are two functions with an alias
 * each, deployed to by {@link LambdaDeliveries}, the engine first.
 */
public final class SelfDeliveries implements Deliveries {
    /** What the engine's function answers with nothing, once its engine is open. */
    public static final String READY = "ready";

    /** The alias of engine and ingress by which they are called. */
    public static final String LIVE = "live";

    private static final String ENGINE = Environment.ITSELF.name();
    /** No environment of a pipeline can be called so. */
    private static final String INGRESS = ENGINE + ".ingress";

    private static final List<String> PARTS = List.of(ENGINE, INGRESS);

    private final AwsClients clients;
    private final AwsNames names;
    private final Optional<List<String>> workers;
    private final ArtifactStore store;
    private final LambdaDeliveries.Pace pace;
    private final BiConsumer<DeploymentStep, StepReport> over;
    private final Map<DeploymentStep, StepReport> told = new ConcurrentHashMap<>();
    private final LambdaDeliveries functions;

    /**
     * Deliveries of an installation to itself.
     *
     * @param clients the clients of its account
     * @param names what its functions are called
     * @param workers its workers; empty outside of the deployed engine, which alone does the steps
     * @param store holds artifacts and the reports of steps
     * @param over is told a step's report
     * @param pace how often and how long to look whether Lambda has taken new code
     */
    public SelfDeliveries(
            AwsClients clients,
            AwsNames names,
            Optional<List<String>> workers,
            ArtifactStore store,
            BiConsumer<DeploymentStep, StepReport> over,
            LambdaDeliveries.Pace pace) {
        this.clients = clients;
        this.names = names;
        this.workers = workers.map(List::copyOf);
        this.store = store;
        this.over = over;
        this.pace = pace;
        FunctionEnvironment engine = EnvironmentChoice.HERE
                .function(names.namespace() + "-engine")
                .alias(LIVE)
                .health("{\"" + READY + "\": true}");
        FunctionEnvironment ingress =
                EnvironmentChoice.HERE.function(names.namespace() + "-ingress").alias(LIVE);
        functions = new LambdaDeliveries(clients, Map.of(ENGINE, engine, INGRESS, ingress), store, told::put, pace);
    }

    @Override
    public Set<String> environments() {
        return Set.of(ENGINE);
    }

    @Override
    public void begin(DeploymentStep step) {
        if (workers.isEmpty()) {
            throw CloudException.permanent(
                    "Lambda", "only the deployed engine puts a new version of this installation in place");
        }
        if (step.wanted() instanceof DeploymentStep.Prepared prepared
                && look(step).end().isEmpty()) {
            prepareWorkers(prepared, workers.get());
        }
        List<StepReport> reports = new ArrayList<>();
        for (String part : PARTS) {
            StepReport report = done(part(step, part));
            reports.add(report);
            // A rollback goes on with the others whatever becomes of one.
            if (!report.succeeded() && !(step.wanted() instanceof DeploymentStep.RolledBack)) {
                break;
            }
        }
        over.accept(step, joined(reports));
    }

    private StepReport done(DeploymentStep part) {
        functions.begin(part);
        return Optional.ofNullable(told.remove(part))
                .orElseThrow(() -> new IllegalStateException("a function's step has no report: " + part));
    }

    private void prepareWorkers(DeploymentStep.Prepared wanted, List<String> all) {
        List<Produced> artifacts = wanted.release().artifacts();
        if (artifacts.size() == 1 && store.has(artifacts.get(0).digest())) {
            FunctionPackage code = FunctionPackage.of(store, artifacts.get(0));
            for (String worker : all) {
                new InstalledFunction(clients::lambda, worker, pace).addWorker(code, names.queueArn());
            }
            for (String caller : List.of("-engine", "-ingress")) {
                new InstalledFunction(clients::lambda, names.namespace() + caller, pace).nameCode(code);
            }
        }
    }

    @Override
    public StepState look(DeploymentStep step) {
        List<StepReport> reports = new ArrayList<>();
        for (String part : PARTS) {
            Optional<StepReport> end = functions.look(part(step, part)).end();
            if (end.isEmpty()) {
                return new StepState.Unknown();
            }
            reports.add(end.get());
            if (!end.get().succeeded()) {
                break;
            }
        }
        return new StepState.Ended(joined(reports));
    }

    @Override
    public boolean rings(String environment, String alarm) {
        return functions.rings(environment, alarm);
    }

    /** Each alias has a tag of its own; the step of the whole carries both. */
    private static DeploymentStep part(DeploymentStep step, String part) {
        List<String> tags = List.of(step.version().orElse("").split(" "));
        int index = PARTS.indexOf(part);
        Optional<String> tag =
                index < tags.size() ? Optional.of(tags.get(index)).filter(one -> !one.isEmpty()) : Optional.empty();
        return new DeploymentStep(step.run(), step.stage(), step.index(), part, step.fence(), tag, step.wanted());
    }

    private static StepReport joined(List<StepReport> reports) {
        Optional<StepReport> failed =
                reports.stream().filter(report -> !report.succeeded()).findFirst();
        List<String> tags =
                reports.stream().flatMap(report -> report.version().stream()).toList();
        return failed.orElseGet(() -> new StepReport(
                true,
                "",
                tags.size() == PARTS.size() ? Optional.of(String.join(" ", tags)) : Optional.empty(),
                reports.get(0).address()));
    }
}
