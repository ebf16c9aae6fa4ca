// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp;

import dev.cumulane.cloud.ArtifactStore;
import dev.cumulane.cloud.Blueprint;
import dev.cumulane.cloud.Capability;
import dev.cumulane.cloud.Cloud;
import dev.cumulane.cloud.Deliveries;
import dev.cumulane.cloud.DeploymentStep;
import dev.cumulane.cloud.EventSink;
import dev.cumulane.cloud.Installer;
import dev.cumulane.cloud.Journal;
import dev.cumulane.cloud.Logs;
import dev.cumulane.cloud.PriceList;
import dev.cumulane.cloud.Secrets;
import dev.cumulane.cloud.SignalEnvelope;
import dev.cumulane.cloud.Signals;
import dev.cumulane.cloud.StepReport;
import dev.cumulane.cloud.WorkEndpoint;
import dev.cumulane.cloud.WorkLauncher;
import dev.cumulane.cloud.WorkRunner;
import dev.cumulane.gcp.artifacts.CloudStorageArtifactStore;
import dev.cumulane.gcp.artifacts.IamSigner;
import dev.cumulane.gcp.blueprint.TerraformBlueprint;
import dev.cumulane.gcp.blueprint.TerraformInstaller;
import dev.cumulane.gcp.client.GcpClients;
import dev.cumulane.gcp.client.GcpNames;
import dev.cumulane.gcp.client.GoogleApi;
import dev.cumulane.gcp.client.GrpcClients;
import dev.cumulane.gcp.deliveries.CloudDeployDeliveries;
import dev.cumulane.gcp.deliveries.CloudRunDeliveries;
import dev.cumulane.gcp.deliveries.FunctionEnvironment;
import dev.cumulane.gcp.deliveries.GcpEnvironment;
import dev.cumulane.gcp.deliveries.PipelineEnvironment;
import dev.cumulane.gcp.events.PubSubEventSink;
import dev.cumulane.gcp.journal.FirestoreJournal;
import dev.cumulane.gcp.logs.CloudLogs;
import dev.cumulane.gcp.prices.GcpPriceList;
import dev.cumulane.gcp.secrets.SecretManagerSecrets;
import dev.cumulane.gcp.signals.PubSubSignals;
import dev.cumulane.gcp.work.BuildSettings;
import dev.cumulane.gcp.work.CloudBuildBuilds;
import dev.cumulane.gcp.work.CloudRunFunctions;
import dev.cumulane.gcp.work.WorkNames;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.AttemptId;
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
 * The cloud that is a project of Google Cloud: Firestore, Cloud Storage, Pub/Sub, Cloud Tasks and their kin. Made by {@link Gcp}.
 *
 * <p>A process that opens an engine on it appends and signals; the deployed functions do the work. What a service needs is made when it is first used. Safe for use by
 * several threads.
 */
public final class GcpCloud implements Cloud {
    /** The reference of the secret with which tickets of work orders are signed; the template makes it. */
    public static final String TICKET_KEY = "ticket-key";

    /** What the service account is for that signs requests of builds. */
    public static final String INGRESS = "ingress";

    static final String NAME = "gcp";

    private static final Set<Capability> CAPABILITIES = Collections.unmodifiableSet(EnumSet.of(
            Capability.BUILD,
            Capability.FUNCTION,
            Capability.LONG_FUNCTION,
            Capability.DEPLOY,
            Capability.TRAFFIC_SHARES,
            Capability.ALARMS,
            Capability.UNTRUSTED_WORK));

    private final GcpClients clients;
    private final GrpcClients own;
    private final GcpNames names;
    private final Settings settings;
    private final Journal journal;
    private final ArtifactStore artifacts;
    private final Signals signals;
    private final WorkRunner builds;
    private final WorkRunner functions;
    private final CloudDeployDeliveries handOvers;
    private final Deliveries deliveries;
    private final Secrets secrets;
    private final Logs logs;
    private final EventSink events;
    private final PriceList prices = new GcpPriceList();
    private final TerraformBlueprint blueprint;

