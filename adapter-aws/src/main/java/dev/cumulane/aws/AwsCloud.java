// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws;

import dev.cumulane.aws.artifacts.S3ArtifactStore;
import dev.cumulane.aws.blueprint.CloudFormationBlueprint;
import dev.cumulane.aws.blueprint.CloudFormationInstaller;
import dev.cumulane.aws.client.AwsClients;
import dev.cumulane.aws.client.AwsNames;
import dev.cumulane.aws.client.AwsService;
import dev.cumulane.aws.client.Lazy;
import dev.cumulane.aws.deliveries.AwsEnvironment;
import dev.cumulane.aws.deliveries.CodePipelineDeliveries;
import dev.cumulane.aws.deliveries.FunctionEnvironment;
import dev.cumulane.aws.deliveries.LambdaDeliveries;
import dev.cumulane.aws.deliveries.PipelineEnvironment;
import dev.cumulane.aws.deliveries.SelfDeliveries;
import dev.cumulane.aws.events.EventBridgeEventSink;
import dev.cumulane.aws.journal.DynamoDbJournal;
import dev.cumulane.aws.logs.CloudWatchLogs;
import dev.cumulane.aws.metrics.CloudWatchMetrics;
import dev.cumulane.aws.prices.AwsPriceList;
import dev.cumulane.aws.secrets.SecretsManagerSecrets;
import dev.cumulane.aws.signals.SqsSignals;
import dev.cumulane.aws.work.BuildSettings;
import dev.cumulane.aws.work.CodeBuildBuilds;
import dev.cumulane.aws.work.LambdaCompute;
import dev.cumulane.aws.work.LambdaFunctions;
import dev.cumulane.aws.work.WorkNames;
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
import dev.cumulane.cloud.Metrics;
import dev.cumulane.cloud.PriceList;
import dev.cumulane.cloud.Secrets;
import dev.cumulane.cloud.SignalEnvelope;
import dev.cumulane.cloud.Signals;
import dev.cumulane.cloud.StepReport;
import dev.cumulane.cloud.WorkEndpoint;
import dev.cumulane.cloud.WorkLauncher;
import dev.cumulane.cloud.WorkRunner;
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

/**
 * The cloud that is an AWS account: DynamoDB, S3, SQS, CodeBuild, Lambda and their kin. Made by {@link Aws}.
 *
 * <p>A process that opens an engine on it appends and signals; the deployed functions do the work. The clients of the services are made when they are first used. Safe
 * for use by several threads.
 */
public final class AwsCloud implements Cloud {
    /** The reference of the secret with which tickets of work orders are signed; the template makes it. */
    public static final String TICKET_KEY = "ticket-key";

    static final String NAME = "aws";

    private static final Set<Capability> CAPABILITIES = Collections.unmodifiableSet(EnumSet.of(
            Capability.BUILD,
            Capability.FUNCTION,
            Capability.LONG_FUNCTION,
            Capability.DEPLOY,
            Capability.TRAFFIC_SHARES,
            Capability.ALARMS,
            Capability.UPDATE_SELF,
            Capability.UNTRUSTED_WORK));

    private final AwsClients clients;
    private final AwsNames names;
    private final Settings settings;
    private final Journal journal;
    private final ArtifactStore artifacts;
    private final Signals signals;
    private final CodeBuildBuilds builds;
    private final LambdaFunctions functions;
    private final CodePipelineDeliveries handOvers;
    private final Deliveries deliveries;
    private final Secrets secrets;
    private final Logs logs;
    private final EventSink events;
    private final Metrics metrics;
    private final CloudFormationBlueprint blueprint;
    private final PriceList prices = new AwsPriceList();

