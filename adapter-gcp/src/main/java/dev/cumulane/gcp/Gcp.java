// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.gcp;

import com.google.auth.Credentials;
import dev.cumulane.gcp.client.GcpClients;
import dev.cumulane.gcp.client.GcpNames;
import dev.cumulane.gcp.client.GoogleApi;
import dev.cumulane.gcp.deliveries.EnvironmentChoice;
import dev.cumulane.gcp.deliveries.GcpEnvironment;
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

/**
 * Describes the cloud that is a project of Google Cloud: {@code Gcp.inProject("shop-301412").region("europe-west1").namespace("shop-ci").connect()}.
 *
 * <p>What is not said is found where Google's own tools look: credentials are the application default ones. A deployed function reads its ingress and the digest of its code from
 * its environment, where the template puts them. One thread; nothing is called before a port is used.
 */
public final class Gcp {
    /** The environment variable with the address of the deployed ingress. */
    public static final String INGRESS_VARIABLE = "CUMULANE_INGRESS";

    /** The environment variable with the sha-256 of the deployed jar. */
    public static final String CODE_VARIABLE = "CUMULANE_CODE";

    /** How long the records of a run are kept unless something else is said: longer than an approval may wait. */
    public static final Duration KEPT = Duration.ofDays(400);

    private static final Duration SHORTEST_KEPT = Duration.ofDays(30);

    private final String project;
    private final Map<String, String> environment;
    private final SortedMap<String, GcpEnvironment> environments = new TreeMap<>();
    private final SortedMap<String, URI> endpoints = new TreeMap<>();
    private String namespace = "cumulane";
    private Duration kept = KEPT;
    private Optional<String> region = Optional.empty();
    private Optional<URI> ingress;
    private Optional<Credentials> credentials = Optional.empty();
    private List<GoogleApi.Watcher> watchers = List.of();

    Gcp(String project, Map<String, String> environment) {
        this.project = GcpNames.checkProject(project);
        this.environment = environment;
        this.ingress = variable(INGRESS_VARIABLE).map(URI::create);
    }

    /**
     * An installation in a project, in the namespace {@code cumulane}.
     *
     * @param project the project's id, such as {@code shop-301412}; not its number
     * @return the description
     * @throws IllegalArgumentException if it has not the form of a project's id
     */
    public static Gcp inProject(String project) {
        return new Gcp(project, System.getenv());
    }

    /**
     * Where the installation is; there is no usual region.
     *
     * @param id the region's id, such as {@code europe-west1}
     * @return this
     * @throws IllegalArgumentException if it has not the form of a region
     */
    public Gcp region(String id) {
        region = Optional.of(GcpNames.checkRegion(id));
        return this;
    }

    /**
     * What the names of the installation's resources begin with; several installations in one project differ in it.
     *
     * @param name 3 to 18 lower-case letters, digits and single hyphens, a letter first
     * @return this
     * @throws IllegalArgumentException if it has another form
     */
    public Gcp namespace(String name) {
        namespace = GcpNames.checkNamespace(name);
        return this;
    }

    /**
     * Where the deployed ingress answers, for an engine outside of the functions that starts builds itself.
     *
     * @param address such as {@code https://shop-ci-ingress-k3v9q2m7xw-ew.a.run.app}
     * @return this
     */
    public Gcp ingress(URI address) {
        ingress = Optional.of(address);
        return this;
    }

    /**
     * Binds an environment to deploy to.
     *
     * @param name what pipelines call it
     * @param binding what it is here, as in {@code e -> e.function("shop-api")}
     * @return this
     * @throws IllegalArgumentException if it is bound already
     */
    public Gcp environment(String name, Function<EnvironmentChoice, ? extends GcpEnvironment> binding) {
        if (name.equals(Environment.ITSELF.name())) {
            throw new IllegalArgumentException(
                    "environment '" + name + "' is the installation itself and is bound to nothing else");
        }
        GcpEnvironment bound = binding.apply(EnvironmentChoice.HERE);
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
    public Gcp keeping(Duration time) {
        if (time.compareTo(SHORTEST_KEPT) < 0) {
            throw new IllegalArgumentException(
                    "runs are kept for at least " + SHORTEST_KEPT.toDays() + " days, not " + time);
        }
        kept = time;
        return this;
    }

    /**
     * Whose calls they are, in place of the application default credentials.
     *
     * @param whose the credentials
     * @return this
     */
    public Gcp credentials(Credentials whose) {
        credentials = Optional.of(whose);
        return this;
    }

    /**
     * Where a service is, for tests against emulators and for private endpoints.
     *
     * @param service the name that the service has in its usual address, such as {@code firestore} or {@code cloudtasks}; {@code *} for all others
     * @param address its address, without a slash at its end
     * @return this
     */
    public Gcp endpoint(String service, URI address) {
        endpoints.put(service, address);
        return this;
    }

    Gcp watchedBy(GoogleApi.Watcher... all) {
        watchers = List.of(all);
        return this;
    }

    /**
     * The cloud. Calls nothing: what is missing in the project is found when it is used, and named.
     *
     * @return the cloud, which the caller closes
     * @throws IllegalStateException if no region was said
     */
    public GcpCloud connect() {
        String where = region.orElseThrow(() -> new IllegalStateException(
                "the region of project " + project + " is missing; say which, such as .region(\"europe-west1\")"));
        GcpClients clients =
                new GcpClients(new GcpClients.Connection(project, where, credentials, endpoints, watchers));
        return new GcpCloud(
                clients,
                new GcpNames(project, where, namespace),
                new GcpCloud.Settings(
                        kept,
                        new TreeMap<>(environments),
                        ingress,
                        variable(CODE_VARIABLE).map(Digest::new)));
    }

    private Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }
}
