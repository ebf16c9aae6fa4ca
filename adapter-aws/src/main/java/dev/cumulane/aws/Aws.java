// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.aws;

import dev.cumulane.aws.client.AwsClients;
import dev.cumulane.aws.client.AwsNames;
import dev.cumulane.aws.client.AwsVariables;
import dev.cumulane.aws.deliveries.AwsEnvironment;
import dev.cumulane.aws.deliveries.EnvironmentChoice;
import dev.cumulane.aws.work.LambdaCompute;
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
import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.regions.Region;

/**
 * Describes the cloud that is an AWS account: {@code Aws.inRegion("eu-west-1").namespace("shop-ci").connect()}.
 *
 * <p>What is not said is found where AWS's own tools look: credentials by the usual chain of environment, profile and role. A deployed function reads its account, its
 * ingress and the digest of its code from its environment, where the template puts them. One thread; nothing is called before a port is used.
 */
public final class Aws {
    /** What Lambda sets in every function. */
    private static final String IN_LAMBDA = "AWS_LAMBDA_FUNCTION_NAME";

    /** The environment variable with the number of the account; without it the token service is asked once. */
    public static final String ACCOUNT_VARIABLE = AwsVariables.ACCOUNT;

    /** The environment variable with the address of the deployed ingress. */
    public static final String INGRESS_VARIABLE = AwsVariables.INGRESS;

    /** The environment variable with the sha-256 of the deployed jar. */
    public static final String CODE_VARIABLE = AwsVariables.CODE;

    /** How long the records of a run are kept unless something else is said: longer than an approval may wait. */
    public static final Duration KEPT = Duration.ofDays(400);

    private static final Duration SHORTEST_KEPT = Duration.ofDays(30);
    private static final Pattern REGION = Pattern.compile("[a-z]{2,3}(-[a-z]+)+-[0-9]");

    private final Region region;
    private final Map<String, String> environment;
    private final SortedMap<String, AwsEnvironment> environments = new TreeMap<>();
    private final SortedMap<String, URI> endpoints = new TreeMap<>();
    private String namespace = "cumulane";
    private Duration kept = KEPT;
    private Optional<String> account;
    private Optional<URI> ingress;
    private Optional<AwsCredentialsProvider> credentials = Optional.empty();
    private Optional<String> mirror = Optional.empty();
    private Optional<LambdaCompute> lambda = Optional.empty();
    private List<ExecutionInterceptor> interceptors = List.of();

    Aws(Region region, Map<String, String> environment) {
        this.region = region;
        this.environment = environment;
        this.account = variable(ACCOUNT_VARIABLE).map(AwsNames::checkAccount);
        this.ingress = variable(INGRESS_VARIABLE).map(URI::create);
    }

    /**
     * An installation in a region, in the namespace {@code cumulane}.
     *
     * @param region the region's id, such as {@code eu-west-1}
     * @return the description
     * @throws IllegalArgumentException if it has not the form of a region
     */
    public static Aws inRegion(String region) {
        if (!REGION.matcher(region).matches()) {
            throw new IllegalArgumentException("not a region of AWS: '" + region.replaceAll("\\p{Cntrl}", "?")
                    + "'; it looks like eu-west-1 or us-east-2");
        }
        return new Aws(Region.of(region), System.getenv());
    }

    /**
     * What the names of the installation's resources begin with; several installations in one account differ in it, since roles have no region.
     *
     * @param name 3 to 24 lower-case letters, digits and single hyphens, a letter first
     * @return this
     * @throws IllegalArgumentException if it has another form
     */
    public Aws namespace(String name) {
        namespace = AwsNames.checkNamespace(name);
        return this;
    }

    /**
     * Whose resources they are, where the token service is not to be asked.
     *
     * @param number 12 digits
     * @return this
     */
    public Aws account(String number) {
        account = Optional.of(AwsNames.checkAccount(number));
        return this;
    }

    /**
     * Where the deployed ingress answers, for an engine outside of the functions that starts builds itself.
     *
     * @param address such as {@code https://k3v9.lambda-url.eu-west-1.on.aws}
     * @return this
     */
    public Aws ingress(URI address) {
        ingress = Optional.of(address);
        return this;
    }

    /**
     * Binds an environment to deploy to.
     *
     * @param name what pipelines call it
     * @param binding what it is here, as in {@code e -> e.function("shop-api").alias("live")}
     * @return this
     * @throws IllegalArgumentException if it is bound already
     */
    public Aws environment(String name, Function<EnvironmentChoice, ? extends AwsEnvironment> binding) {
        if (name.equals(Environment.ITSELF.name())) {
            throw new IllegalArgumentException(
                    "environment '" + name + "' is the installation itself and is bound to nothing else");
        }
        AwsEnvironment bound = binding.apply(EnvironmentChoice.HERE);
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
    public Aws keeping(Duration time) {
        if (time.compareTo(SHORTEST_KEPT) < 0) {
            throw new IllegalArgumentException(
                    "runs are kept for at least " + SHORTEST_KEPT.toDays() + " days, not " + time);
        }
        kept = time;
        return this;
    }

    /**
     * Where images of Docker Hub are pulled from instead, since anonymous pulls are throttled.
     *
     * @param prefix a registry and a path without a slash at its end, such as {@code 123456789012.dkr.ecr.eu-west-1.amazonaws.com/docker-hub}
     * @return this
     */
    public Aws mirror(String prefix) {
        mirror = Optional.of(prefix);
        return this;
    }

    /**
     * Runs builds on CodeBuild's Lambda compute where the work allows: those of at most 15 minutes whose image is made for it or lies in ECR, and so for x86 alone. They
     * begin within seconds. All others run on machines as before.
     *
     * @param gigabytes the memory of each: 1, 2, 4, 8 or 10
     * @return this
     * @throws IllegalArgumentException if there is no such size
     */
    public Aws buildingOnLambda(int gigabytes) {
        lambda = Optional.of(new LambdaCompute(gigabytes));
        return this;
    }

    /**
     * Whose calls they are, in place of the usual chain.
     *
     * @param provider gives the credentials
     * @return this
     */
    public Aws credentials(AwsCredentialsProvider provider) {
        credentials = Optional.of(provider);
        return this;
    }

    /**
     * Where a service is, for tests against emulators and for private endpoints.
     *
     * @param service the name that the service has in its usual address, such as {@code dynamodb} or {@code events}; {@code *} for all others
     * @param address its address
     * @return this
     */
    public Aws endpoint(String service, URI address) {
        endpoints.put(service, address);
        return this;
    }

    Aws watchedBy(ExecutionInterceptor... watchers) {
        interceptors = List.of(watchers);
        return this;
    }

    /**
     * The cloud. Calls nothing: what is missing in the account is found when it is used, and named.
     *
     * @return the cloud, which the caller closes
     */
    public AwsCloud connect() {
        AwsCredentialsProvider provider =
                credentials.orElseGet(() -> DefaultCredentialsProvider.builder().build());
        AwsClients clients = new AwsClients(new AwsClients.Connection(region, provider, endpoints, interceptors));
        return new AwsCloud(
                clients,
                namespace,
                account,
                new AwsCloud.Settings(
                        kept,
                        new TreeMap<>(environments),
                        mirror,
                        lambda,
                        ingress,
                        variable(CODE_VARIABLE).map(Digest::new),
                        variable(IN_LAMBDA).isPresent(),
                        variable(AwsVariables.WORKERS).map(names -> List.of(names.split(" ")))));
    }

    private Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }
}