    /**
     * What a description says besides where the account is.
     *
     * @param kept how long the records of a run are kept
     * @param environments the environments to deploy to
     * @param mirror where images of Docker Hub are pulled from instead
     * @param lambda the size of builds on Lambda compute, if what can run there does
     * @param ingress where the deployed ingress answers
     * @param code the digest of the code that is deployed here
     * @param measured whether what this process prints becomes the log of a function, of which CloudWatch makes metrics
     * @param workers the workers of the installation, where this is its engine and updates it
     */
    record Settings(
            Duration kept,
            SortedMap<String, AwsEnvironment> environments,
            Optional<String> mirror,
            Optional<LambdaCompute> lambda,
            Optional<URI> ingress,
            Optional<Digest> code,
            boolean measured,
            Optional<List<String>> workers) {}

    AwsCloud(AwsClients clients, String namespace, Optional<String> account, Settings settings) {
        this.clients = clients;
        this.settings = settings;
        String region = clients.connection().region().id();
        Lazy<String> asked = new Lazy<>(() -> account(clients));
        names = new AwsNames(clients.connection().region(), namespace, () -> account.orElseGet(asked));
        journal = new DynamoDbJournal(clients::dynamoDb, names.table(), region, settings.kept(), clock());
        artifacts = new S3ArtifactStore(clients::s3, clients::s3Presigner, names::bucket, region);
        signals = new SqsSignals(clients::sqs, clients::scheduler, names, clock());
        WorkNames work = new WorkNames(names);
        BuildSettings buildSettings =
                new BuildSettings(work, BuildSettings.SMALL, settings.mirror(), settings.lambda());
        builds = new CodeBuildBuilds(clients::codeBuild, buildSettings, WorkLauncher::script);
        functions = new LambdaFunctions(clients::lambda, artifacts, work);
        BiConsumer<DeploymentStep, StepReport> over =
                (step, report) -> signals.send(SignalEnvelope.stepOver(step, report));
        handOvers = new CodePipelineDeliveries(clients, bound(PipelineEnvironment.class), artifacts, over);
        deliveries = Deliveries.of(
                new LambdaDeliveries(
                        clients, bound(FunctionEnvironment.class), artifacts, over, LambdaDeliveries.Pace.USUAL),
                handOvers,
                new SelfDeliveries(clients, names, settings.workers(), artifacts, over, LambdaDeliveries.Pace.USUAL));
        secrets = new SecretsManagerSecrets(clients::secretsManager, clients::ssm, names, clock());
        logs = new CloudWatchLogs(clients::logs, this::phase, region);
        events = new EventBridgeEventSink(clients::eventBridge, names);
        metrics = settings.measured() ? new CloudWatchMetrics(names, clock(), System.out::println) : Metrics.none();
        blueprint = new CloudFormationBlueprint(names, buildSettings, settings.environments());
    }

    /**
     * What the installation's resources are called.
     *
     * @return the names
     */
    public AwsNames names() {
        return names;
    }

    private <E extends AwsEnvironment> SortedMap<String, E> bound(Class<E> kind) {
        SortedMap<String, E> bound = new TreeMap<>();
        settings.environments().forEach((name, environment) -> {
            if (kind.isInstance(environment)) {
                bound.put(name, kind.cast(environment));
            }
        });
        return bound;
    }

    /**
     * The part of the deliveries that follows CodePipeline, for its events.
     *
     * @return the port
     */
    public CodePipelineDeliveries handOvers() {
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

    /** Known without the address of ingress, which ingress itself is not told: its URL is made after it. */
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
        return Optional.of(LambdaFunctions.LONGEST);
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
    public Metrics metrics() {
        return metrics;
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
        return Optional.of(new CloudFormationInstaller(clients, names, blueprint));
    }

    /** Closes the clients. Builds and functions go on. */
    @Override
    public void close() {
        clients.close();
    }

    /** An invocation's id has three parts, a build's two. */
    private WorkRunner.Phase phase(AttemptId attempt, String serviceId) {
        boolean function = serviceId.chars().filter(c -> c == ':').count() == 2;
        return (function ? functions : builds).look(attempt, serviceId);
    }

    private static String account(AwsClients clients) {
        return new AwsService(
                        "STS",
                        "the token service in " + clients.connection().region().id())
                .call("find the number of the account", () -> clients.sts().getCallerIdentity())
                .account();
    }
}
