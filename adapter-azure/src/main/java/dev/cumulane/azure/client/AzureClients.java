// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure.client;

import com.azure.core.credential.TokenCredential;
import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpPipeline;
import com.azure.core.http.HttpPipelineBuilder;
import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.core.http.policy.BearerTokenAuthenticationPolicy;
import com.azure.core.http.policy.ExponentialBackoffOptions;
import com.azure.core.http.policy.HttpPipelinePolicy;
import com.azure.core.http.policy.RequestIdPolicy;
import com.azure.core.http.policy.RetryOptions;
import com.azure.core.http.policy.RetryPolicy;
import com.azure.data.tables.TableServiceClient;
import com.azure.data.tables.TableServiceClientBuilder;
import com.azure.security.keyvault.secrets.SecretClient;
import com.azure.security.keyvault.secrets.SecretClientBuilder;
import com.azure.storage.blob.BlobServiceClient;
import com.azure.storage.blob.BlobServiceClientBuilder;
import com.azure.storage.common.policy.RequestRetryOptions;
import com.azure.storage.common.policy.RetryPolicyType;
import com.azure.storage.queue.QueueMessageEncoding;
import com.azure.storage.queue.QueueServiceClient;
import com.azure.storage.queue.QueueServiceClientBuilder;
import com.google.common.base.Suppliers;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The clients of the services, each made when it is first used: a function that only answers a webhook never loads the ones it does not need.
 *
 * <p>All use one kind of HTTP client, the JDK's own. A call is tried four times at most, with growing, random pauses; a service that does not answer for 10 seconds (60 for
 * Blob storage, which carries large bodies) counts as lost. The port says what a lost answer means. Services that have no client here are called by a {@linkplain #rest
 * pipeline} of the same habits. Any thread; there is nothing to close.
 */
public final class AzureClients {
    /** How often a call is tried. */
    public static final int ATTEMPTS = 4;

    /** What a token for the resource manager is asked for. */
    public static final String MANAGEMENT = "https://management.azure.com/.default";

    private static final String VAULTS = ".vault.azure.net";
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration SILENCE = Duration.ofSeconds(10);
    private static final Duration SILENCE_OF_BLOBS = Duration.ofMinutes(1);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    private final Connection connection;
    private final Supplier<HttpClient> http = Suppliers.memoize(() -> makeHttp(SILENCE));
    private final Supplier<HttpClient> patientHttp = Suppliers.memoize(() -> makeHttp(SILENCE_OF_BLOBS));
    private final Supplier<TokenCredential> credential = Suppliers.memoize(this::makeCredential);
    private final Supplier<HttpPipeline> manager = Suppliers.memoize(() -> rest(MANAGEMENT));
    private final Supplier<BlobServiceClient> blobs = Suppliers.memoize(this::makeBlobs);
    private final Supplier<QueueServiceClient> queues = Suppliers.memoize(this::makeQueues);
    private final Supplier<TableServiceClient> tables = Suppliers.memoize(this::makeTables);
    private final Supplier<SecretClient> secrets = Suppliers.memoize(this::makeSecrets);

    /**
     * What all clients have in common.
     *
     * @param names where the services are
     * @param credential makes what tells whose calls they are, on first use
     * @param endpoints for some services, by the name that they have in their usual address ({@code blob}, {@code queue}, {@code table}, {@code vault}, {@code management}),
     *     another address; {@code *} stands for all others
     * @param watchers see every attempt of a call, for tests that count
     * @param http sends the requests, in tests; usually empty
     */
    public record Connection(
            AzureNames names,
            Supplier<TokenCredential> credential,
            Map<String, URI> endpoints,
            List<HttpPipelinePolicy> watchers,
            Optional<HttpClient> http) {
        /** Copies. */
        public Connection {
            endpoints = new TreeMap<>(endpoints);
            watchers = List.copyOf(watchers);
        }
    }

    /**
     * Clients that are not made yet.
     *
     * @param connection what they have in common
     */
    public AzureClients(Connection connection) {
        this.connection = connection;
    }

    /**
     * Blob storage.
     *
     * @return the client
     */
    public BlobServiceClient blobs() {
        return blobs.get();
    }

    /**
     * Queue storage. It writes and reads messages in base64, as the host of the functions does.
     *
     * @return the client
     */
    public QueueServiceClient queues() {
        return queues.get();
    }

    /**
     * Table storage.
     *
     * @return the client
     */
    public TableServiceClient tables() {
        return tables.get();
    }

    /**
     * Key Vault.
     *
     * @return the client
     */
    public SecretClient secrets() {
        return secrets.get();
    }

    /**
     * What calls a service that has no client here: it repeats what may pass and says whose call it is.
     *
     * @param scope what a token is asked for, such as {@code https://management.azure.com/.default}
     * @return the pipeline, a new one each time
     */
    public HttpPipeline rest(String scope) {
        return rest(new BearerTokenAuthenticationPolicy(credential.get(), scope));
    }

    /**
     * What calls a service that knows its callers by other means than a token of this cloud.
     *
     * @param authentication says whose call it is, at each attempt
     * @return the pipeline, a new one each time
     */
    public HttpPipeline rest(HttpPipelinePolicy authentication) {
        return rest(authentication, retries());
    }

    /**
     * What calls a service that would do twice what it is asked twice: it repeats only what was refused as too much.
     *
     * @param authentication says whose call it is, at each attempt
     * @return the pipeline, a new one each time
     */
    public HttpPipeline restOnce(HttpPipelinePolicy authentication) {
        return rest(
                authentication,
                retries()
                        .setShouldRetryCondition(said -> said.getResponse() != null
                                && said.getResponse().getStatusCode() == AzureService.TOO_MANY));
    }

