// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.cumulane.aws.AwsCloud;
import dev.cumulane.aws.client.AwsClients;
import dev.cumulane.aws.client.AwsNames;
import dev.cumulane.aws.emulator.Emulators;
import dev.cumulane.aws.emulator.FaultProxy;
import dev.cumulane.aws.emulator.LocalDynamoDb;
import dev.cumulane.aws.emulator.Moto;
import dev.cumulane.aws.fake.FakeCodeBuild;
import dev.cumulane.aws.fake.FakeLambda;
import dev.cumulane.aws.fake.FakeScheduler;
import dev.cumulane.aws.journal.JournalTable;
import dev.cumulane.aws.secrets.SecretsManagerSecrets;
import dev.cumulane.aws.signals.QueuePump;
import dev.cumulane.aws.signals.SqsBatch.Message;
import dev.cumulane.aws.work.BuildSettings;
import dev.cumulane.aws.work.WorkNames;
import dev.cumulane.cloud.Journal;
import dev.cumulane.cloud.contract.Swap;
import dev.cumulane.endtoend.Neighbours;
import dev.cumulane.endtoend.OnLoopback;
import dev.cumulane.engine.Engine;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.run.TrustLevel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.services.cloudwatch.model.ComparisonOperator;
import software.amazon.awssdk.services.cloudwatch.model.StateValue;
import software.amazon.awssdk.services.cloudwatch.model.Statistic;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * An account with one installation in it, on loopback: DynamoDBLocal; moto for S3, SQS, Secrets Manager and CloudWatch; our own CodeBuild, Lambda and Scheduler; the
 * function URL, and the event source mapping between queue and engine. Functions see the services through {@link Wire} alone.
 *
 * <p>Once it {@linkplain #disturb is disturbed}, so are requests, a batch's answer is lost or a batch is handed over twice, and events of CodeBuild are lost or doubled.
 */
final class AwsOnLoopback implements OnLoopback, AutoCloseable {
    static final String WEBHOOK_SECRET = "canary-webhook-secret-9d21";
    static final SortedMap<String, String> SECRETS = new TreeMap<>(Map.of(
            "github-webhook",
            WEBHOOK_SECRET,
            "github-token",
            Neighbours.GITHUB_TOKEN,
            "slack-bot",
            Neighbours.SLACK_TOKEN,
            "link-key",
            "canary-link-key-51c6",
            "npm-token",
            "canary-npm-token-e88b",
            "scanner-token",
            "canary-scanner-token-0a4d",
            AwsCloud.TICKET_KEY,
            "canary-ticket-key-a3f65d0c-9b1e7742"));

    /** As often as the template says. */
    static final int MOST_RECEIVES = 20;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int HIDDEN_SECONDS = 60;
    private static final String CODE = "the team's jar";

    private final AwsNames names = new AwsNames(Emulators.REGION, Moto.name("e2e"), () -> Emulators.ACCOUNT);
    private final WorkNames work = new WorkNames(names);
    private final AwsClients clients =
            Emulators.clients(Map.of("dynamodb", LocalDynamoDb.endpoint(), "*", Moto.endpoint()));
    private final Map<String, String> variables = new ConcurrentHashMap<>();
    private final Queue<String> messages = new ConcurrentLinkedQueue<>();
    private final List<AutoCloseable> closing = new ArrayList<>();
    private final Path directory;
    private final Setup setup;
    private final Random luck;
    private double faults;
    private final String workerName;
    private final Wire wire;
    private final Neighbours neighbours;
    private final FakeCodeBuild codeBuild;
    private final FakeLambda lambda;
    private final FakeScheduler scheduler;
    private final Sandboxes ingress;
    private final Sandboxes engine;
    private final Sandboxes worker;
    private final FunctionUrl url;
    private final AwsCloud cloud;

    /**
     * How it is set up.
     *
     * @param seed for what is drawn
     * @param sandbox makes the sandboxes
     * @param engines how many of the engine's work at once
     * @param holdSeconds how long a canary keeps its share
     * @param mostReceives how often a message is received before it is a dead letter
     */
    record Setup(long seed, SandboxMaker sandbox, int engines, int holdSeconds, int mostReceives) {}

    /** Starts sandboxes of a role. */
    @FunctionalInterface
    interface SandboxMaker {
        Sandboxes.Sandbox start(Map<String, String> variables, Path log) throws IOException;
    }

    AwsOnLoopback(Path directory, String repository, Setup setup) throws IOException {
        this.directory = directory;
        this.setup = setup;
        this.luck = new Random(setup.seed());
        this.wire = closing(new Wire(setup.seed()));
        this.neighbours = closing(new Neighbours());
        this.codeBuild =
                closing(new FakeCodeBuild(directory.resolve("builds"), InstantSource.system(), this::buildEvent));
        this.lambda = closing(new FakeLambda(this::invoked, this::send));
        this.scheduler = closing(new FakeScheduler(names.schedules()));
        this.workerName = work.worker(TrustLevel.TRUSTED, List.of("scanner-token"));
        this.ingress = closing(new Sandboxes(
                names.namespace() + "-ingress",
                2,
                number -> sandbox("ingress", names.namespace() + "-ingress", number)));
        this.engine = closing(new Sandboxes(
                names.namespace() + "-engine",
                setup.engines(),
                number -> sandbox("engine", names.namespace() + "-engine", number)));
        this.worker = closing(new Sandboxes(workerName, 2, number -> sandbox("worker", workerName, number)));
        this.url = closing(new FunctionUrl(ingress));
        wire.before("dynamodb", LocalDynamoDb.endpoint());
        wire.before("codebuild", codeBuild.endpoint());
        wire.before("lambda", lambda.endpoint());
        wire.before("scheduler", scheduler.endpoint());
        wire.before("*", Moto.endpoint());
        FaultProxy outside = wire.before(Wire.INGRESS, url.address());
        variables.put(ShopCi.NAMESPACE, names.namespace());
        variables.put(ShopCi.ENDPOINTS, wire.endpoints());
        variables.put(ShopCi.NEIGHBOURS, neighbours.origin().toString());
        variables.put(ShopCi.PAGES, outside.endpoint().toString());
        variables.put(ShopCi.REPOSITORY, repository);
        variables.put(ShopCi.HOLD, Integer.toString(setup.holdSeconds()));
        variables.put("CUMULANE_ACCOUNT", Emulators.ACCOUNT);
        install();
        deploy(CODE);
        this.cloud = closing(observed());
        for (int i = 0; i < setup.engines(); i++) {
            closing(new QueuePump(clients::sqs, queueUrl(), HIDDEN_SECONDS, this::batch));
        }
    }

    private <T extends AutoCloseable> T closing(T resource) {
        closing.add(resource);
        return resource;
    }

    private void install() {
        clients.dynamoDb().createTable(JournalTable.definition(names.table()));
        clients.sqs().createQueue(request -> request.queueName(names.deadLetters()));
        clients.sqs()
                .createQueue(request -> request.queueName(names.queue())
                        .attributes(Map.of(
                                QueueAttributeName.REDRIVE_POLICY,
                                "{\"deadLetterTargetArn\":\"" + names.arn("sqs", "eu-west-1", names.deadLetters())
                                        + "\",\"maxReceiveCount\":" + setup.mostReceives() + "}")));
        clients.s3()
                .createBucket(request -> request.bucket(names.bucket())
                        .createBucketConfiguration(where -> where.locationConstraint("eu-west-1")));
        SECRETS.forEach((reference, value) -> {
            String name = SecretsManagerSecrets.name(names.namespace(), reference);
            clients.secretsManager().createSecret(request -> request.name(name).secretString(value));
            codeBuild.secret(name, value);
        });
        clients.cloudWatch()
                .putMetricAlarm(alarm -> alarm.alarmName(ShopCi.ALARM)
                        .namespace("AWS/Lambda")
                        .metricName("Errors")
                        .statistic(Statistic.SUM)
                        .comparisonOperator(ComparisonOperator.GREATER_THAN_THRESHOLD)
                        .threshold(0.0)
                        .period(60)
                        .evaluationPeriods(1));
        alarm(StateValue.OK);
        projects();
        lambda.function(workerName, new byte[0]);
        lambda.function(ShopCi.FUNCTION, "the first release".getBytes(UTF_8));
        publish(ShopCi.FUNCTION, "live");
    }

    private void projects() {
        try (AwsClients direct = Emulators.clients(Map.of("*", codeBuild.endpoint()))) {
            for (TrustLevel trust : TrustLevel.values()) {
                project(direct, work.project("shop", trust));
                project(direct, work.project("five", trust));
                project(direct, work.project(Swap.NAME, trust));
            }
        }
    }

    private void project(AwsClients direct, String name) {
        direct.codeBuild()
                .createProject(project -> project.name(name)
                        .serviceRole(work.roleArn(work.buildRole(name, List.of())))
                        .source(source -> source.type("NO_SOURCE").buildspec("{\"version\":\"0.2\"}"))
                        .artifacts(artifacts -> artifacts.type("NO_ARTIFACTS"))
                        .environment(environment -> environment
                                .type("LINUX_CONTAINER")
                                .image("aws/codebuild/standard:7.0")
                                .computeType(BuildSettings.SMALL)));
    }

    private void publish(String function, String alias) {
        try (AwsClients direct = Emulators.clients(Map.of("*", lambda.endpoint()))) {
            String version = direct.lambda()
                    .publishVersion(request -> request.functionName(function))
                    .version();
            direct.lambda()
                    .createAlias(request ->
                            request.functionName(function).name(alias).functionVersion(version));
        }
    }

    /** The cloud as a function sees it: through the wire, and with its role. */
    AwsCloud cloudOf(String function) {
        return closing(ShopCi.described(variables)
                .credentials(StaticCredentialsProvider.create(AwsBasicCredentials.create(wire.key(function), "secret")))
                .connect());
    }

    /**
     * Deploys code, as the template does: functions start anew, and the worker has a version more, under an alias made of the code's digest.
     *
     * @param code stands for the team's jar
     */
    void deploy(String code) {
        Digest digest = Digest.of(code.getBytes(UTF_8));
        variables.put("CUMULANE_CODE", digest.hex());
        lambda.replace(workerName, code.getBytes(UTF_8));
        publish(workerName, WorkNames.alias(digest));
        restart();
    }

    /** All sandboxes end, and new ones start with the next events. */
    void restart() {
        functions().values().forEach(Sandboxes::recycle);
    }

    /** The cloud as somebody outside of the functions sees it, undisturbed. */
    private AwsCloud observed() {
        SortedMap<String, String> direct = new TreeMap<>(variables);
        direct.put("CUMULANE_INGRESS", variables.getOrDefault(ShopCi.PAGES, ""));
        direct.put(
                ShopCi.ENDPOINTS,
                "dynamodb=" + LocalDynamoDb.endpoint() + " codebuild=" + codeBuild.endpoint() + " lambda="
                        + lambda.endpoint() + " scheduler=" + scheduler.endpoint() + " *=" + Moto.endpoint());
        return ShopCi.described(direct)
                .credentials(StaticCredentialsProvider.create(AwsBasicCredentials.create("TEST", "secret")))
                .connect();
    }

    private Sandboxes.Sandbox sandbox(String role, String function, int number) throws IOException {
        SortedMap<String, String> given = new TreeMap<>(variables);
        given.put("CUMULANE_ROLE", role);
        if (role.equals("engine")) {
            given.put("CUMULANE_INGRESS", variables.getOrDefault(ShopCi.PAGES, ""));
        }
        given.put("AWS_ACCESS_KEY_ID", wire.key(function));
        Files.createDirectories(directory.resolve("logs"));
        return setup.sandbox().start(given, directory.resolve("logs").resolve(role + "-" + number + ".txt"));
    }

    /** What Lambda runs by its own interface: workers, and the function that is deployed to. */
    private byte[] invoked(byte[] code, String arn, String id, byte[] payload) throws FunctionFailedException {
        return arn.contains(":function:" + ShopCi.FUNCTION) ? "{}".getBytes(UTF_8) : worker.invoke(arn, id, payload);
    }

    private synchronized boolean unlucky() {
        return luck.nextDouble() < faults;
    }

    private void buildEvent(String event) {
        if (!unlucky()) {
            send(event);
            if (unlucky()) {
                send(event);
            }
        }
    }

    /** What another service puts into the queue. */
    void send(String body) {
        clients.sqs().sendMessage(request -> request.queueUrl(queueUrl()).messageBody(body));
    }

    private List<String> batch(List<Message> batch) {
        ObjectNode event = JSON.createObjectNode();
        ArrayNode records = event.putArray("Records");
        for (Message message : batch) {
            messages.add(message.body());
            records.addObject()
                    .put("messageId", message.id())
                    .put("receiptHandle", message.receipt())
                    .put("body", message.body())
                    .putObject("attributes")
                    .put("ApproximateReceiveCount", Integer.toString(message.receives()));
        }
        List<String> failed = new ArrayList<>();
        try {
            if (unlucky()) {
                engine.invoke(event.toString().getBytes(UTF_8));
            }
            JSON.readTree(engine.invoke(event.toString().getBytes(UTF_8)))
                    .path("batchItemFailures")
                    .forEach(each -> failed.add(each.path("itemIdentifier").asText()));
            return unlucky() ? again(batch) : failed;
        } catch (FunctionFailedException e) {
            return again(batch);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lambda does not know that it was handled; the test does not wait for as long as the queue would. */
    private List<String> again(List<Message> batch) {
        batch.forEach(message -> clients.sqs()
                .changeMessageVisibility(request -> request.queueUrl(queueUrl())
                        .receiptHandle(message.receipt())
                        .visibilityTimeout(0)));
        return batch.stream().map(Message::id).toList();
    }

    /** From now on this share of requests, batches and events is disturbed. */
    synchronized void disturb(double share) {
        faults = share;
        wire.disturb(share);
    }

    /** The timer comes round: five minutes have passed for all open runs. */
    void sweep() throws FunctionFailedException {
        var now = cloud.clock().instant();
        for (Journal.Listed listed : cloud.journal().open(now.plus(Duration.ofDays(1)), 1000)) {
            cloud.journal().lookAgain(listed.run(), now);
        }
        engine.invoke("{\"sweep\": true}".getBytes(UTF_8));
    }

    void alarm(StateValue state) {
        clients.cloudWatch()
                .setAlarmState(request ->
                        request.alarmName(ShopCi.ALARM).stateValue(state).stateReason("the test says so"));
    }

    @Override
    public void alarm(boolean rings) {
        alarm(rings ? StateValue.ALARM : StateValue.OK);
    }

    @Override
    public String webhookSecret() {
        return WEBHOOK_SECRET;
    }

    @Override
    public URI ingressAddress() {
        return URI.create(variables.getOrDefault(ShopCi.PAGES, ""));
    }

    /** Registers the pipeline that is compared between clouds; to be called before anything happens. */
    void alsoSwaps() {
        variables.put(ShopCi.SWAP, "");
    }

    @Override
    public Engine reader() {
        return ShopCi.setUp(Engine.on(cloud), variables).attach();
    }

    AwsCloud cloud() {
        return cloud;
    }

    AwsClients clients() {
        return clients;
    }

    AwsNames names() {
        return names;
    }

    Wire wire() {
        return wire;
    }

    @Override
    public Neighbours neighbours() {
        return neighbours;
    }

    FakeCodeBuild codeBuild() {
        return codeBuild;
    }

    FakeLambda lambda() {
        return lambda;
    }

    FunctionUrl url() {
        return url;
    }

    /** The functions by their roles. */
    Map<String, Sandboxes> functions() {
        return Map.of("ingress", ingress, "engine", engine, "worker", worker);
    }

    /** The bodies of all messages that were received. */
    List<String> messages() {
        return List.copyOf(messages);
    }

    /** The queue's address. */
    String queueUrl() {
        return clients.sqs()
                .getQueueUrl(request -> request.queueName(names.queue()))
                .queueUrl();
    }

    /** Whether no signal waits or is on its way; those for a later instant are held back. */
    boolean isQuiet() {
        return clients
                .sqs()
                .getQueueAttributes(request -> request.queueUrl(queueUrl())
                        .attributeNames(
                                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                                QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE))
                .attributes()
                .values()
                .stream()
                .allMatch("0"::equals);
    }

    /** How many messages are dead letters. */
    int deadLetters() {
        String dead = clients.sqs()
                .getQueueUrl(request -> request.queueName(names.deadLetters()))
                .queueUrl();
        return Integer.parseInt(clients.sqs()
                .getQueueAttributes(request ->
                        request.queueUrl(dead).attributeNames(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES))
                .attributes()
                .get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES));
    }

    @Override
    public void close() {
        for (int i = closing.size() - 1; i >= 0; i--) {
            try {
                closing.get(i).close();
            } catch (Exception e) {
                throw new IllegalStateException("could not be closed", e);
            }
        }
        clients.close();
    }
}
