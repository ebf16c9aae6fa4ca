// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.client;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.StandardRetryStrategy;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.codebuild.CodeBuildClient;
import software.amazon.awssdk.services.codepipeline.CodePipelineClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;
import software.amazon.awssdk.services.scheduler.SchedulerClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.sts.StsClient;

/**
 * The clients of the services, each made when it is first used: a function that only answers a webhook never loads the ones it does not need.
 *
 * <p>All share one HTTP client, the one on {@link java.net.HttpURLConnection}, which starts fastest. A call is tried four times at most, with growing, random
 * pauses; a service that does not answer for 10 seconds (60 for S3, which carries large bodies) counts as lost, so a caller gets its answer or a failure within 45
 * seconds. The port says what a lost answer means. Any thread.
 */
public final class AwsClients implements AutoCloseable {
    /** How often a call is tried. */
    public static final int ATTEMPTS = 4;

    private static final String PRESIGNER = "s3-presigner";
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration SILENCE = Duration.ofSeconds(10);
    private static final Duration WHOLE_CALL = Duration.ofSeconds(45);
    private static final Duration SILENCE_OF_S3 = Duration.ofMinutes(1);
    private static final Duration WHOLE_CALL_TO_S3 = Duration.ofMinutes(5);

    private final Connection connection;
    private final Map<String, AutoCloseable> made = new ConcurrentHashMap<>();
    private final Lazy<SdkHttpClient> http;
    private final boolean isOurs;

    /**
     * What all clients have in common.
     *
     * @param region where the services are
     * @param credentials whose calls they are
     * @param endpoints for some services, by the name they have in their usual address ({@code dynamodb}, {@code events}), another address; {@code *} stands for all
     *     others
     * @param interceptors see every call, for tests that count
     */
    public record Connection(
            Region region,
            AwsCredentialsProvider credentials,
            Map<String, URI> endpoints,
            List<ExecutionInterceptor> interceptors) {
        /** Copies. */
        public Connection {
            endpoints = new TreeMap<>(endpoints);
            interceptors = List.copyOf(interceptors);
        }
    }

    /**
     * Clients that are not made yet.
     *
     * @param connection what they have in common
     */
    public AwsClients(Connection connection) {
        this.connection = connection;
        this.http = new Lazy<>(() -> UrlConnectionHttpClient.builder()
                .connectionTimeout(CONNECT)
                .socketTimeout(SILENCE_OF_S3)
                .build());
        this.isOurs = true;
    }

    private AwsClients(Connection connection, Lazy<SdkHttpClient> http) {
        this.connection = connection;
        this.http = http;
        this.isOurs = false;
    }

    /**
     * CloudFormation, which only those who install call.
     *
     * @return the client
     */
    public CloudFormationClient cloudFormation() {
        return (CloudFormationClient) client("cloudformation");
    }

    /**
     * CloudWatch, for alarms.
     *
     * @return the client
     */
    public CloudWatchClient cloudWatch() {
        return (CloudWatchClient) client("cloudwatch");
    }

    /**
     * CloudWatch Logs.
     *
     * @return the client
     */
    public CloudWatchLogsClient logs() {
        return (CloudWatchLogsClient) client("logs");
    }

    /**
     * CodeBuild.
     *
     * @return the client
     */
    public CodeBuildClient codeBuild() {
        return (CodeBuildClient) client("codebuild");
    }

    /**
     * CodePipeline.
     *
     * @return the client
     */
    public CodePipelineClient codePipeline() {
        return (CodePipelineClient) client("codepipeline");
    }

    /**
     * DynamoDB.
     *
     * @return the client
     */
    public DynamoDbClient dynamoDb() {
        return (DynamoDbClient) client("dynamodb");
    }

    /**
     * EventBridge.
     *
     * @return the client
     */
    public EventBridgeClient eventBridge() {
        return (EventBridgeClient) client("events");
    }

    /**
     * Lambda.
     *
     * @return the client
     */
    public LambdaClient lambda() {
        return (LambdaClient) client("lambda");
    }

    /**
     * S3.
     *
     * @return the client
     */
    public S3Client s3() {
        return (S3Client) client("s3");
    }

    /**
     * What signs requests to S3 that others send. It calls no service.
     *
     * @return the presigner
     */
    public S3Presigner s3Presigner() {
        return (S3Presigner) client(PRESIGNER);
    }

    /**
     * EventBridge Scheduler.
     *
     * @return the client
     */
    public SchedulerClient scheduler() {
        return (SchedulerClient) client("scheduler");
    }

    /**
     * Secrets Manager.
     *
     * @return the client
     */
    public SecretsManagerClient secretsManager() {
        return (SecretsManagerClient) client("secretsmanager");
    }

    /**
     * SQS.
     *
     * @return the client
     */
    public SqsClient sqs() {
        return (SqsClient) client("sqs");
    }

