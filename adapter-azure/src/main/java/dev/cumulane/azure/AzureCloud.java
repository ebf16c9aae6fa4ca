// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure;

import dev.cumulane.azure.artifacts.BlobArtifactStore;
import dev.cumulane.azure.blueprint.BicepBlueprint;
import dev.cumulane.azure.blueprint.DeploymentStackInstaller;
import dev.cumulane.azure.client.AzureClients;
import dev.cumulane.azure.client.AzureNames;
import dev.cumulane.azure.client.DevOpsApi;
import dev.cumulane.azure.client.DevOpsProject;
import dev.cumulane.azure.deliveries.AzureEnvironment;
import dev.cumulane.azure.deliveries.ContainerAppEnvironment;
import dev.cumulane.azure.deliveries.ContainerAppsDeliveries;
import dev.cumulane.azure.deliveries.DevOpsDeliveries;
import dev.cumulane.azure.deliveries.HandsOver;
import dev.cumulane.azure.deliveries.PipelineEnvironment;
import dev.cumulane.azure.events.EventGridEventSink;
import dev.cumulane.azure.journal.TableJournal;
import dev.cumulane.azure.logs.MonitorLogs;
import dev.cumulane.azure.logs.PipelineLogs;
import dev.cumulane.azure.prices.AzurePriceList;
import dev.cumulane.azure.secrets.KeyVaultSecrets;
import dev.cumulane.azure.signals.QueueSignals;
import dev.cumulane.azure.work.Agents;
import dev.cumulane.azure.work.BuildSettings;
import dev.cumulane.azure.work.DevOpsBuilds;
import dev.cumulane.azure.work.FunctionAppFunctions;
import dev.cumulane.azure.work.PipelineRuns;
import dev.cumulane.azure.work.WorkNames;
import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.Blueprint;
import dev.cumulane.cloud.Capability;
import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.cloud.Deliveries;
import dev.cumulane.cloud.DeploymentStep;
import dev.cumulane.cloud.EventSink;
import dev.cumulane.cloud.Installer;
import dev.cumulane.cloud.Logs;
import dev.cumulane.cloud.PriceList;
import dev.cumulane.cloud.Secrets;
import dev.cumulane.cloud.SignalEnvelope;
import dev.cumulane.cloud.StepReport;
import dev.cumulane.cloud.WorkEndpoint;
import dev.cumulane.cloud.WorkLauncher;
import dev.cumulane.cloud.WorkRunner;
import dev.cumulane.pipeline.Digest;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * The cloud that is a resource group of Azure: Table, Blob and Queue storage, Functions, Key Vault, Event Grid and Monitor; and a project of Azure DevOps. Made by {@link Azure}.
 *
 * <p>A process that opens an engine on it appends and signals; the deployed functions do the work, builds run on Azure Pipelines. The clients of the services are made when they
 * are first used. Safe for use by several threads.
 */
public final class AzureCloud implements Cloud, HandsOver {
    /** The reference of the secret with which tickets of work orders are signed; the template makes it. */
    public static final String TICKET_KEY = AzureNames.TICKET_KEY;

    static final String NAME = "azure";

    private final AzureClients clients;
    private final Settings settings;
    private final TableJournal journal;
    private final ArtifactStore artifacts;
    private final QueueSignals signals;
    private final Optional<DevOpsBuilds> builds;
    private final FunctionAppFunctions functions;
    private final Optional<DevOpsDeliveries> handOvers;
    private final Deliveries deliveries;
    private final BicepBlueprint blueprint;
    private final Installer installer;
    private final Secrets secrets;
    private final Logs logs;
    private final EventSink events;
    private final PriceList prices = new AzurePriceList();

    /**
     * What a description says besides where the installation is.
     *
     * @param kept how long the records of a run are kept
     * @param devOps whose pipelines run builds
     * @param ingress where the deployed ingress answers
     * @param agents the machines that builds run on
     * @param accessToken a personal access token for Azure DevOps, in place of an identity
     * @param code the digest of the code that is deployed here
     * @param environments the environments to deploy to
     */
    record Settings(
            Duration kept,
            Optional<DevOpsProject> devOps,
            Optional<URI> ingress,
            Agents agents,
            Optional<Supplier<String>> accessToken,
            Optional<Digest> code,
            SortedMap<String, AzureEnvironment> environments) {}

