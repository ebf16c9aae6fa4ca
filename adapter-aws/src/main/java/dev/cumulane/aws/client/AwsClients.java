// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws.client;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
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

    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration SILENCE = Duration.ofSeconds(10);
    private static final Duration WHOLE_CALL = Duration.ofSeconds(45);
    private static final Duration SILENCE_OF_S3 = Duration.ofMinutes(1);
    private static final Duration WHOLE_CALL_TO_S3 = Duration.ofMinutes(5);

    private final Connection connection;
    private final List<Lazy<? extends AutoCloseable>> made = new ArrayList<>();
    private final Lazy<SdkHttpClient> http;
    private final Lazy<CloudFormationClient> cloudFormation = client("cloudformation", CloudFormationClient::builder);
    private final Lazy<CloudWatchClient> cloudWatch = client("cloudwatch", CloudWatchClient::builder);
    private final Lazy<CloudWatchLogsClient> logs = client("logs", CloudWatchLogsClient::builder);
    private final Lazy<CodeBuildClient> codeBuild = client("codebuild", CodeBuildClient::builder);
    private final Lazy<CodePipelineClient> codePipeline = client("codepipeline", CodePipelineClient::builder);
    private final Lazy<DynamoDbClient> dynamoDb = client("dynamodb", DynamoDbClient::builder);
    private final Lazy<EventBridgeClient> eventBridge = client("events", EventBridgeClient::builder);
    private final Lazy<LambdaClient> lambda = client("lambda", LambdaClient::builder);
    private final Lazy<S3Client> s3 = closing(this::makeS3);
    private final Lazy<S3Presigner> s3Presigner = closing(this::makeS3Presigner);
    private final Lazy<SchedulerClient> scheduler = client("scheduler", SchedulerClient::builder);
    private final Lazy<SecretsManagerClient> secretsManager = client("secretsmanager", SecretsManagerClient::builder);
    private final Lazy<SqsClient> sqs = client("sqs", SqsClient::builder);
    private final Lazy<SsmClient> ssm = client("ssm", SsmClient::builder);
    private final Lazy<StsClient> sts = client("sts", StsClient::builder);

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
        made.add(0, http);
    }

    private AwsClients(Connection connection, Lazy<SdkHttpClient> http) {
        this.connection = connection;
        this.http = http;
    }

    /**
     * CloudFormation, which only those who install call.
     *
     * @return the client
     */
    public CloudFormationClient cloudFormation() {
        return cloudFormation.get();
    }

    /**
     * CloudWatch, for alarms.
     *
     * @return the client
     */
    public CloudWatchClient cloudWatch() {
        return cloudWatch.get();
    }

    /**
     * CloudWatch Logs.
     *
     * @return the client
     */
    public CloudWatchLogsClient logs() {
        return logs.get();
    }

    /**
     * CodeBuild.
     *
     * @return the client
     */
    public CodeBuildClient codeBuild() {
        return codeBuild.get();
    }

    /**
     * CodePipeline.
     *
     * @return the client
     */
    public CodePipelineClient codePipeline() {
        return codePipeline.get();
    }

    /**
     * DynamoDB.
     *
     * @return the client
     */
    public DynamoDbClient dynamoDb() {
        return dynamoDb.get();
    }

    /**
     * EventBridge.
     *
     * @return the client
     */
    public EventBridgeClient eventBridge() {
        return eventBridge.get();
    }

    /**
     * Lambda.
     *
     * @return the client
     */
    public LambdaClient lambda() {
        return lambda.get();
    }

    /**
     * S3.
     *
     * @return the client
     */
    public S3Client s3() {
        return s3.get();
    }

    /**
     * What signs requests to S3 that others send. It calls no service.
     *
     * @return the presigner
     */
    public S3Presigner s3Presigner() {
        return s3Presigner.get();
    }

    /**
     * EventBridge Scheduler.
     *
     * @return the client
     */
    public SchedulerClient scheduler() {
        return scheduler.get();
    }

    /**
     * Secrets Manager.
     *
     * @return the client
     */
    public SecretsManagerClient secretsManager() {
        return secretsManager.get();
    }

    /**
     * SQS.
     *
     * @return the client
     */
    public SqsClient sqs() {
        return sqs.get();
    }

    /**
     * Parameter Store.
     *
     * @return the client
     */
    public SsmClient ssm() {
        return ssm.get();
    }

    /**
     * The token service, which knows the account.
     *
     * @return the client
     */
    public StsClient sts() {
        return sts.get();
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
        for (int i = made.size() - 1; i >= 0; i--) {
            made.get(i).made().ifPresent(AwsClients::closeQuietly);
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

    private <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C extends AutoCloseable> Lazy<C> client(
            String service, Supplier<B> builder) {
        return closing(() -> configure(service, builder.get(), SILENCE, WHOLE_CALL));
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

    private <T extends AutoCloseable> Lazy<T> closing(Supplier<T> maker) {
        Lazy<T> lazy = new Lazy<>(maker);
        made.add(lazy);
        return lazy;
    }

    private static void closeQuietly(AutoCloseable client) {
        try {
            client.close();
        } catch (Exception e) {
            throw new IllegalStateException("a client could not be closed", e);
        }
    }
}