    /**
     * What tells whose calls they are.
     *
     * @return the same each time
     */
    public TokenCredential credential() {
        return credential.get();
    }

    /**
     * What sends large things to a service, and gives it a minute to take them.
     *
     * @param scope what a token is asked for
     * @return the pipeline, a new one each time
     */
    public HttpPipeline uploads(String scope) {
        return rest(new BearerTokenAuthenticationPolicy(credential.get(), scope), retries(), patientHttp.get());
    }

    private HttpPipeline rest(HttpPipelinePolicy authentication, RetryOptions retries) {
        return rest(authentication, retries, http.get());
    }

    private HttpPipeline rest(HttpPipelinePolicy authentication, RetryOptions retries, HttpClient client) {
        List<HttpPipelinePolicy> policies = new ArrayList<>();
        policies.add(new RequestIdPolicy());
        policies.add(new RetryPolicy(retries));
        policies.add(authentication);
        policies.addAll(connection.watchers());
        return new HttpPipelineBuilder()
                .httpClient(client)
                .policies(policies.toArray(HttpPipelinePolicy[]::new))
                .build();
    }

    /**
     * Where a service is.
     *
     * @param service the name that it has in its usual address
     * @param usual tells that address, if it is wanted
     * @return the address, another one where that was configured
     */
    public URI endpoint(String service, Supplier<String> usual) {
        URI own = connection
                .endpoints()
                .getOrDefault(service, connection.endpoints().get("*"));
        return own != null ? own : URI.create(usual.get());
    }

    /**
     * The resource manager, which knows every resource of a subscription.
     *
     * @return what calls it
     */
    public AzureRest resourceManager() {
        return resourceManager(new AzureService("the resource manager", "resource group " + connection.names()));
    }

    /**
     * The resource manager, for what one service has in it.
     *
     * @param service the service, for messages
     * @return what calls it
     */
    public AzureRest resourceManager(AzureService service) {
        return new AzureRest(service, manager);
    }

    /**
     * Where the resource manager has a resource.
     *
     * @param resourceId as {@link AzureNames#resourceId} tells it, perhaps with more behind it
     * @param version of the interface, such as {@code 2025-02-15}
     * @return the address
     */
    public URI resource(String resourceId, String version) {
        URI manager = endpoint("management", () -> "https://management.azure.com");
        return URI.create(manager + resourceId + "?api-version=" + version);
    }

    /**
     * What all clients have in common.
     *
     * @return the connection
     */
    public Connection connection() {
        return connection;
    }

    private HttpClient makeHttp(Duration silence) {
        return connection
                .http()
                .orElseGet(() -> new JdkHttpClientBuilder()
                        .connectionTimeout(CONNECT)
                        .responseTimeout(silence)
                        .readTimeout(silence)
                        .writeTimeout(silence)
                        .build());
    }

    private TokenCredential makeCredential() {
        return connection.credential().get();
    }

    private BlobServiceClient makeBlobs() {
        BlobServiceClientBuilder builder = new BlobServiceClientBuilder()
                .endpoint(storage("blob"))
                .credential(credential.get())
                .httpClient(patientHttp.get())
                .retryOptions(storageRetries(SILENCE_OF_BLOBS));
        connection.watchers().forEach(builder::addPolicy);
        return builder.buildClient();
    }

    private QueueServiceClient makeQueues() {
        QueueServiceClientBuilder builder = new QueueServiceClientBuilder()
                .endpoint(storage("queue"))
                .credential(credential.get())
                .httpClient(http.get())
                .messageEncoding(QueueMessageEncoding.BASE64)
                .retryOptions(storageRetries(SILENCE));
        connection.watchers().forEach(builder::addPolicy);
        return builder.buildClient();
    }

    private TableServiceClient makeTables() {
        TableServiceClientBuilder builder = new TableServiceClientBuilder()
                .endpoint(storage("table"))
                .credential(credential.get())
                .httpClient(http.get())
                .retryOptions(retries());
        connection.watchers().forEach(builder::addPolicy);
        return builder.buildClient();
    }

    private SecretClient makeSecrets() {
        URI vault = endpoint("vault", () -> "https://" + connection.names().vault() + VAULTS);
        SecretClientBuilder builder = new SecretClientBuilder()
                .vaultUrl(vault.toString())
                .credential(credential.get())
                .httpClient(http.get())
                .retryOptions(retries());
        if (!vault.toString().endsWith(VAULTS)) {
            // A vault elsewhere, behind a private endpoint or in a test, asks for tokens of a domain that is not its
            // own.
            builder.disableChallengeResourceVerification();
        }
        connection.watchers().forEach(builder::addPolicy);
        return builder.buildClient();
    }

    private String storage(String service) {
        return endpoint(service, () -> "https://" + connection.names().account() + "." + service + ".core.windows.net")
                .toString();
    }

    private static RequestRetryOptions storageRetries(Duration silence) {
        return new RequestRetryOptions(
                RetryPolicyType.EXPONENTIAL, Integer.valueOf(ATTEMPTS), silence, FIRST_PAUSE, LONGEST_PAUSE, null);
    }

    private static RetryOptions retries() {
        return new RetryOptions(new ExponentialBackoffOptions()
                .setMaxRetries(ATTEMPTS - 1)
                .setBaseDelay(FIRST_PAUSE)
                .setMaxDelay(LONGEST_PAUSE));
    }
}