    AzureCloud(AzureClients clients, Settings settings) {
        this.clients = clients;
        this.settings = settings;
        AzureNames names = names();
        journal = new TableJournal(clients::tables, names, settings.kept(), clock());
        artifacts = new BlobArtifactStore(clients::blobs, names, clock());
        signals = new QueueSignals(clients::queues, names, artifacts, clock());
        BiConsumer<DeploymentStep, StepReport> over =
                (step, report) -> signals.send(SignalEnvelope.stepOver(step, report));
        secrets = new KeyVaultSecrets(clients::secrets, names);
        WorkNames work = new WorkNames(names);
        Optional<PipelineRuns> runs = settings.devOps()
                .map(project ->
                        new PipelineRuns(new DevOpsApi(clients, project, settings.accessToken()), artifacts, clock()));
        handOvers = runs.map(
                started -> new DevOpsDeliveries(clients, started, bound(PipelineEnvironment.class), artifacts, over));
        Deliveries apps = new ContainerAppsDeliveries(
                clients, bound(ContainerAppEnvironment.class), artifacts, over, ContainerAppsDeliveries.Pace.USUAL);
        deliveries = handOvers.map(pipelines -> Deliveries.of(apps, pipelines)).orElse(apps);
        builds = runs.map(
                started -> new DevOpsBuilds(started, new BuildSettings(work, settings.agents()), WorkLauncher::script));
        functions = new FunctionAppFunctions(clients::queues, artifacts, work);
        blueprint = new BicepBlueprint(work, settings.devOps(), settings.environments());
        installer = new DeploymentStackInstaller(clients, blueprint, artifacts);
        logs = logs(runs);
        events = new EventGridEventSink(clients);
    }

    /** Of functions from Azure Monitor, of builds from Azure Pipelines. */
    private Logs logs(Optional<PipelineRuns> runs) {
        Logs ofFunctions = new MonitorLogs(clients, functions::look);
        Logs ofBuilds = runs.<Logs>map(started -> new PipelineLogs(started, builds.orElseThrow()::look))
                .orElse(ofFunctions);
        return (attempt, serviceId, position, most) -> (FunctionAppFunctions.isCall(serviceId) ? ofFunctions : ofBuilds)
                .read(attempt, serviceId, position, most);
    }

    private <E extends AzureEnvironment> SortedMap<String, E> bound(Class<E> kind) {
        SortedMap<String, E> bound = new TreeMap<>();
        settings.environments().forEach((name, environment) -> {
            if (kind.isInstance(environment)) {
                bound.put(name, kind.cast(environment));
            }
        });
        return bound;
    }

    /**
     * What the installation's resources are called.
     *
     * @return the names
     */
    public AzureNames names() {
        return clients.connection().names();
    }

    /**
     * Whose pipelines run builds.
     *
     * @return the project of Azure DevOps, if one was named
     */
    public Optional<DevOpsProject> devOps() {
        return settings.devOps();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<Capability> capabilities() {
        Set<Capability> capabilities =
                EnumSet.of(Capability.FUNCTION, Capability.DEPLOY, Capability.TRAFFIC_SHARES, Capability.ALARMS);
        if (builds.isPresent()) {
            capabilities.add(Capability.BUILD);
        }
        return Collections.unmodifiableSet(capabilities);
    }

    @Override
    public InstantSource clock() {
        return InstantSource.system();
    }

    /** Its {@link TableJournal#deleteEnded} is for the sweep. */
    @Override
    public TableJournal journal() {
        return journal;
    }

    @Override
    public ArtifactStore artifacts() {
        return artifacts;
    }

    @Override
    public Optional<WorkEndpoint> workEndpoint() {
        return settings.ingress().map(address -> {
            String start = address.toString().replaceFirst("/$", "");
            return new WorkEndpoint(URI.create(start + "/work"), List.of(TICKET_KEY));
        });
    }

    /** Known without the address of ingress, which ingress itself need not be told. */
    @Override
    public List<String> ticketKeys() {
        return List.of(TICKET_KEY);
    }

    @Override
    public QueueSignals signals() {
        return signals;
    }

    @Override
    public WorkRunner builds() {
        return builds.orElseThrow(() -> CloudException.permanent(
                "Azure", "nobody has said whose pipelines run builds; call devOps(organization, project)"));
    }

    @Override
    public WorkRunner functions() {
        return functions;
    }

    @Override
    public Optional<Duration> longestFunction() {
        return Optional.of(FunctionAppFunctions.LONGEST);
    }

    @Override
    public Optional<Digest> deployedCode() {
        return settings.code();
    }

    @Override
    public Deliveries deliveries() {
        return deliveries;
    }

    @Override
    public Optional<DevOpsDeliveries> handOvers() {
        return handOvers;
    }

    @Override
    public Secrets secrets() {
        return secrets;
    }

    @Override
    public Logs logs() {
        return logs;
    }

    @Override
    public EventSink events() {
        return events;
    }

    @Override
    public PriceList prices() {
        return prices;
    }

    @Override
    public Optional<Blueprint> blueprint() {
        return Optional.of(blueprint);
    }

    @Override
    public Optional<Installer> installer() {
        return Optional.of(installer);
    }

    /** Has nothing to close: the clients hold nothing but connections, which end when nobody uses them. */
    @Override
    public void close() {}
}