    /**
     * Parameter Store.
     *
     * @return the client
     */
    public SsmClient ssm() {
        return (SsmClient) client("ssm");
    }

    /**
     * The token service, which knows the account.
     *
     * @return the client
     */
    public StsClient sts() {
        return (StsClient) client("sts");
    }

    /**
     * What all clients have in common.
     *
     * @return the connection
     */
    public Connection connection() {
        return connection;
    }

    /**
     * Clients for the calls of somebody else, to the same places by the same HTTP client: close these, not those.
     *
     * @param other whose calls they are
     * @return clients that are not made yet
     */
    public AwsClients withCredentials(AwsCredentialsProvider other) {
        return new AwsClients(
                new Connection(connection.region(), other, connection.endpoints(), connection.interceptors()), http);
    }

    /** Closes the clients that were made. */
    @Override
    public void close() {
        made.values().forEach(AwsClients::closeQuietly);
        if (isOurs) {
            http.made().ifPresent(AwsClients::closeQuietly);
        }
    }

    private S3Client makeS3() {
        // A bucket's name in the path needs no name service that knows it.
        boolean elsewhere = endpoint("s3") != null;
        return configure("s3", S3Client.builder().forcePathStyle(elsewhere), SILENCE_OF_S3, WHOLE_CALL_TO_S3);
    }

    private S3Presigner makeS3Presigner() {
        URI endpoint = endpoint("s3");
        S3Presigner.Builder builder = S3Presigner.builder()
                .region(connection.region())
                .credentialsProvider(connection.credentials())
                .serviceConfiguration(S3Configuration.builder()
                        .pathStyleAccessEnabled(endpoint != null)
                        .build());
        return (endpoint == null ? builder : builder.endpointOverride(endpoint)).build();
    }

    private AutoCloseable client(String service) {
        return made.computeIfAbsent(service, this::make);
    }

    /** Here and nowhere else: a field or a lambda for each client would load the classes of all of them at once. */
    private AutoCloseable make(String service) {
        return switch (service) {
            case "cloudformation" -> configure(service, CloudFormationClient.builder());
            case "cloudwatch" -> configure(service, CloudWatchClient.builder());
            case "logs" -> configure(service, CloudWatchLogsClient.builder());
            case "codebuild" -> configure(service, CodeBuildClient.builder());
            case "codepipeline" -> configure(service, CodePipelineClient.builder());
            case "dynamodb" -> configure(service, DynamoDbClient.builder());
            case "events" -> configure(service, EventBridgeClient.builder());
            case "lambda" -> configure(service, LambdaClient.builder());
            case "scheduler" -> configure(service, SchedulerClient.builder());
            case "secretsmanager" -> configure(service, SecretsManagerClient.builder());
            case "sqs" -> configure(service, SqsClient.builder());
            case "ssm" -> configure(service, SsmClient.builder());
            case "sts" -> configure(service, StsClient.builder());
            case "s3" -> makeS3();
            case PRESIGNER -> makeS3Presigner();
            default -> throw new IllegalArgumentException("there is no client of " + service);
        };
    }

    private <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C configure(String service, B builder) {
        return configure(service, builder, SILENCE, WHOLE_CALL);
    }

    private <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C configure(
            String service, B builder, Duration silence, Duration whole) {
        builder.region(connection.region())
                .credentialsProvider(connection.credentials())
                .httpClient(http.get())
                .overrideConfiguration(overrides(silence, whole));
        URI endpoint = endpoint(service);
        return (endpoint == null ? builder : builder.endpointOverride(endpoint)).build();
    }

    private ClientOverrideConfiguration overrides(Duration silence, Duration whole) {
        StandardRetryStrategy retries = AwsRetryStrategy.standardRetryStrategy().toBuilder()
                .maxAttempts(ATTEMPTS)
                .backoffStrategy(BackoffStrategy.exponentialDelay(Duration.ofMillis(50), Duration.ofSeconds(2)))
                .throttlingBackoffStrategy(
                        BackoffStrategy.exponentialDelay(Duration.ofMillis(200), Duration.ofSeconds(5)))
                .build();
        ClientOverrideConfiguration.Builder overrides = ClientOverrideConfiguration.builder()
                .retryStrategy(retries)
                .apiCallAttemptTimeout(silence)
                .apiCallTimeout(whole);
        connection.interceptors().forEach(overrides::addExecutionInterceptor);
        return overrides.build();
    }

    private @Nullable URI endpoint(String service) {
        URI own = connection.endpoints().get(service);
        return own == null ? connection.endpoints().get("*") : own;
    }

    private static void closeQuietly(AutoCloseable client) {
        try {
            client.close();
        } catch (Exception e) {
            throw new IllegalStateException("a client could not be closed", e);
        }
    }
}
