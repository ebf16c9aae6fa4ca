// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.azure;

import com.azure.core.credential.TokenCredential;
import com.azure.core.http.HttpClient;
import com.azure.core.http.policy.HttpPipelinePolicy;
import dev.cumulane.azure.client.AzureClients;
import dev.cumulane.azure.client.AzureNames;
import dev.cumulane.azure.client.AzureVariables;
import dev.cumulane.azure.client.DevOpsProject;
import dev.cumulane.azure.client.Identity;
import dev.cumulane.azure.client.PackagedCode;
import dev.cumulane.azure.deliveries.AzureEnvironment;
import dev.cumulane.azure.deliveries.EnvironmentChoice;
import dev.cumulane.azure.deliveries.PipelineEnvironment;
import dev.cumulane.azure.work.Agents;
import dev.cumulane.cloud.CloudException;
import dev.cumulane.pipeline.Digest;
import dev.cumulane.pipeline.Environment;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Describes the cloud that is a resource group of an Azure subscription: {@code Azure.inResourceGroup("shop").namespace("shop-ci").devOps("shop", "Shop").connect()}.
 *
 * <p>What is not said is found where Azure's own tools look: the identity by the {@linkplain Identity#usual usual chain}, the subscription in {@value #SUBSCRIPTION_VARIABLE}. A
 * deployed function reads its subscription and its ingress from its environment, where the template puts them. One thread; nothing is called before a port is used.
 */
public final class Azure {
    /** The environment variable with the id of the subscription. */
    public static final String SUBSCRIPTION_VARIABLE = AzureVariables.SUBSCRIPTION;

    /** The environment variable with a personal access token for Azure DevOps, by which its own command line knows it, too. */
    public static final String ACCESS_TOKEN_VARIABLE = "AZURE_DEVOPS_EXT_PAT";

    /** How long the records of a run are kept unless something else is said: longer than an approval may wait. */
    public static final Duration KEPT = Duration.ofDays(400);

    private static final Duration SHORTEST_KEPT = Duration.ofDays(30);

    private final String resourceGroup;
    private final Map<String, String> environment;
    private final SortedMap<String, URI> endpoints = new TreeMap<>();
    private final SortedMap<String, AzureEnvironment> environments = new TreeMap<>();
    private String namespace = "cumulane";
    private Duration kept = KEPT;
    private Optional<String> subscription;
    private Optional<URI> ingress;
    private Agents agents = Agents.USUAL;
    private Optional<DevOpsProject> devOps = Optional.empty();
    private Optional<TokenCredential> credential = Optional.empty();
    private Optional<HttpClient> http = Optional.empty();
    private List<HttpPipelinePolicy> watchers = List.of();

    Azure(String resourceGroup, Map<String, String> environment) {
        this.resourceGroup = AzureNames.checkResourceGroup(resourceGroup);
        this.environment = environment;
        this.subscription = variable(SUBSCRIPTION_VARIABLE).map(AzureNames::checkSubscription);
        this.ingress = variable(AzureVariables.INGRESS).map(URI::create);
    }

    /**
     * An installation in a resource group, in the namespace {@code cumulane}.
     *
     * @param name the group's name
     * @return the description
     * @throws IllegalArgumentException if it has not the form of one
     */
    public static Azure inResourceGroup(String name) {
        return new Azure(name, System.getenv());
    }

    /**
     * What the names of the installation's resources begin with; several installations in one resource group differ in it.
     *
     * @param name 3 to 24 lower-case letters, digits and single hyphens, a letter first
     * @return this
     * @throws IllegalArgumentException if it has another form
     */
    public Azure namespace(String name) {
        namespace = AzureNames.checkNamespace(name);
        return this;
    }

    /**
     * Whose resources they are, where the environment does not say it.
     *
     * @param id the subscription's id
     * @return this
     * @throws IllegalArgumentException if it has not the form of one
     */
    public Azure subscription(String id) {
        subscription = Optional.of(AzureNames.checkSubscription(id));
        return this;
    }

    /**
     * Whose pipelines run builds.
     *
     * @param organization the organization of Azure DevOps
     * @param project the project
     * @return this
     * @throws IllegalArgumentException if one of them has not the form of its kind
     */
    public Azure devOps(String organization, String project) {
        devOps = Optional.of(new DevOpsProject(organization, project));
        return this;
    }