    /**
     * What a description says besides where the project is.
     *
     * @param kept how long the records of a run are kept
     * @param environments the environments to deploy to
     * @param ingress where the deployed ingress answers
     * @param code the digest of the code that is deployed here
     */
    record Settings(
            Duration kept,
            SortedMap<String, GcpEnvironment> environments,
            Optional<URI> ingress,
            Optional<Digest> code) {}

    GcpCloud(GcpClients clients, GcpNames names, Settings settings) {
        this.clients = clients;
        this.own = new GrpcClients(clients);
        this.names = names;
        this.settings = settings;
        journal = new FirestoreJournal(api("firestore"), names, settings.kept(), clock());
        artifacts = new CloudStorageArtifactStore(
                api("storage"),
                names,
                new IamSigner(api("iamcredentials"), () -> names.serviceAccount(INGRESS)),
                clock());
        signals = new PubSubSignals(api("pubsub"), api("cloudtasks"), names, clock());
        WorkNames work = new WorkNames(names);
        builds = new CloudBuildBuilds(
                own::builds, new BuildSettings(work, BuildSettings.SMALL, Optional.empty()), WorkLauncher::script);
        functions = new CloudRunFunctions(api("cloudtasks"), api("run"), artifacts, work);
        BiConsumer<DeploymentStep, StepReport> over =
                (step, report) -> signals.send(SignalEnvelope.stepOver(step, report));
        handOvers = new CloudDeployDeliveries(
                own,
                new CloudDeployDeliveries.Place(
                        names.project(),
                        names.region(),
                        "gs://" + names.bucket() + "/" + CloudStorageArtifactStore.OBJECTS),
                bound(PipelineEnvironment.class),
                artifacts,
                over);
        deliveries = Deliveries.of(
                new CloudRunDeliveries(
                        own,
                        work.location(),
                        bound(FunctionEnvironment.class),
                        artifacts,
                        over,
                        CloudRunDeliveries.Pace.USUAL),
                handOvers);
        secrets = new SecretManagerSecrets(api("secretmanager"), names);
        logs = new CloudLogs(api("logging"), this::phase, names);
        events = new PubSubEventSink(api("pubsub"), names);
        blueprint = new TerraformBlueprint(work, settings.environments());
    }

    /**
     * What the installation's resources are called.
     *
     * @return the names
     */
    public GcpNames names() {
        return names;
    }

    private <E extends GcpEnvironment> SortedMap<String, E> bound(Class<E> kind) {
        SortedMap<String, E> bound = new TreeMap<>();
        settings.environments().forEach((name, environment) -> {
            if (kind.isInstance(environment)) {
                bound.put(name, kind.cast(environment));
            }
        });
        return bound;
    }

    /**
     * The part of the deliveries that follows Cloud Deploy, for its messages.
     *
     * @return the port
     */
    public CloudDeployDeliveries handOvers() {
        return handOvers;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Set<Capability> capabilities() {
        return CAPABILITIES;
    }

    @Override
    public InstantSource clock() {
        return InstantSource.system();
    }

    @Override
    public Journal journal() {
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

    /** Known without the address of ingress, too. */
    @Override
    public List<String> ticketKeys() {
        return List.of(TICKET_KEY);
    }

    @Override
    public Signals signals() {
        return signals;
    }

    @Override
    public WorkRunner builds() {
        return builds;
    }

    @Override
    public WorkRunner functions() {
        return functions;
    }

    @Override
    public Optional<Duration> longestFunction() {
        return Optional.of(CloudRunFunctions.LONGEST);
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
        return Optional.of(new TerraformInstaller(api("storage"), api("pubsub"), own::services, names, blueprint));
    }

    /** Closes the clients. Builds and functions go on. */
    @Override
    public void close() {
        own.close();
    }

    private WorkRunner.Phase phase(AttemptId attempt, String serviceId) {
        return (CloudRunFunctions.isCall(serviceId) ? functions : builds).look(attempt, serviceId);
    }

    private Supplier<GoogleApi> api(String service) {
        return () -> clients.api(service);
    }
}