    /**
     * The machines that builds run on, in place of Microsoft's usual ones.
     *
     * @param machines an image of hosted agents, or a pool of one's own
     * @return this
     */
    public Azure agents(Agents machines) {
        agents = machines;
        return this;
    }

    /**
     * Where the deployed ingress answers, for an engine outside of the functions that starts builds itself.
     *
     * @param address such as {@code https://shop-ci-ingress-0f7d2c1e4b.azurewebsites.net}
     * @return this
     */
    public Azure ingress(URI address) {
        ingress = Optional.of(address);
        return this;
    }

    /**
     * Binds an environment to deploy to.
     *
     * @param name what pipelines call it
     * @param binding what it is here, as in {@code e -> e.containerApp("shop-api").pulling("shop.azurecr.io/shop")}
     * @return this
     * @throws IllegalArgumentException if it is bound already
     */
    public Azure environment(String name, Function<EnvironmentChoice, ? extends AzureEnvironment> binding) {
        AzureEnvironment bound = binding.apply(EnvironmentChoice.HERE);
        if (environments.putIfAbsent(Environment.environment(name).name(), bound) != null) {
            throw new IllegalArgumentException("environment '" + name + "' is bound twice");
        }
        return this;
    }

    /**
     * How long the records of a run are kept from its start; 400 days unless something else is said.
     *
     * @param time at least 30 days, and longer than any run lasts
     * @return this
     */
    public Azure keeping(Duration time) {
        if (time.compareTo(SHORTEST_KEPT) < 0) {
            throw new IllegalArgumentException(
                    "runs are kept for at least " + SHORTEST_KEPT.toDays() + " days, not " + time);
        }
        kept = time;
        return this;
    }

    /**
     * Whose calls they are, in place of the usual chain.
     *
     * @param tokens gives tokens
     * @return this
     */
    public Azure credential(TokenCredential tokens) {
        credential = Optional.of(tokens);
        return this;
    }

    /**
     * Where a service is, for tests against emulators and for private endpoints.
     *
     * @param service {@code blob}, {@code queue}, {@code table}, {@code vault}, {@code eventgrid}, {@code loganalytics}, {@code devops} or {@code management}; {@code *} for all others
     * @param address its address, which begins with {@code https} where a token is shown
     * @return this
     */
    public Azure endpoint(String service, URI address) {
        endpoints.put(service, address);
        return this;
    }

    Azure watchedBy(HttpClient client, HttpPipelinePolicy... policies) {
        http = Optional.of(client);
        watchers = List.of(policies);
        return this;
    }

    /**
     * The cloud. Calls nothing: what is missing in the subscription is found when it is used, and named.
     *
     * @return the cloud, which the caller closes
     * @throws IllegalStateException if an environment needs a project of Azure DevOps and none is named
     */
    public AzureCloud connect() {
        if (devOps.isEmpty() && environments.values().stream().anyMatch(PipelineEnvironment.class::isInstance)) {
            throw new IllegalStateException("an environment is bound to a pipeline of Azure DevOps, and nobody has"
                    + " said of which project; call devOps(organization, project)");
        }
        Optional<String> id = subscription;
        AzureNames names = new AzureNames(resourceGroup, namespace, () -> id.orElseThrow(Azure::noSubscription));
        Optional<TokenCredential> own = credential;
        Supplier<TokenCredential> tokens = () -> own.orElseGet(() -> Identity.usual(environment));
        AzureClients clients = new AzureClients(new AzureClients.Connection(names, tokens, endpoints, watchers, http));
        Optional<Supplier<String>> token = variable(ACCESS_TOKEN_VARIABLE).map(shown -> () -> shown);
        Optional<Digest> code = PackagedCode.of(Azure.class)
                .or(() -> variable(AzureVariables.CODE).map(Digest::new));
        return new AzureCloud(
                clients,
                new AzureCloud.Settings(kept, devOps, ingress, agents, token, code, new TreeMap<>(environments)));
    }

    private static CloudException noSubscription() {
        return CloudException.permanent(
                "Azure",
                "nobody has said which subscription it is; set " + SUBSCRIPTION_VARIABLE
                        + " or call subscription(…), and 'az account show' tells its id");
    }

    private Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }
}
